//! Money: currencies, cards, accounts. Numbers have valid check digits and belong to nobody.

use super::list;
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe, Request, TextSource};
use crate::spec::Refusal;

const fn number(
    name: &'static str,
    language: Language,
    summary: &'static str,
    column_names: &'static [&'static str],
    build: fn(&Request) -> Result<Box<dyn TextSource>, Refusal>,
) -> Provider {
    Provider {
        name,
        group: "finance",
        summary,
        column_names,
        parameters: &[],
        language,
        recipe: Recipe::Build(build),
    }
}

pub static CURRENCY_CODE: Provider = list(
    "currency_code",
    "finance",
    Language::Neutral,
    "ISO 4217 code of a currency, those traded most most often",
    &["currency_code", "currency", "iso_currency"],
);

pub static CURRENCY_NAME: Provider =
    list("currency_name", "finance", Language::English, "name of a currency", &["currency_name"]);

pub static CREDIT_CARD_TYPE: Provider = list(
    "credit_card_type",
    "finance",
    Language::Neutral,
    "brand of a payment card",
    &["credit_card_type", "card_type", "card_brand", "card_network"],
);

pub static CVV: Provider = list(
    "cvv",
    "finance",
    Language::Neutral,
    "three digits from the back of a card",
    &["cvv", "cvc", "card_cvv", "security_code"],
);

pub static TRANSACTION_TYPE: Provider = list(
    "transaction_type",
    "finance",
    Language::English,
    "kind of a movement on an account",
    &["transaction_type", "txn_type", "trans_type"],
);

pub static PAYMENT_METHOD: Provider = list(
    "payment_method",
    "finance",
    Language::English,
    "how something is paid",
    &["payment_method", "payment_type", "method_of_payment"],
);

pub static BANK_NAME: Provider =
    list("bank_name", "finance", Language::Local, "invented bank", &["bank_name", "bank"]);

pub static BIC: Provider = list(
    "bic",
    "finance",
    Language::Local,
    "bank identifier (SWIFT code) of an invented bank",
    &["bic", "swift", "swift_code", "bic_code"],
);

pub static CREDIT_CARD: Provider = number(
    "credit_card",
    Language::Neutral,
    "card number of 16 digits with its check digit (Luhn), of ranges in use for tests",
    &["credit_card", "credit_card_number", "card_number", "cc_number", "pan"],
    |request| {
        // 4000 00 is the range that processors keep for tests; nine digits are free.
        numbered(request, 10u64.pow(9), 16, |number, out| {
            push_with_luhn_digit(out, 400_000 * 10u64.pow(9) + number)
        })
    },
);

/// Appends the digits of a number and Luhn's check digit (ISO/IEC 7812-1).
fn push_with_luhn_digit(out: &mut Vec<u8>, number: u64) {
    push_padded(out, number, 1);
    let (mut rest, mut sum, mut double) = (number, 0, true);
    while rest > 0 {
        let digit = rest % 10 * if double { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        (rest, double) = (rest / 10, !double);
    }
    out.push(b'0' + ((10 - sum % 10) % 10) as u8);
}

pub static ACCOUNT_NUMBER: Provider = number(
    "account_number",
    Language::Neutral,
    "bank account of ten digits",
    &["account_number", "account_no", "bank_account", "bank_account_number", "acct_number"],
    |request| {
        numbered(request, 9 * 10u64.pow(9), 10, |number, out| push_padded(out, 10u64.pow(9) + number, 10))
    },
);

pub static ROUTING_NUMBER: Provider = number(
    "routing_number",
    Language::Neutral,
    "ABA routing number with its check digit",
    &["routing_number", "aba", "aba_number", "routing_no"],
    |request| {
        // The first two digits are those of a Federal Reserve district, 01 to 12; six are free.
        numbered(request, 12 * 10u64.pow(6), 9, |number, out| {
            let digits = 10u64.pow(6) + number;
            let digit = |place: u32| digits / 10u64.pow(place) % 10;
            let sum = 3 * (digit(7) + digit(4) + digit(1))
                + 7 * (digit(6) + digit(3) + digit(0))
                + digit(5)
                + digit(2);
            push_padded(out, digits, 8);
            out.push(b'0' + ((10 - sum % 10) % 10) as u8);
        })
    },
);

pub static IBAN: Provider = number(
    "iban",
    Language::Local,
    "IBAN with valid check digits, of the locale's country (of Germany where that has none)",
    &["iban", "iban_number"],
    |request| {
        let country = request.locale.country_code;
        let format = FORMATS.iter().find(|format| format.country == country).unwrap_or(&FORMATS[0]);
        numbered(request, 10u64.pow(format.digits), format.chars, |number, out| format.write(number, out))
    },
);

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

/// The remainder by 97 of an IBAN read as ISO 13616 says: first four characters last, letters as 10 to 35.
fn iban_remainder(iban: &[u8]) -> u64 {
    let (front, account) = iban.split_at(4);
    account.iter().chain(front).fold(0, |rest, character| match character {
        b'0'..=b'9' => (rest * 10 + (character - b'0') as u64) % 97,
        letter => (rest * 100 + (letter - b'A') as u64 + 10) % 97,
    })
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
    }
}
