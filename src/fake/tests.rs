//! What holds for every provider, and what the values look like.

mod codes;

use super::*;
use crate::value::Data;
use std::collections::{BTreeMap, BTreeSet};

fn request<'a>(locale: &'static Locale, column: &'a str, arguments: &'a Arguments) -> Request<'a> {
    Request {
        seed: 42,
        table: "customers",
        column,
        subject: "",
        locale,
        arguments,
        rows: 1_000,
        unique: false,
        max_chars: None,
    }
}

fn texts(source: &dyn TextSource, rows: u64) -> Vec<String> {
    let vector = source.fill(&Rows::Range { start: 0, len: rows as usize });
    assert_eq!(vector.len() as u64, rows);
    (0..vector.len()).map(|at| String::from_utf8(vector.text(at).to_vec()).expect("UTF-8")).collect()
}

/// The texts of a provider's column that bears the provider's name.
fn sample(name: &str, locale_name: &str, rows: u64) -> Vec<String> {
    let arguments = Arguments::default();
    let request = request(locale(locale_name).unwrap(), name, &arguments);
    texts(&*find(name).unwrap().build(&request).unwrap(), rows)
}

/// Each provider once, and in every locale those that it changes.
fn in_every_locale(mut test: impl FnMut(&'static Provider, &'static Locale)) {
    for locale in LOCALES {
        let differs = |provider: &&&'static Provider| {
            locale.name == LOCALES[0].name || provider.language == Language::Local
        };
        PROVIDERS.iter().filter(differs).for_each(|provider| test(provider, locale));
    }
}

#[test]
fn names_are_taken_once() {
    let (mut names, mut column_names) = (BTreeSet::new(), BTreeMap::new());
    for provider in PROVIDERS {
        assert!(names.insert(provider.name), "{} twice", provider.name);
        for column in provider.column_names {
            let other = column_names.insert(*column, provider.name);
            assert_eq!(other, None, "{column} also chooses {}", provider.name);
        }
    }
    assert!(names.len() >= 70, "{} providers", names.len());
}

#[test]
fn any_batch_has_the_same_texts() {
    let arguments = Arguments::default();
    in_every_locale(|provider, locale| {
        let source =
            provider.build(&request(locale, "c", &arguments)).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let all = texts(&*source, 50);
        let picked = source.fill(&Rows::Picked([49, 3, 3, 17].into()));
        for (at, row) in [49, 3, 3, 17].into_iter().enumerate() {
            assert_eq!(picked.text(at), all[row].as_bytes(), "{} row {row}", provider.name);
        }
        assert!(all.iter().all(|text| !text.is_empty()), "{} {all:?}", provider.name);
    });
}

#[test]
fn dictionaries_hold_each_text_once() {
    let arguments = Arguments::default();
    in_every_locale(|provider, locale| {
        let source = provider.build(&request(locale, "c", &arguments)).unwrap();
        if let Data::Dict { values, .. } = source.fill(&Rows::Range { start: 0, len: 1 }).data {
            assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len(), "{}", provider.name);
        }
    });
}

#[test]
fn unique_columns_have_distinct_texts() {
    let arguments = Arguments::default();
    in_every_locale(|provider, locale| {
        for max_chars in [None, Some(30), Some(12)] {
            let mut request = request(locale, "c", &arguments);
            (request.unique, request.rows, request.max_chars) = (true, 1, max_chars);
            let Ok(source) = provider.build(&request) else { continue };
            request.rows = (source.distinct().unwrap().min(20_000)) as u64;
            // Mail addresses know no bound but the row count.
            if matches!(provider.name, "email" | "company_email" | "username") && max_chars.is_none() {
                request.rows = 20_000;
            }
            let source = provider.build(&request).unwrap();
            let texts = texts(&*source, request.rows);
            let distinct: BTreeSet<&String> = texts.iter().collect();
            assert_eq!(distinct.len(), texts.len(), "{} in {}, {max_chars:?}", provider.name, locale.name);
        }
    });
}

#[test]
fn too_many_rows_for_unique_are_refused_with_both_numbers() {
    let arguments = Arguments::default();
    let mut request = request(LOCALES[0], "first_name", &arguments);
    (request.unique, request.rows) = (true, 20_000);
    let refusal = find("gender").unwrap().build(&request).err().unwrap();
    assert_eq!(refusal.message, "provider `gender` makes 2 distinct values, the table has 20,000 rows");
    let refusal = find("postal_code").unwrap().build(&request).err().unwrap();
    assert_eq!(refusal.message, "provider `postal_code` cannot make distinct values");
}

