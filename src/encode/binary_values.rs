//! Values as PostgreSQL's types send and receive them.

use crate::value::{Data, Interval, List, SqlType, Texts, Vector};
use std::net::IpAddr;
use std::ops::Range;

/// Days and microseconds from 1970 to 2000, where PostgreSQL counts from.
const DAYS_TO_2000: i64 = 10_957;
const MICROS_TO_2000: i64 = DAYS_TO_2000 * 86_400_000_000;

/// The length of a null.
const NULL: [u8; 4] = (-1i32).to_be_bytes();

/// The cells of a column in one batch.
pub(super) struct Cells<'v> {
    values: Values<'v>,
    valid: Option<&'v [bool]>,
}

/// Values by the way they are written.
enum Values<'v> {
    SmallInt(&'v [i64]),
    Int(&'v [i64]),
    BigInt(&'v [i64]),
    Date(&'v [i64]),
    Moment(&'v [i64]),
    Real(&'v [f64]),
    Double(&'v [f64]),
    Boolean(&'v [bool]),
    Uuid(&'v [u128]),
    Interval(&'v [Interval]),
    Texts(&'v Texts),
    Codes(&'v [u32], &'v Texts),
    /// Of types whose values have to be made: as they are written.
    Made(Texts),
}

impl<'v> Cells<'v> {
    /// How a column's vector is written.
    ///
    /// # Panics
    /// When the vector's layout is not the type's, or the array is of a type without a number of its own.
    pub fn new(sql_type: &SqlType, vector: &'v Vector) -> Self {
        let valid = vector.valid.as_deref();
        let values = match (sql_type, &vector.data) {
            (SqlType::SmallInt, Data::Int(values)) => Values::SmallInt(values),
            (SqlType::Int, Data::Int(values)) => Values::Int(values),
            (SqlType::BigInt | SqlType::Time, Data::Int(values)) => Values::BigInt(values),
            (SqlType::Date, Data::Int(values)) => Values::Date(values),
            (SqlType::Timestamp | SqlType::Timestamptz, Data::Int(values)) => Values::Moment(values),
            (SqlType::Numeric { scale, .. }, Data::Int(values)) => {
                let of = |out: &mut Vec<u8>, at: usize| {
                    numeric(out, values[at].unsigned_abs(), values[at] < 0, *scale);
                };
                Values::Made(made(values.len(), valid, of))
            }
            (SqlType::Numeric { scale, .. }, Data::Wide(values)) => {
                let of = |out: &mut Vec<u8>, at: usize| {
                    numeric(out, values[at].unsigned_abs(), values[at] < 0, *scale);
                };
                Values::Made(made(values.len(), valid, of))
            }
            (SqlType::Real, Data::Float(values)) => Values::Real(values),
            (SqlType::Double, Data::Float(values)) => Values::Double(values),
            (SqlType::Boolean, Data::Bool(values)) => Values::Boolean(values),
            (SqlType::Uuid, Data::Uuid(values)) => Values::Uuid(values),
            (SqlType::Interval, Data::Interval(values)) => Values::Interval(values),
            (SqlType::Jsonb, _) => Values::Made(made(vector.len(), valid, |out, at| {
                // The version of jsonb's binary form, whose only one is text.
                out.push(1);
                out.extend_from_slice(vector.text(at));
            })),
            (SqlType::Inet, _) => {
                Values::Made(made(vector.len(), valid, |out, at| inet(out, vector.text(at))))
            }
            (SqlType::Array(of), Data::List(list)) => {
                let elements = Cells::new(of, &list.values);
                Values::Made(made(vector.len(), valid, |out, at| array(out, of, list, &elements, at)))
            }
            (_, Data::Text(texts)) => Values::Texts(texts),
            (_, Data::Dict { codes, values }) => Values::Codes(codes, values),
            (sql_type, _) => panic!("the vector of a column of {sql_type} has another layout"),
        };
        Self { values, valid }
    }

    fn is_valid(&self, at: usize) -> bool {
        self.valid.is_none_or(|valid| valid[at])
    }

    /// Bytes of each value that is not null, where they are all alike.
    fn width(&self) -> Option<usize> {
        Some(match &self.values {
            Values::Boolean(_) => 1,
            Values::SmallInt(_) => 2,
            Values::Int(_) | Values::Date(_) | Values::Real(_) => 4,
            Values::BigInt(_) | Values::Moment(_) | Values::Double(_) => 8,
            Values::Uuid(_) | Values::Interval(_) => 16,
            Values::Texts(_) | Values::Codes(..) | Values::Made(_) => return None,
        })
    }

    fn text(&self, at: usize) -> &[u8] {
        match &self.values {
            Values::Texts(texts) => texts.get(at),
            Values::Made(texts) => texts.get(at),
            Values::Codes(codes, texts) => texts.get(codes[at] as usize),
            _ => panic!("only values of different lengths are asked for"),
        }
    }

    /// Adds the lengths of the rows' fields to what there is of each row.
    pub fn add_lengths(&self, rows: Range<usize>, lengths: &mut [usize]) {
        match (self.width(), self.valid) {
            (Some(width), None) => lengths.iter_mut().for_each(|length| *length += NULL.len() + width),
            (Some(width), Some(valid)) => {
                for (length, valid) in lengths.iter_mut().zip(&valid[rows]) {
                    *length += NULL.len() + if *valid { width } else { 0 };
                }
            }
            (None, _) => {
                for (length, at) in lengths.iter_mut().zip(rows) {
                    *length += NULL.len() + if self.is_valid(at) { self.text(at).len() } else { 0 };
                }
            }
        }
    }

    /// Puts the rows' fields at their places in `out`, and the places behind them.
    pub fn put(&self, rows: Range<usize>, out: &mut [u8], places: &mut [usize]) {
        let valid = self.valid.map(|valid| &valid[rows.clone()]);
        match &self.values {
            Values::SmallInt(values) => {
                put_all(&values[rows], valid, out, places, |value| (value as i16).to_be_bytes())
            }
            Values::Int(values) => {
                put_all(&values[rows], valid, out, places, |value| (value as i32).to_be_bytes())
            }
            Values::BigInt(values) => put_all(&values[rows], valid, out, places, i64::to_be_bytes),
            Values::Date(values) => put_all(&values[rows], valid, out, places, date),
            Values::Moment(values) => put_all(&values[rows], valid, out, places, moment),
            Values::Real(values) => {
                put_all(&values[rows], valid, out, places, |value| (value as f32).to_be_bytes())
            }
            Values::Double(values) => put_all(&values[rows], valid, out, places, f64::to_be_bytes),
            Values::Boolean(values) => put_all(&values[rows], valid, out, places, |value| [u8::from(value)]),
            Values::Uuid(values) => put_all(&values[rows], valid, out, places, u128::to_be_bytes),
            Values::Interval(values) => put_all(&values[rows], valid, out, places, interval),
            Values::Texts(_) | Values::Codes(..) | Values::Made(_) => {
                for (place, at) in places.iter_mut().zip(rows) {
                    let value = self.is_valid(at).then(|| self.text(at));
                    *place = put_field(out, *place, value);
                }
            }
        }
    }

    /// Appends one field, its length first: for the elements of arrays, and to hold [`put`](Self::put) to.
    pub fn write_field(&self, out: &mut Vec<u8>, at: usize) {
        if !self.is_valid(at) {
            return out.extend_from_slice(&NULL);
        }
        let mut field = |bytes: &[u8]| {
            out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        match &self.values {
            Values::SmallInt(values) => field(&(values[at] as i16).to_be_bytes()),
            Values::Int(values) => field(&(values[at] as i32).to_be_bytes()),
            Values::BigInt(values) => field(&values[at].to_be_bytes()),
            Values::Date(values) => field(&date(values[at])),
            Values::Moment(values) => field(&moment(values[at])),
            Values::Real(values) => field(&(values[at] as f32).to_be_bytes()),
            Values::Double(values) => field(&values[at].to_be_bytes()),
            Values::Boolean(values) => field(&[u8::from(values[at])]),
            Values::Uuid(values) => field(&values[at].to_be_bytes()),
            Values::Interval(values) => field(&interval(values[at])),
            Values::Texts(_) | Values::Codes(..) | Values::Made(_) => field(self.text(at)),
        }
    }
}

/// Puts fields of one width at their places.
#[inline]
fn put_all<T: Copy, const N: usize>(
    values: &[T],
    valid: Option<&[bool]>,
    out: &mut [u8],
    places: &mut [usize],
    bytes: impl Fn(T) -> [u8; N],
) {
    for (row, (value, place)) in values.iter().zip(places).enumerate() {
        let is_valid = valid.is_none_or(|valid| valid[row]);
        *place = match is_valid {
            true => put_field(out, *place, Some(&bytes(*value))),
            false => put_field(out, *place, None),
        };
    }
}

/// Puts a field at a place; the place behind it.
#[inline]
fn put_field(out: &mut [u8], place: usize, value: Option<&[u8]>) -> usize {
    let start = place + NULL.len();
    let Some(value) = value else {
        out[place..start].copy_from_slice(&NULL);
        return start;
    };
    out[place..start].copy_from_slice(&(value.len() as i32).to_be_bytes());
    out[start..start + value.len()].copy_from_slice(value);
    start + value.len()
}

/// A text for each value that is not null.
fn made(count: usize, valid: Option<&[bool]>, put: impl Fn(&mut Vec<u8>, usize)) -> Texts {
    let mut texts = Texts::with_capacity(count, count * 16);
    for at in 0..count {
        if valid.is_none_or(|valid| valid[at]) {
            put(texts.buffer(), at);
        }
        texts.finish();
    }
    texts
}

fn date(days: i64) -> [u8; 4] {
    ((days - DAYS_TO_2000) as i32).to_be_bytes()
}

fn moment(micros: i64) -> [u8; 8] {
    (micros - MICROS_TO_2000).to_be_bytes()
}

fn interval(value: Interval) -> [u8; 16] {
    let Interval { months, days, micros } = value;
    // Microseconds first, months last.
    (u128::from(micros as u64) << 64 | u128::from(days as u32) << 32 | u128::from(months as u32))
        .to_be_bytes()
}

/// An unscaled decimal: how many digits to base 10,000, the first one's exponent, the sign, digits after the point, the digits.
fn numeric<N: Into<u128> + Copy>(out: &mut Vec<u8>, unscaled: N, is_negative: bool, scale: u8) {
    // 38 decimal digits, cut at the point, are at most 11 groups of four.
    let mut groups = [0u16; 12];
    let mut count = 0;
    let mut push = |group: u128| {
        // Zeros at the end are not written.
        if count > 0 || group > 0 {
            groups[count] = group as u16;
            count += 1;
        }
    };
    let mut rest: u128 = unscaled.into();
    let groups_after = scale.div_ceil(4) as i16;
    let mut exponent = -groups_after;
    let beside = u32::from(scale % 4);
    if beside > 0 {
        let cut = 10u128.pow(beside);
        push(rest % cut * 10u128.pow(4 - beside));
        rest /= cut;
        exponent += 1;
    }
    // Small numbers need no division of 128 bits.
    while rest > u128::from(u64::MAX) {
        push(rest % 10_000);
        rest /= 10_000;
        exponent += 1;
    }
    let mut rest = rest as u64;
    while rest > 0 {
        push(u128::from(rest % 10_000));
        rest /= 10_000;
        exponent += 1;
    }
    let weight = if count == 0 { 0 } else { exponent - 1 };
    let sign: u16 = if is_negative && count > 0 { 0x4000 } else { 0 };
    for part in [count as u16, weight as u16, sign, u16::from(scale)] {
        out.extend_from_slice(&part.to_be_bytes());
    }
    for group in groups[..count].iter().rev() {
        out.extend_from_slice(&group.to_be_bytes());
    }
}

/// Family, bits of the network, whether it is a cidr, bytes of the address, the address.
fn inet(out: &mut Vec<u8>, text: &[u8]) {
    let text = std::str::from_utf8(text).unwrap_or_default();
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    // Both were checked when the value was made.
    let (family, bytes): (u8, Vec<u8>) = match address.parse() {
        Ok(IpAddr::V4(address)) => (2, address.octets().to_vec()),
        Ok(IpAddr::V6(address)) => (3, address.octets().to_vec()),
        Err(_) => panic!("the address {text:?} was not checked"),
    };
    let bits = bits.and_then(|bits| bits.parse().ok()).unwrap_or(8 * bytes.len() as u8);
    out.extend_from_slice(&[family, bits, 0, bytes.len() as u8]);
    out.extend_from_slice(&bytes);
}

/// Dimensions, whether there are nulls, the elements' type; size and first index of the dimension; the elements as fields.
fn array(out: &mut Vec<u8>, of: &SqlType, list: &List, elements: &Cells, at: usize) {
    let range = list.range(at);
    let has_nulls = range.clone().any(|element| !elements.is_valid(element));
    let dimensions = i32::from(!range.is_empty());
    for part in [dimensions, i32::from(has_nulls), of.postgres_type().oid() as i32] {
        out.extend_from_slice(&part.to_be_bytes());
    }
    if !range.is_empty() {
        for part in [range.len() as i32, 1] {
            out.extend_from_slice(&part.to_be_bytes());
        }
    }
    range.for_each(|element| elements.write_field(out, element));
}

#[cfg(test)]
mod tests {
    use super::*;
    use postgres_types::FromSql;
    use proptest::prelude::*;

    /// What a numeric's bytes mean times 10^`scale`, in decimal digits.
    fn read(bytes: &[u8], scale: u8) -> String {
        let part = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        let (count, weight, sign) = (usize::from(part(0)), i32::from(part(2) as i16), part(4));
        assert_eq!((bytes.len(), part(6)), (8 + 2 * count, u16::from(scale)));
        let groups: Vec<u16> = (0..count).map(|at| part(8 + 2 * at)).collect();
        assert!(
            groups.first() != Some(&0) && groups.last() != Some(&0),
            "no zeros at either end: {groups:?}"
        );
        let mut digits: String = groups.iter().map(|group| format!("{group:04}")).collect();
        // The last group stands for its number times 10,000^(weight - count + 1).
        let shift = 4 * (weight - count as i32 + 1) + i32::from(scale);
        match usize::try_from(shift) {
            Ok(zeros) => digits.extend(std::iter::repeat_n('0', zeros)),
            Err(_) => {
                let beyond = digits.split_off(digits.len() - shift.unsigned_abs() as usize);
                assert!(beyond.bytes().all(|digit| digit == b'0'), "more digits than the scale has");
            }
        }
        let digits = digits.trim_start_matches('0');
        format!("{}{}", if sign == 0x4000 { "-" } else { "" }, if digits.is_empty() { "0" } else { digits })
    }

    proptest! {
        #[test]
        fn numerics_are_their_digits(value in any::<i128>(), narrow in 0u32..128, scale in 0u8..=38) {
            let value = (value >> narrow) % 10i128.pow(38);
            let mut bytes = Vec::new();
            numeric(&mut bytes, value.unsigned_abs(), value < 0, scale);
            prop_assert_eq!(read(&bytes, scale), value.to_string());
        }

        #[test]
        fn moments_are_counted_from_2000(micros in -62_135_596_800_000_000i64..253_402_300_800_000_000) {
            use postgres_types::Type;
            let since_2000 = i64::from_sql(&Type::INT8, &moment(micros)).unwrap();
            prop_assert_eq!(since_2000 + MICROS_TO_2000, micros);
        }
    }

    #[test]
    fn addresses_have_their_family_and_network() {
        let bytes = |text: &str| {
            let mut out = Vec::new();
            inet(&mut out, text.as_bytes());
            out
        };
        assert_eq!(bytes("10.0.0.1"), [2, 32, 0, 4, 10, 0, 0, 1]);
        assert_eq!(bytes("10.0.0.0/8"), [2, 8, 0, 4, 10, 0, 0, 0]);
        assert_eq!(bytes("::1/64")[..4], [3, 64, 0, 16]);
    }
}
