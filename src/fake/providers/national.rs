//! Numbers that states give to people, with valid check digits; where a state keeps a range free, they are of that range.

use super::check_digits::{complement_11, values};
use super::codes::push_letters;
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe, Request, TextSource};
use crate::spec::Refusal;

pub static SSN: Provider = Provider {
    name: "ssn",
    group: "person",
    summary: "US social security number in form, of a range that is never given: 912-34-5678",
    column_names: &["ssn", "social_security_number", "social_security"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(ssn),
};

pub static NATIONAL_ID: Provider = Provider {
    name: "national_id",
    group: "person",
    summary: "number of a person to the state, by locale: SSN, NINO, Steuer-ID, NIR, codice fiscale, DNI, CPF",
    column_names: &["national_id", "tax_id", "national_insurance_number", "personal_id", "citizen_id"],
    parameters: &[],
    language: Language::Local,
    recipe: Recipe::Build(|request| match request.locale.country_code {
        "DE" => numbered(request, STEUER_IDS, 11, push_steuer_id),
        "GB" => numbered(request, 4 * 10u64.pow(6), 9, push_nino),
        "FR" => numbered(request, 2 * 12 * 100 * 95 * 9 * 10u64.pow(3), 15, push_nir),
        "IT" => numbered(request, ITALIAN_CODES, 16, push_codice_fiscale),
        "ES" => numbered(request, 10u64.pow(8), 9, push_dni),
        "BR" => numbered(request, 10u64.pow(9), 14, push_cpf),
        _ => ssn(request),
    }),
};

/// Area 900 to 999 is given to nobody, and groups below 50 of it are no taxpayer numbers (ITIN) either.
fn ssn(request: &Request) -> Result<Box<dyn TextSource>, Refusal> {
    numbered(request, 100 * 49 * 9_999, 11, |number, out| {
        push_padded(out, 900 + number / (49 * 9_999), 3);
        out.push(b'-');
        push_padded(out, 1 + number / 9_999 % 49, 2);
        out.push(b'-');
        push_padded(out, 1 + number % 9_999, 4);
    })
}

/// National Insurance number: two letters of a series for tests (ZZ is never given), six digits, and A to D.
fn push_nino(number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"ZZ");
    push_padded(out, number / 4, 6);
    out.push(b"ABCD"[(number % 4) as usize]);
}

/// First digit, the one that stands twice, the one that is missing, the two places of the double one, the order of the others.
const STEUER_IDS: u64 = 9 * 9 * 8 * 36 * 5_040;

/// Of the first ten digits of a German Steuer-ID one stands twice and the others at most once, and the first is not 0; the
/// eleventh is the check digit of ISO 7064 (mod 11, 10).
fn push_steuer_id(mut number: u64, out: &mut Vec<u8>) {
    let mut take = |count: u64| {
        let taken = number % count;
        number /= count;
        taken as usize
    };
    let mut left: Vec<u8> = (b'0'..=b'9').collect();
    let first = left.remove(1 + take(9));
    let double = left.remove(take(9));
    left.remove(take(8));
    let (mut early, mut late) = (take(9), 0);
    let pair = take(4);
    // 36 pairs of 9 places: a place, and one of the four after it in a circle.
    late += (early + 1 + pair) % 9;
    if late < early {
        std::mem::swap(&mut early, &mut late);
    }
    let start = out.len();
    out.push(first);
    for at in 0..9 {
        if at == early || at == late {
            out.push(double);
        } else {
            let choices = left.len() as u64;
            let next = left.remove(take(choices));
            out.push(next);
        }
    }
    let product = values(&out[start..]).fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    out.push(b'0' + ((11 - product) % 10) as u8);
}

/// Sex, year and month of birth, département, commune and number, and the key of 97. Communes from 991 on do not exist.
fn push_nir(number: u64, out: &mut Vec<u8>) {
    let (serial, rest) = (number % 1_000, number / 1_000);
    let (commune, rest) = (991 + rest % 9, rest / 9);
    // There is no département 20; 96 stands in for it.
    let (place, rest) = (if rest % 95 == 19 { 96 } else { 1 + rest % 95 }, rest / 95);
    let (month, rest) = (1 + rest % 12, rest / 12);
    let (year, sex) = (rest % 100, 1 + rest / 100);
    let birth = (sex * 100 + year) * 100 + month;
    let nir = ((birth * 100 + place) * 1_000 + commune) * 1_000 + serial;
    push_padded(out, nir, 13);
    push_padded(out, 97 - nir % 97, 2);
}

