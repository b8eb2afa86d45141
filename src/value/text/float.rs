//! Floating point as float8out and float4out print it.
//!
//! The digits are the shortest that read back equal (zmij); PostgreSQL's own layout follows: an exponent of at least two
//! digits below 1e-4 and from 1e15 (double) or 1e6 (real) on. PostgreSQL never takes digits that lie exactly halfway to a
//! neighbouring double and would only read back by rounding to even (1e23), so neither do we.

use super::digits::integer;

/// A double, shortest digits that read back equal, as float8out: `0.1`, `1e+20`, `NaN`, `Infinity`.
pub fn double(out: &mut Vec<u8>, value: f64) {
    let magnitude = value.abs();
    if (1e-4..1e15).contains(&magnitude) || value == 0.0 {
        return without_exponent(out, zmij::Buffer::new().format_finite(value));
    }
    if !value.is_finite() {
        return not_finite(out, value);
    }
    let mut digits = Digits::read(zmij::Buffer::new().format_finite(magnitude));
    if magnitude >= (1u64 << f64::MANTISSA_DIGITS) as f64 {
        let neighbours = [magnitude.next_down(), magnitude.next_up()];
        digits = digits.without_tie(magnitude, neighbours, |text| text.parse() == Ok(magnitude));
    }
    digits.write(out, value.is_sign_negative());
}

/// A real: shortest digits that read back as the same f32.
pub fn real(out: &mut Vec<u8>, value: f32) {
    let magnitude = value.abs();
    if (1e-4..1e6).contains(&magnitude) || value == 0.0 {
        return without_exponent(out, zmij::Buffer::new().format_finite(value));
    }
    if !value.is_finite() {
        return not_finite(out, value as f64);
    }
    let mut digits = Digits::read(zmij::Buffer::new().format_finite(magnitude));
    if magnitude >= (1u64 << f32::MANTISSA_DIGITS) as f32 {
        let neighbours = [magnitude.next_down() as f64, magnitude.next_up() as f64];
        digits = digits.without_tie(magnitude as f64, neighbours, |text| text.parse() == Ok(magnitude));
    }
    digits.write(out, value.is_sign_negative());
}

/// zmij's text of a number of middling size, which differs from PostgreSQL's only in the `.0` of integers.
fn without_exponent(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

fn not_finite(out: &mut Vec<u8>, value: f64) {
    out.extend_from_slice(match value {
        _ if value.is_nan() => b"NaN",
        _ if value > 0.0 => b"Infinity",
        _ => b"-Infinity",
    });
}

/// The significant digits of a number, at most 17 and without trailing zeros, to be written with an exponent.
#[derive(Clone, Copy)]
struct Digits {
    digits: [u8; 17],
    count: usize,
    /// Of the first digit: 0 for 1.5, -1 for 0.15.
    exponent: i32,
}

impl Digits {
    /// Takes the layout off a positive number: `123.0`, `1.5e-7`, `1e23`, `0.00012`.
    fn read(text: &str) -> Self {
        let (mantissa, exponent) = match text.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().expect("zmij writes an exponent")),
            None => (text, 0),
        };
        let mut read = Digits { digits: [b'0'; 17], count: 0, exponent };
        let mut point = mantissa.len() as i32;
        let mut first = None;
        let mut last = 0;
        for (at, byte) in mantissa.bytes().enumerate() {
            if byte == b'.' {
                point = at as i32;
                continue;
            }
            if byte != b'0' || first.is_some() {
                first.get_or_insert(at as i32);
                if byte != b'0' {
                    read.digits[last] = byte;
                    read.count = last + 1;
                }
                last += 1;
            }
        }
        match first {
            Some(first) if first < point => read.exponent += point - first - 1,
            Some(first) => read.exponent += point - first,
            None => read.count = 1,
        }
        read
    }

    /// These digits; or, where they lie exactly between two neighbouring numbers, the shortest that do not. Slow then, but
    /// only a handful of numbers are so.
    fn without_tie(self, value: f64, neighbours: [f64; 2], reads_back: impl Fn(&str) -> bool) -> Self {
        if !self.is_tie(value, neighbours) {
            return self;
        }
        (self.count..17)
            .map(|places| format!("{value:.places$e}"))
            .filter(|text| reads_back(text))
            .map(|text| Digits::read(&text))
            .find(|digits| !digits.is_tie(value, neighbours))
            .expect("17 digits read back")
    }

    /// For numbers whose neighbours are integers; below, halfway to the next takes more digits than the number itself.
    fn is_tie(&self, value: f64, neighbours: [f64; 2]) -> bool {
        let places = self.exponent as usize + 1;
        // No tie with so few digits is larger (5^23 > 2^53), and none has a fraction.
        if places > 38 || self.count > places {
            return false;
        }
        let number = (0..places).fold(0u128, |number, at| {
            number * 10 + if at < self.count { (self.digits[at] - b'0') as u128 } else { 0 }
        });
        neighbours.iter().any(|neighbour| number * 2 == value as u128 + *neighbour as u128)
    }

    /// `1.5e+20`: an exponent of at least two digits.
    fn write(&self, out: &mut Vec<u8>, negative: bool) {
        if negative {
            out.push(b'-');
        }
        out.push(self.digits[0]);
        if self.count > 1 {
            out.push(b'.');
            out.extend_from_slice(&self.digits[1..self.count]);
        }
        out.extend_from_slice(if self.exponent < 0 { b"e-" } else { b"e+" });
        if self.exponent.abs() < 10 {
            out.push(b'0');
        }
        integer(out, self.exponent.abs() as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn doubled(value: f64) -> String {
        let mut out = Vec::new();
        double(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    fn realed(value: f32) -> String {
        let mut out = Vec::new();
        real(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    /// Each expectation was printed by PostgreSQL 15.
    #[test]
    fn doubles_look_as_float8out_prints_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (-1.5, "-1.5"),
            (0.0001, "0.0001"),
            (0.000123, "0.000123"),
            (9.5e-5, "9.5e-05"),
            (1.5e-7, "1.5e-07"),
            (1e14, "100000000000000"),
            (123456789012345.6, "123456789012345.6"),
            (1e15, "1e+15"),
            (1e20, "1e+20"),
            (9007199254740993.0, "9.007199254740992e+15"),
            (1e22, "1e+22"),
            (1e23, "9.999999999999999e+22"),
            (8.41e21, "8.409999999999999e+21"),
            (1180591620717411303424.0, "1.1805916207174113e+21"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(doubled(value), text);
        }
    }

    /// As above.
    #[test]
    fn reals_look_as_float4out_prints_them() {
        for (value, text) in [
            (0.1, "0.1"),
            (100000.0, "100000"),
            (123456.7, "123456.7"),
            (1e6, "1e+06"),
            (1234567.0, "1.234567e+06"),
            (0.0001, "0.0001"),
            (-1.5e-7, "-1.5e-07"),
            (f32::MAX, "3.4028235e+38"),
            (f32::NAN, "NaN"),
        ] {
            assert_eq!(realed(value), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_equal(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(doubled(value).parse::<f64>().unwrap().to_bits(), bits);
            let value = f32::from_bits(bits as u32);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(realed(value).parse::<f32>().unwrap().to_bits(), bits as u32);
        }
    }
}
