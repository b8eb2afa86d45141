//! IBANs: the countries' account numbers with their own check digits and the common ones.

use super::check_digits::{push_with_luhn_digit, remainder_97};
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe};
use crate::spec::{Parameter, ParameterKind, Refusal};

pub static IBAN: Provider = Provider {
    name: "iban",
    group: "finance",
    summary: "IBAN with valid check digits, of the locale's country (of Germany where that has none)",
    column_names: &["iban", "iban_number"],
    parameters: &[Parameter {
        name: "country",
        kind: ParameterKind::Text,
        default: Some(""),
        summary: "another country's: DE, GB, FR, IT, ES, BR, AT, BE, CH, FI, IE, LU, NL, PL, PT",
    }],
    language: Language::Local,
    recipe: Recipe::Build(|request| {
        let format = match request.arguments.text("country") {
            Some(country) => FORMATS
                .iter()
                .find(|format| format.country.eq_ignore_ascii_case(country))
                .ok_or_else(|| {
                    let known: Vec<&str> = FORMATS.iter().map(|format| format.country).collect();
                    let help = Some(format!("one of {}", known.join(", ")));
                    Refusal { help, ..Refusal::of("country", format!("no IBANs of `{country}` are known")) }
                })?,
            None => {
                let country = request.locale.country_code;
                FORMATS.iter().find(|format| format.country == country).unwrap_or(&FORMATS[0])
            }
        };
        numbered(request, 10u64.pow(format.digits), format.chars, |number, out| format.write(number, out))
    }),
};

/// How a country numbers its accounts. The banks are invented: their codes are not given to any.
struct Format {
    country: &'static str,
    /// Length of an IBAN in the registry of SWIFT.
    chars: usize,
    /// Digits of an account's number.
    digits: u32,
    /// Appends the national part, with the national check digits.
    national: fn(u64, &mut Vec<u8>),
}

const FORMATS: &[Format] = &[
    Format {
        country: "DE",
        chars: 22,
        digits: 10,
        national: |number, out| push_account(out, "10000000", number, 10, ""),
    },
    Format {
        country: "GB",
        chars: 22,
        digits: 8,
        national: |number, out| push_account(out, "DGEN000000", number, 8, ""),
    },
    Format { country: "FR", chars: 27, digits: 11, national: push_french },
    Format { country: "IT", chars: 27, digits: 12, national: push_italian },
    Format { country: "ES", chars: 24, digits: 10, national: push_spanish },
    Format {
        country: "BR",
        chars: 29,
        digits: 10,
        national: |number, out| push_account(out, "0000000000001", number, 10, "C1"),
    },
    Format {
        country: "AT",
        chars: 20,
        digits: 11,
        national: |number, out| push_account(out, "99999", number, 11, ""),
    },
    Format { country: "BE", chars: 16, digits: 7, national: push_belgian },
    Format {
        country: "CH",
        chars: 21,
        digits: 12,
        national: |number, out| push_account(out, "99999", number, 12, ""),
    },
    Format { country: "FI", chars: 18, digits: 7, national: push_finnish },
    Format {
        country: "IE",
        chars: 22,
        digits: 8,
        national: |number, out| push_account(out, "DGEN999999", number, 8, ""),
    },
    Format {
        country: "LU",
        chars: 20,
        digits: 13,
        national: |number, out| push_account(out, "999", number, 13, ""),
    },
    Format {
        country: "NL",
        chars: 18,
        digits: 10,
        national: |number, out| push_account(out, "DGEN", number, 10, ""),
    },
    // The last digit of the bank's code is its check digit: weights 3, 9, 7, 1, 3, 9, 7.
    Format {
        country: "PL",
        chars: 28,
        digits: 16,
        national: |number, out| push_account(out, "99900012", number, 16, ""),
    },
    Format { country: "PT", chars: 25, digits: 11, national: push_portuguese },
];

impl Format {
    /// Appends the IBAN of an account.
    fn write(&self, number: u64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(self.country.as_bytes());
        out.extend_from_slice(b"00");
        (self.national)(number, out);
        let check = 98 - iban_remainder(&out[start..]);
        out[start + 2] = b'0' + (check / 10) as u8;
        out[start + 3] = b'0' + (check % 10) as u8;
    }
}

fn push_account(out: &mut Vec<u8>, bank: &str, number: u64, digits: usize, end: &str) {
    out.extend_from_slice(bank.as_bytes());
    push_padded(out, number, digits);
    out.extend_from_slice(end.as_bytes());
}