const CONSONANTS: &[u8; 16] = b"BCDFGLMNPRSTVZKH";
const ITALIAN_CODES: u64 = 16 * 16 * 16 * 16 * 16 * 16 * 100 * 12 * 28 * 2;

/// Three consonants of the last and of the first name, year, month and day of birth (40 more for women), place, and a check letter. The
/// place Z999 does not exist.
fn push_codice_fiscale(number: u64, out: &mut Vec<u8>) {
    const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
    /// What a character counts for at the first, third, ... place.
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let start = out.len();
    let (names, birth) = (number % 16u64.pow(6), number / 16u64.pow(6));
    push_letters(out, CONSONANTS, names, 6);
    push_padded(out, birth % 100, 2);
    out.push(MONTHS[(birth / 100 % 12) as usize]);
    push_padded(out, 1 + birth / 1_200 % 28 + 40 * (birth / 33_600), 2);
    out.extend_from_slice(b"Z999");
    let counts = |(at, character): (usize, &u8)| {
        let place = match character {
            b'0'..=b'9' => character - b'0',
            letter => letter - b'A',
        };
        if at % 2 == 0 { ODD[place as usize] } else { place as u32 }
    };
    let sum: u32 = out[start..].iter().enumerate().map(counts).sum();
    out.push(b'A' + (sum % 26) as u8);
}

/// Eight digits and the letter of their remainder by 23.
fn push_dni(number: u64, out: &mut Vec<u8>) {
    push_padded(out, number, 8);
    out.push(b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize]);
}

/// Nine digits and two check digits: 529.982.247-25.
fn push_cpf(number: u64, out: &mut Vec<u8>) {
    let start = out.len();
    push_padded(out, number, 9);
    for first in [10, 11] {
        let check = match complement_11(values(&out[start..]), first) {
            b'X' => b'0',
            digit => digit,
        };
        out.push(check);
    }
    for (at, sign) in [(9, b'-'), (6, b'.'), (3, b'.')] {
        out.insert(start + at, sign);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn written(write: fn(u64, &mut Vec<u8>), number: u64) -> String {
        let mut out = Vec::new();
        write(number, &mut out);
        String::from_utf8(out).expect("is ASCII")
    }

    #[test]
    fn published_examples_have_these_check_digits() {
        assert_eq!(written(push_cpf, 529_982_247), "529.982.247-25");
        assert_eq!(written(push_dni, 12_345_678), "12345678Z");
    }

    #[test]
    fn different_numbers_give_different_texts() {
        type Write = fn(u64, &mut Vec<u8>);
        let all: [(Write, u64); 6] = [
            (push_steuer_id, STEUER_IDS),
            (push_nino, 4_000_000),
            (push_nir, 2 * 12 * 100 * 95 * 9 * 10u64.pow(3)),
            (push_codice_fiscale, ITALIAN_CODES),
            (push_dni, 100_000_000),
            (push_cpf, 1_000_000_000),
        ];
        for (write, count) in all {
            let spread =
                (0..4_000).map(|at| at * (count / 4_000)).chain(0..4_000).chain(count - 4_000..count);
            let numbers: BTreeSet<u64> = spread.collect();
            let texts: BTreeSet<String> = numbers.iter().map(|number| written(write, *number)).collect();
            assert_eq!(texts.len(), numbers.len(), "{:?}", texts.first());
        }
    }

    #[test]
    fn a_steuer_id_has_one_digit_twice() {
        for number in (0..STEUER_IDS).step_by(9_973) {
            let id = written(push_steuer_id, number);
            let times = |digit: u8| id.bytes().take(10).filter(|byte| *byte == digit).count();
            let twice = (b'0'..=b'9').filter(|digit| times(*digit) == 2).count();
            let once = (b'0'..=b'9').filter(|digit| times(*digit) == 1).count();
            assert!(twice == 1 && once == 8 && !id.starts_with('0'), "{id}");
        }
    }
}