#[test]
fn texts_fit_their_column() {
    let arguments = Arguments::default();
    in_every_locale(|provider, locale| {
        for limit in [1, 2, 3, 5, 8, 10, 15, 20, 40, 100] {
            for unique in [false, true] {
                let mut request = request(locale, "c", &arguments);
                (request.unique, request.max_chars) = (unique, Some(limit));
                let Ok(source) = provider.build(&request) else { continue };
                for text in texts(&*source, 300) {
                    let chars = text.chars().count();
                    let name = provider.name;
                    assert!(chars > 0 && chars <= limit as usize, "{name} {limit} unique {unique}: {text}");
                }
            }
        }
    });
}

#[test]
fn a_locale_changes_what_the_provider_says_it_does() {
    let arguments = Arguments::default();
    for provider in PROVIDERS {
        let first = texts(&*provider.build(&request(LOCALES[0], "c", &arguments)).unwrap(), 200);
        for locale in &LOCALES[1..] {
            let other = texts(&*provider.build(&request(locale, "c", &arguments)).unwrap(), 200);
            // The United States have no IBAN and borrow the German form.
            let same = first == other && (provider.name, locale.name) != ("iban", "de_DE");
            assert_eq!(same, provider.language != Language::Local, "{} in {}", provider.name, locale.name);
        }
    }
}

#[test]
fn columns_of_one_subject_speak_of_one_person() {
    for locale in LOCALES {
        let of = |name| sample(name, locale.name, 500);
        let (first, last, full, mail) = (of("first_name"), of("last_name"), of("full_name"), of("email"));
        for row in 0..500 {
            assert_eq!(full[row], format!("{} {}", first[row], last[row]));
            let last_letters = transliterate::host_name(&last[row]);
            assert!(mail[row].contains(&last_letters), "{} of {}", mail[row], full[row]);
        }
        let women = lists::known(locale, "first_name_female").values;
        let men = lists::known(locale, "first_name_male").values;
        for (name, gender) in first.iter().zip(of("gender")) {
            let other = if gender == "female" { (&women, &men) } else { (&men, &women) };
            assert!(other.0.contains(&&**name) || !other.1.contains(&&**name), "{name} is {gender}");
        }
    }
}

#[test]
fn columns_of_one_subject_speak_of_one_place() {
    for locale in LOCALES {
        let of = |name| sample(name, locale.name, 500);
        let cities = place::cities(locale.places);
        let (city, state, code, zone) = (of("city"), of("state"), of("state_code"), of("timezone"));
        let (latitude, address, postcode) = (of("latitude"), of("full_address"), of("postal_code"));
        for row in 0..500 {
            let place = cities
                .iter()
                .find(|place| place.name == city[row] && place.state == state[row])
                .expect("a place");
            assert_eq!((place.state_code, place.timezone), (&*code[row], &*zone[row]));
            let degrees: f64 = latitude[row].parse().unwrap();
            assert!((degrees - place.latitude as f64 / 10_000.0).abs() < 0.03);
            assert!(
                address[row].contains(&city[row]) && address[row].contains(&postcode[row]),
                "{}",
                address[row]
            );
        }
    }
}

#[test]
fn subjects_are_independent() {
    let arguments = Arguments::default();
    let of = |subject: &'static str| {
        let mut request = request(LOCALES[0], "city", &arguments);
        request.subject = subject;
        texts(&*find("city").unwrap().build(&request).unwrap(), 200)
    };
    assert_ne!(of("billing"), of("shipping"));
    assert_eq!(of("billing"), of("billing"));
}

/// The first three digits of ZIP codes by state, as the Postal Service assigns them.
const ZIP_PREFIXES: &str = "AL 350-369 AK 995-999 AZ 850-865 AR 716-729 CA 900-961 CO 800-816 CT 060-069 DE 197-199 DC 200-205 FL 320-349 \
    GA 300-319 GA 398-399 HI 967-968 ID 832-838 IL 600-629 IN 460-479 IA 500-528 KS 660-679 KY 400-427 LA 700-714 ME 039-049 \
    MD 206-219 MA 010-027 MI 480-499 MN 550-567 MS 386-397 MO 630-658 MT 590-599 NE 680-693 NV 889-898 NH 030-038 NJ 070-089 \
    NM 870-884 NY 100-149 NC 270-289 ND 580-588 OH 430-459 OK 730-749 OR 970-979 PA 150-196 RI 028-029 SC 290-299 SD 570-577 \
    TN 370-385 TX 750-799 UT 840-847 VT 050-059 VA 201-201 VA 220-246 WA 980-994 WV 247-268 WI 530-549 WY 820-831";

