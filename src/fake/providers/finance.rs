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
    "IBAN with valid check digits, of the locale's country (of Germany where it has none)",
    &["iban", "iban_number"],
    |request| {
        let layout = layout(request.locale.country_code);
        let longest = 4 + layout.bank.len() + layout.digits + layout.end.len();
        numbered(request, 10u64.pow(layout.digits.min(15) as u32), longest, move |number, out| {
            layout.write(number, out)
        })
    },
);

/// A country's account numbers within an IBAN: letters or digits of an invented bank, then digits.
struct Layout {
    country: &'static str,
    bank: &'static str,
    digits: usize,
    /// What follows the digits.
    end: &'static str,
}

/// Lengths as in the IBAN registry of SWIFT.
const LAYOUTS: &[Layout] = &[
    Layout { country: "DE", bank: "10000000", digits: 10, end: "" },
    Layout { country: "GB", bank: "DGEN000000", digits: 8, end: "" },
    Layout { country: "BR", bank: "0000000000001", digits: 10, end: "C1" },
];

fn layout(country: &str) -> &'static Layout {
    LAYOUTS.iter().find(|layout| layout.country == country).unwrap_or(&LAYOUTS[0])
}

impl Layout {
    fn write(&self, number: u64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(self.country.as_bytes());
        out.extend_from_slice(b"00");
        out.extend_from_slice(self.bank.as_bytes());
        push_padded(out, number, self.digits);
        out.extend_from_slice(self.end.as_bytes());
        let rest = iban_remainder(&out[start..]);
        let check = 98 - rest;
        out[start + 2] = b'0' + (check / 10) as u8;
        out[start + 3] = b'0' + (check % 10) as u8;
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