/// Bank and branch of five digits, account of eleven, and the key of the RIB.
fn push_french(number: u64, out: &mut Vec<u8>) {
    const BANK: u64 = 99_999;
    const BRANCH: u64 = 1;
    push_padded(out, BANK, 5);
    push_padded(out, BRANCH, 5);
    push_padded(out, number, 11);
    push_padded(out, 97 - (89 * BANK + 15 * BRANCH + 3 * number) % 97, 2);
}

/// The check letter (CIN), bank (ABI) and branch (CAB) of five digits, account of twelve.
fn push_italian(number: u64, out: &mut Vec<u8>) {
    let start = out.len();
    push_account(out, "A9999900001", number, 12, "");
    out[start] = italian_letter(&out[start + 1..]);
}

fn italian_letter(digits: &[u8]) -> u8 {
    /// What a digit counts for at the first, third, ... place.
    const ODD: [u8; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let value = |(at, digit): (usize, &u8)| {
        let digit = digit - b'0';
        if at % 2 == 0 { ODD[digit as usize] as u32 } else { digit as u32 }
    };
    b'A' + (digits.iter().enumerate().map(value).sum::<u32>() % 26) as u8
}

/// Bank and branch of four digits, a check digit for them and one for the account, account of ten.
fn push_spanish(number: u64, out: &mut Vec<u8>) {
    const BANK_AND_BRANCH: u64 = 99_990_001;
    push_padded(out, BANK_AND_BRANCH, 8);
    out.push(spanish_digit(BANK_AND_BRANCH));
    out.push(spanish_digit(number));
    push_padded(out, number, 10);
}

/// The weights from the right are the powers of two modulo 11, from 2^9 down.
fn spanish_digit(number: u64) -> u8 {
    const WEIGHTS: [u64; 10] = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    let sum: u64 = (0..10).map(|place| number / 10u64.pow(place) % 10 * WEIGHTS[place as usize]).sum();
    match 11 - sum % 11 {
        11 => b'0',
        10 => b'1',
        digit => b'0' + digit as u8,
    }
}

/// The remainder by 97 of an IBAN read as ISO 13616 says: first four characters last.
fn iban_remainder(iban: &[u8]) -> u64 {
    let (front, account) = iban.split_at(4);
    remainder_97(account.iter().chain(front))
}

/// Bank of three digits, account of seven, and the remainder of both by 97, which is 97 instead of 0.
fn push_belgian(number: u64, out: &mut Vec<u8>) {
    let account = 999 * 10u64.pow(7) + number;
    push_padded(out, account, 10);
    push_padded(out, belgian_key(account), 2);
}

fn belgian_key(account: u64) -> u64 {
    (account + 96) % 97 + 1
}

/// Bank of six digits, account of seven, and Luhn's check digit of both.
fn push_finnish(number: u64, out: &mut Vec<u8>) {
    push_with_luhn_digit(out, 999_990 * 10u64.pow(7) + number);
}

/// Bank and branch of four digits, account of eleven, and the check digits of ISO 7064 (mod 97-10).
fn push_portuguese(number: u64, out: &mut Vec<u8>) {
    let account = 99_990_001u128 * 10u128.pow(11) + number as u128;
    push_account(out, "99990001", number, 11, "");
    push_padded(out, 98 - (account * 100 % 97) as u64, 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn national(write: fn(u64, &mut Vec<u8>), number: u64) -> String {
        let mut out = Vec::new();
        write(number, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn national_check_digits_are_right() {
        // The RIB as one number, with its key, is divisible by 97.
        let rib = national(push_french, 12_345_678_901);
        let remainder = rib.bytes().fold(0, |rest, digit| (rest * 10 + (digit - b'0') as u32) % 97);
        assert_eq!((rib.len(), remainder), (23, 0));
        // The registry's example: ES91 2100 0418 45 0200051332.
        assert_eq!((spanish_digit(21_000_418), spanish_digit(200_051_332)), (b'4', b'5'));
        // The registry's example: IT60 X 05428 11101 000000123456.
        assert_eq!(italian_letter(b"0542811101000000123456"), b'X');
        assert_eq!(national(push_italian, 1).len(), 23);
        // The registry's example: BE68 5390 0754 7034.
        assert_eq!((belgian_key(5_390_075_470), belgian_key(97)), (34, 97));
        let finnish = national(push_finnish, 78);
        assert!(crate::fake::providers::check_digits::is_luhn(&finnish), "{finnish}");
    }
}
