//! Small lists that belong nowhere else.

use super::list;
use crate::fake::{Language, Provider};

pub static LANGUAGE_NAME: Provider = list(
    "language_name",
    "miscellany",
    Language::English,
    "name of a language",
    &["language_name", "language", "spoken_language", "preferred_language", "native_language"],
);

pub static LANGUAGE_CODE: Provider = list(
    "language_code",
    "miscellany",
    Language::Neutral,
    "ISO 639-1 code of a language",
    &["language_code", "lang", "lang_code", "iso639"],
);

pub static LOCALE_CODE: Provider =
    list("locale_code", "miscellany", Language::Neutral, "locale: de_DE", &["locale_code", "locale"]);

pub static WEEKDAY: Provider = list(
    "weekday",
    "miscellany",
    Language::English,
    "day of the week",
    &["weekday", "day_of_week", "day_name"],
);

pub static MONTH_NAME: Provider =
    list("month_name", "miscellany", Language::English, "month", &["month_name"]);

pub static NATIONALITY: Provider =
    list("nationality", "miscellany", Language::English, "nationality", &["nationality"]);
