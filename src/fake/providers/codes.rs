//! Codes of registries: books, devices, securities, companies. Their check digits are valid; where a registry keeps a range for tests or
//! own use, they are of that range.

use super::check_digits::{complement_11, luhn_digit, push_with_luhn_digit, remainder_97, values};
use super::commerce::push_with_gs1_digit;
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe, Request, TextSource};
use crate::random::mix;
use crate::spec::Refusal;

const fn code(
    name: &'static str,
    group: &'static str,
    summary: &'static str,
    column_names: &'static [&'static str],
    build: fn(&Request) -> Result<Box<dyn TextSource>, Refusal>,
) -> Provider {
    let recipe = Recipe::Build(build);
    Provider { name, group, summary, column_names, parameters: &[], language: Language::Neutral, recipe }
}

pub static EAN8: Provider = code(
    "ean8",
    "commerce",
    "EAN-8 bar code with its check digit, of the range for use inside a shop",
    &["ean8", "ean_8", "gtin8"],
    |request| {
        numbered(request, 10u64.pow(6), 8, |number, out| {
            push_with_gs1_digit(out, 2 * 10u64.pow(6) + number, 7)
        })
    },
);

pub static ISBN10: Provider = code(
    "isbn10",
    "publishing",
    "ISBN of 10 digits with its check digit, which may be X",
    &["isbn10", "isbn_10"],
    |request| {
        numbered(request, 10u64.pow(9), 10, |number, out| {
            let start = out.len();
            push_padded(out, number, 9);
            let check = complement_11(values(&out[start..]), 10);
            out.push(check);
        })
    },
);

pub static ISSN: Provider = code(
    "issn",
    "publishing",
    "number of a periodical with its check digit: 2434-561X",
    &["issn"],
    |request| {
        numbered(request, 10u64.pow(7), 9, |number, out| {
            let start = out.len();
            push_padded(out, number, 7);
            let check = complement_11(values(&out[start..]), 8);
            out.push(check);
            out.insert(start + 4, b'-');
        })
    },
);

pub static IMEI: Provider = code(
    "imei",
    "technical",
    "number of a mobile device with its check digit (Luhn), of the range for tests",
    &["imei", "imei_number", "device_imei"],
    |request| {
        // Reporting body 00 is for tests.
        numbered(request, 10u64.pow(11), 15, |number, out| {
            let start = out.len();
            push_padded(out, 10u64.pow(11) + number, 14);
            let check = luhn_digit(values(&out[start..]));
            out.push(check);
        })
    },
);

pub static LEI: Provider = code(
    "lei",
    "finance",
    "legal entity identifier with its check digits (ISO 17442)",
    &["lei", "lei_code", "legal_entity_identifier"],
    |request| {
        numbered(request, 36u64.pow(12), 20, |number, out| {
            let start = out.len();
            // 9999 issues none.
            out.extend_from_slice(b"999900");
            push_letters(out, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", number, 12);
            let rest = remainder_97(out[start..].iter().chain(b"00"));
            push_padded(out, 98 - rest, 2);
        })
    },
);

pub static ISIN: Provider = code(
    "isin",
    "finance",
    "securities identification number with its check digit, of an international security (XS)",
    &["isin", "isin_code"],
    |request| {
        numbered(request, 10u64.pow(9), 12, |number, out| {
            let start = out.len();
            out.extend_from_slice(b"XS");
            push_padded(out, number, 9);
            // Letters are two digits to Luhn.
            let digits: Vec<u32> = values(&out[start..])
                .flat_map(|value| if value > 9 { vec![value / 10, value % 10] } else { vec![value] })
                .collect();
            out.push(luhn_digit(digits.into_iter()));
        })
    },
);

/// Letters and digits that cannot be mistaken for each other.
const CUSIP_LETTERS: &[u8; 34] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

pub static CUSIP: Provider = code(
    "cusip",
    "finance",
    "CUSIP of a security with its check digit, of the range for own use",
    &["cusip"],
    |request| {
        numbered(request, 34u64.pow(6), 9, |number, out| {
            let start = out.len();
            out.extend_from_slice(b"99");
            push_letters(out, CUSIP_LETTERS, number, 6);
            let doubled = |(at, value): (usize, u32)| {
                let value = value * if at % 2 == 1 { 2 } else { 1 };
                value / 10 + value % 10
            };
            let sum: u32 = values(&out[start..]).enumerate().map(doubled).sum();
            out.push(b'0' + ((10 - sum % 10) % 10) as u8);
        })
    },
);

pub static SEDOL: Provider = code(
    "sedol",
    "finance",
    "SEDOL of a security with its check digit, of the range for own use",
    &["sedol"],
    |request| {
        numbered(request, 31u64.pow(5), 7, |number, out| {
            const WEIGHTS: [u32; 6] = [1, 3, 1, 7, 3, 9];
            let start = out.len();
            out.push(b'9');
            push_letters(out, b"0123456789BCDFGHJKLMNPQRSTVWXYZ", number, 5);
            let sum: u32 = values(&out[start..]).zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
            out.push(b'0' + ((10 - sum % 10) % 10) as u8);
        })
    },
);

pub static NPI: Provider = code(
    "npi",
    "person",
    "identifier of a US health care provider with its check digit",
    &["npi", "npi_number", "provider_npi"],
    |request| {
        // The check digit counts the prefix 80840, which is not written.
        numbered(request, 2 * 10u64.pow(8), 10, |number, out| {
            let start = out.len();
            push_with_luhn_digit(out, 80_840 * 10u64.pow(9) + 10u64.pow(8) + number);
            out.drain(start..start + 5);
        })
    },
);

pub static JWT: Provider = code(
    "jwt",
    "technical",
    "JSON web token in form: header, claims and a signature that nothing signed",
    &["jwt", "access_token", "id_token", "jwt_token", "bearer_token"],
    |request| {
        let key = request.key().child("signature");
        let longest =
            base64_len(JWT_HEADER.len()) + base64_len(claims(u32::MAX as u64).len()) + base64_len(32) + 2;
        numbered(request, 1 << 32, longest, move |number, out| {
            push_base64(out, JWT_HEADER);
            out.push(b'.');
            push_base64(out, claims(number).as_bytes());
            out.push(b'.');
            let words: Vec<u8> = (0..4).flat_map(|word| mix(key, number * 4 + word).to_be_bytes()).collect();
            push_base64(out, &words);
        })
    },
);

const JWT_HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

fn claims(number: u64) -> String {
    format!(r#"{{"sub":"{number:010}","iat":1735689600}}"#)
}

/// Characters of so many bytes in base64url without padding (RFC 4648).
fn base64_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

fn push_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0u32, |bits, (at, byte)| bits | (*byte as u32) << (16 - 8 * at));
        (0..=three.len()).for_each(|at| out.push(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]));
    }
}

/// Appends a number in the base of as many letters, padded.
pub(super) fn push_letters(out: &mut Vec<u8>, letters: &[u8], mut number: u64, width: usize) {
    let start = out.len();
    for _ in 0..width {
        out.push(letters[(number % letters.len() as u64) as usize]);
        number /= letters.len() as u64;
    }
    out[start..].reverse();
}
