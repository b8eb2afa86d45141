//! Money: currencies, cards, accounts. Numbers have valid check digits and belong to nobody.

use super::check_digits::push_with_luhn_digit;
use super::list;
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe, Request, TextSource};
use crate::spec::{Parameter, ParameterKind, Refusal};

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

pub static CREDIT_CARD: Provider = Provider {
    name: "credit_card",
    group: "finance",
    summary: "card number with its check digit (Luhn), of ranges in use for tests",
    column_names: &["credit_card", "credit_card_number", "card_number", "cc_number", "pan"],
    parameters: &[Parameter {
        name: "brand",
        kind: ParameterKind::Text,
        default: Some("visa"),
        summary: "whose range: visa, mastercard, amex, discover, diners, jcb, unionpay",
    }],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        let brand = request.arguments.text("brand").unwrap_or(BRANDS[0].name);
        let Some(brand) = BRANDS.iter().find(|known| known.name.eq_ignore_ascii_case(brand)) else {
            let known: Vec<&str> = BRANDS.iter().map(|brand| brand.name).collect();
            let message = format!("unknown brand `{brand}`");
            return Err(Refusal {
                help: Some(format!("one of {}", known.join(", "))),
                ..Refusal::of("brand", message)
            });
        };
        let free = 10u64.pow(brand.free);
        numbered(request, free, 7 + brand.free as usize, move |number, out| {
            push_with_luhn_digit(out, brand.range * free + number)
        })
    }),
};

/// A brand's range of six digits that processors keep for tests, and the free digits after it.
struct Brand {
    name: &'static str,
    range: u64,
    free: u32,
}

const BRANDS: &[Brand] = &[
    Brand { name: "visa", range: 400_000, free: 9 },
    Brand { name: "mastercard", range: 555_555, free: 9 },
    Brand { name: "amex", range: 378_282, free: 8 },
    Brand { name: "discover", range: 601_111, free: 9 },
    Brand { name: "diners", range: 305_693, free: 7 },
    Brand { name: "jcb", range: 353_011, free: 9 },
    Brand { name: "unionpay", range: 620_000, free: 9 },
];

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