#[test]
fn american_postcodes_are_of_their_state() {
    let words: Vec<&str> = ZIP_PREFIXES.split_whitespace().collect();
    let (codes, states) = (sample("postal_code", "en_US", 5_000), sample("state_code", "en_US", 5_000));
    for (code, state) in codes.iter().zip(&states) {
        assert_eq!(code.len(), 5);
        let ranges =
            words.chunks(2).filter(|words| words[0] == state).map(|words| words[1].split_once('-').unwrap());
        let of_state = |(from, to): (&str, &str)| (from..=to).contains(&&code[..3]);
        assert!(ranges.into_iter().any(of_state), "{code} in {state}");
    }
}

#[test]
fn places_are_many_and_somewhere() {
    for locale in LOCALES {
        let cities = place::cities(locale.places);
        assert!(cities.len() >= 25, "{} has {} cities", locale.name, cities.len());
        for city in cities {
            assert!(
                city.latitude.abs() < 900_000
                    && city.longitude.abs() < 1_800_000
                    && city.timezone.contains('/'),
                "{city:?}"
            );
        }
    }
    assert!(place::cities(LOCALES[0].places).len() >= 250);
}

#[test]
fn mail_goes_nowhere() {
    in_every_locale(|provider, locale| {
        if matches!(provider.name, "email" | "company_email") {
            for mail in sample(provider.name, locale.name, 2_000) {
                let (name, domain) = mail.split_once('@').unwrap();
                assert!(
                    domain.ends_with(".example")
                        || ["example.com", "example.org", "example.net"].contains(&domain),
                    "{mail}"
                );
                assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{mail}");
            }
        }
    });
}

#[test]
fn common_names_are_common() {
    let names = sample("last_name", "en_US", 20_000);
    let share = |name| names.iter().filter(|other| *other == name).count();
    assert!(share("Smith") > 2 * share("Bell"), "{} {}", share("Smith"), share("Bell"));
    assert!(names.iter().collect::<BTreeSet<_>>().len() > 300);
}

#[test]
fn arguments_say_how_long_filler_is() {
    use crate::spec::Argument;
    let given = |pairs: &[(&str, f64)]| Arguments {
        given: pairs
            .iter()
            .map(|(name, value)| (name.to_string(), Argument::Number(*value), Default::default()))
            .collect(),
    };
    let build = |name: &str, arguments: &Arguments| {
        find(name).unwrap().build(&request(LOCALES[0], "c", arguments)).map(|source| texts(&*source, 200))
    };
    for text in build("words", &given(&[("min", 2.0), ("max", 5.0)])).unwrap() {
        assert!((2..=5).contains(&text.split(' ').count()), "{text}");
    }
    for text in build("sentence", &given(&[("max", 3.0)])).unwrap() {
        assert!(text.split(' ').count() == 3 && text.ends_with('.'), "{text}");
    }
    for text in build("paragraphs", &given(&[("min", 2.0), ("max", 2.0)])).unwrap() {
        assert_eq!(text.matches("\n\n").count(), 1);
    }
    let refusal = build("words", &given(&[("min", 5.0), ("max", 2.0)])).err().unwrap();
    assert_eq!(refusal.message, "min is 5, more than max, 2");
    let refusal = build("words", &given(&[("min", 0.5)])).err().unwrap();
    assert_eq!(refusal.message, "min must be a whole number from 1 to 10000, not 0.5");
}

#[test]
fn the_values_are_those_we_have_seen() {
    for locale in LOCALES {
        let shown = PROVIDERS
            .iter()
            .filter(|provider| locale.name == LOCALES[0].name || provider.language == Language::Local);
        let lines = shown.map(|provider| {
            format!("{}: {}", provider.name, sample(provider.name, locale.name, 5).join(" | "))
        });
        insta::assert_snapshot!(locale.name, lines.collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn the_unique_values_are_those_we_have_seen() {
    let arguments = Arguments::default();
    let unique = |name: &str| {
        let mut request = request(LOCALES[0], name, &arguments);
        request.unique = true;
        texts(&*find(name).unwrap().build(&request).unwrap(), 5).join(" | ")
    };
    let names = [
        "email",
        "username",
        "full_name",
        "company_name",
        "product_name",
        "street_address",
        "phone_number",
        "sentence",
        "title",
    ];
    insta::assert_snapshot!(names.map(|name| format!("{name}: {}", unique(name))).join("\n"));
}
