//! Locales: a language in a country. One more is a file of lists, a file of places, and a row here.

/// A language in a country, with its dictionaries.
#[derive(Debug)]
pub struct Locale {
    /// Its name: `de_DE`.
    pub name: &'static str,
    /// What it may be called in a spec instead: `de`.
    pub short: &'static str,
    /// For people: `German (Germany)`.
    pub title: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country_code: &'static str,
    /// ISO 4217 code of its currency.
    pub currency: &'static str,
    /// Its lists, see `lists`.
    pub(super) words: &'static str,
    /// Its places, see `place`.
    pub(super) places: &'static str,
    /// Lists of the `fake` crate that lengthen the locale's first and last names.
    pub(super) more_first_names: Option<&'static str>,
    /// As `more_first_names`.
    pub(super) more_last_names: Option<&'static str>,
}

macro_rules! locale {
    ($file:literal, $name:literal, $short:literal, $title:literal, $country:literal, $currency:literal, $first:expr, $last:expr) => {
        &Locale {
            name: $name,
            short: $short,
            title: $title,
            country_code: $country,
            currency: $currency,
            words: include_str!(concat!("data/", $file, ".txt")),
            places: include_str!(concat!("data/places_", $file, ".csv")),
            more_first_names: $first,
            more_last_names: $last,
        }
    };
}

/// All locales; the first is the default.
#[rustfmt::skip] // A table reads better than forty lines.
pub static LOCALES: &[&Locale] = &[
    locale!("us", "en_US", "en", "English (United States)", "US", "USD", Some("more_first_names_en"), Some("more_last_names_en")),
    locale!("gb", "en_GB", "gb", "English (United Kingdom)", "GB", "GBP", None, Some("more_last_names_en")),
    locale!("de", "de_DE", "de", "German (Germany)", "DE", "EUR", None, None),
    locale!("fr", "fr_FR", "fr", "French (France)", "FR", "EUR", None, Some("more_last_names_fr")),
    locale!("it", "it_IT", "it", "Italian (Italy)", "IT", "EUR", None, None),
    locale!("es", "es_ES", "es", "Spanish (Spain)", "ES", "EUR", None, None),
    locale!("br", "pt_BR", "pt", "Portuguese (Brazil)", "BR", "BRL", None, Some("more_last_names_pt")),
];

/// The locale of that name, long (`de_DE`, `de-DE`) or short (`de`).
pub fn locale(name: &str) -> Option<&'static Locale> {
    let name = name.replace('-', "_");
    let is_called = |locale: &&&Locale| {
        locale.name.eq_ignore_ascii_case(&name) || locale.short.eq_ignore_ascii_case(&name)
    };
    LOCALES.iter().find(is_called).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_are_found_by_long_and_short_names() {
        assert_eq!(locale("en").unwrap().name, "en_US");
        assert_eq!(locale("en-us").unwrap().name, "en_US");
        assert_eq!(locale("DE").unwrap().country_code, "DE");
        assert!(locale("xx").is_none());
    }
}
