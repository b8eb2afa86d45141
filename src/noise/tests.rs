use super::*;
use crate::diagnostic::Span;
use crate::random::Key;
use crate::spec::Argument;
use crate::value::Rows;

fn built(kind: &str, sql_type: &SqlType, given: &[(&str, Argument)]) -> Box<dyn Noise> {
    try_built(kind, sql_type, given).unwrap_or_else(|refusal| panic!("{}", refusal.message))
}

fn try_built(kind: &str, sql_type: &SqlType, given: &[(&str, Argument)]) -> Result<Box<dyn Noise>, Refusal> {
    let given = given.iter().map(|(name, value)| (name.to_string(), value.clone(), Span::default()));
    let arguments = Arguments { given: given.collect() };
    (find(kind).expect("a kind").build)(&Asked {
        arguments: &arguments,
        sql_type,
        not_null: false,
        bounds: None,
    })
}

/// What becomes of a text in many rows, each outcome once.
fn outcomes(noise: &dyn Noise, clean: &str) -> Vec<String> {
    let clean = Scalar::Text(clean.into());
    let mut all: Vec<String> = (0..2_000)
        .filter_map(|row| noise.dirty(&clean, &mut CellRng::new(Key::from_raw(1, 2), row)))
        .map(|dirty| match dirty {
            Dirty::Value(Scalar::Text(bytes)) => String::from_utf8(bytes).expect("UTF-8"),
            other => format!("{other:?}"),
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_typo_is_one_slip() {
    let all = outcomes(&*built("typo", &SqlType::Text, &[]), "Ab 1");
    let swapped = ["bA 1"];
    let dropped = ["b 1", "A 1", "Ab "];
    let doubled = ["AAb 1", "Abb 1", "Ab 11"];
    let mut neighbours: Vec<String> = ["Q", "W", "S", "Z"].map(|key| format!("{key}b 1")).to_vec();
    neighbours.extend(["v", "g", "h", "n"].map(|key| format!("A{key} 1")));
    neighbours.push("Ab 2".into());
    let mut expected: Vec<String> =
        [&swapped[..], &dropped, &doubled].concat().iter().map(|text| text.to_string()).collect();
    expected.extend(neighbours);
    expected.sort();
    assert_eq!(all, expected);
}

#[test]
fn several_slips_are_farther_away_and_never_undo_each_other() {
    let noise = built("typo", &SqlType::Text, &[("typos", Argument::Number(3.0))]);
    let all = outcomes(&*noise, "aba");
    assert!(all.len() > 200 && !all.contains(&"aba".to_owned()), "{}", all.len());
}

#[test]
fn what_cannot_be_done_to_a_value_is_not_done() {
    let nothing: Vec<String> = Vec::new();
    for (kind, clean) in [
        ("typo", ""),
        ("typo", "--- ?"),
        ("case", "123"),
        ("whitespace", ""),
        ("format", "no digits - here"),
        ("format", "12345"),
        ("encoding", "plain"),
    ] {
        assert_eq!(outcomes(&*built(kind, &SqlType::Text, &[]), clean), nothing, "{kind} of `{clean}`");
    }
    assert_eq!(outcomes(&*built("whitespace", &SqlType::Varchar(Some(3)), &[]), "abc"), nothing);
    assert!(outcomes(&*built("typo", &SqlType::Char(2), &[]), "DE").iter().all(|text| text.len() <= 2));
}

#[test]
fn each_kind_does_what_its_summary_says() {
    let of = |kind: &str, clean: &str| outcomes(&*built(kind, &SqlType::Text, &[]), clean);
    assert_eq!(of("case", "anna-lisa Smith"), ["ANNA-LISA SMITH", "Anna-Lisa Smith", "anna-lisa smith"]);
    assert_eq!(of("whitespace", "a b"), [" a b", "a  b", "a b "]);
    assert_eq!(of("format", "(030) 12-34"), ["030 12 34", "030-12-34", "030.12.34", "030/12/34", "0301234"]);
    assert_eq!(of("encoding", "Zoë Groß"), ["Zo? Gro?", "ZoÃ« GroÃŸ"]);
    assert_eq!(of("blank", "x"), ["Null"]);
    assert_eq!(of("placeholder", "-"), ["N/A", "n/a", "none", "unknown"]);
    for kind in KINDS {
        let (clean, dirty) = kind.example;
        if !["blank", "placeholder", "outlier", "day_month"].contains(&kind.name) {
            assert!(of(kind.name, clean).contains(&dirty.to_owned()), "{}: {clean} to {dirty}", kind.name);
        }
    }
}

#[test]
fn blanks_at_the_end_are_nothing_to_char() {
    let all = outcomes(&*built("whitespace", &SqlType::Char(4), &[]), "a b");
    assert_eq!(all, [" a b", "a  b"]);
}

#[test]
fn outliers_lie_one_to_ten_widths_beyond_the_range() {
    let of = |sql_type: &SqlType, low: Scalar, high: Scalar| {
        let asked = Asked {
            arguments: &Arguments::default(),
            sql_type,
            not_null: true,
            bounds: Some((low, high.clone())),
        };
        let noise = (outlier::KIND.build)(&asked).unwrap_or_else(|refusal| panic!("{}", refusal.message));
        (0..5_000)
            .map(|row| match noise.dirty(&high, &mut CellRng::new(Key::from_raw(3, 4), row)) {
                Some(Dirty::Value(Scalar::Int(value))) => value as f64,
                Some(Dirty::Value(Scalar::Wide(value))) => value as f64,
                Some(Dirty::Value(Scalar::Float(value))) => value,
                other => panic!("{other:?}"),
            })
            .collect::<Vec<f64>>()
    };
    let within = |values: &[f64], stretches: &[(f64, f64)]| {
        values.iter().all(|value| stretches.iter().any(|(low, high)| (*low..=*high).contains(value)))
            && stretches.iter().all(|(low, high)| values.iter().any(|value| (*low..=*high).contains(value)))
    };
    assert!(
        within(&of(&SqlType::SmallInt, Scalar::Int(18), Scalar::Int(95)), &[(172.0, 865.0)]),
        "above alone"
    );
    let both = [(30.0, 210.0), (-210.0, -30.0)];
    assert!(within(&of(&SqlType::Int, Scalar::Int(-10), Scalar::Int(10)), &both));
    assert!(within(&of(&SqlType::Real, Scalar::Float(-10.0), Scalar::Float(10.0)), &both));
    assert!(within(&of(&SqlType::numeric(30, 0), Scalar::Wide(-10), Scalar::Wide(10)), &both));
    // The type ends before ten widths do.
    assert!(within(&of(&SqlType::SmallInt, Scalar::Int(0), Scalar::Int(10_000)), &[(20_000.0, 32_767.0)]));
    let widest = 10i128.pow(38) - 1;
    let asked = Asked {
        arguments: &Arguments::default(),
        sql_type: &SqlType::numeric(38, 0),
        not_null: true,
        bounds: Some((Scalar::Wide(-widest), Scalar::Wide(widest))),
    };
    assert!((outlier::KIND.build)(&asked).is_err(), "there is no room");
}

#[test]
fn rows_are_dealt_in_exact_shares_and_each_to_one_kind() {
    let kind =
        |name: &str, share: f64| (find(name).expect("a kind"), share, built(name, &SqlType::Text, &[]));
    for rows in [1u64, 10, 999, 5_000] {
        let noise = ColumnNoise::new(
            Key::from_raw(5, 6),
            rows,
            vec![kind("typo", 0.1), kind("blank", 0.05), kind("case", 0.85)],
        );
        let hits = noise.hits(&Rows::Range { start: 0, len: rows as usize });
        let count = |name: &str| hits.iter().filter(|(.., dealt)| dealt.name == name).count() as f64;
        assert_eq!(count("typo"), (rows as f64 * 0.1).round());
        assert_eq!(count("blank"), (rows as f64 * 0.05).round());
        assert!((count("case") - rows as f64 * 0.85).abs() <= 1.5, "the last kind has what is left");
        let mut met: Vec<u64> = hits.iter().map(|(_, row, _)| *row).collect();
        met.dedup();
        assert_eq!(met.len(), hits.len());
    }
}

#[test]
fn duplicates_have_originals_that_are_none() {
    for (rows, count, copies) in
        [(10, 5, 1), (1_000, 30, 1), (1_000, 30, 4), (5_000, 2_500, 1), (9, 6, 2), (3, 0, 1)]
    {
        assert!(Duplicates::have_originals(rows, count, copies));
        let duplicates = Duplicates::new(Key::from_raw(7, 8), rows, count, copies, vec![0]);
        let pairs = duplicates.originals(&Rows::Range { start: 0, len: rows as usize });
        assert_eq!(pairs.len() as u64, count);
        let copied: Vec<u64> = pairs.iter().map(|(_, original)| *original).collect();
        assert!(pairs.iter().all(|(at, _)| !copied.contains(&(*at as u64))), "{rows} {count} {copies}");
        let most = copied.iter().map(|row| copied.iter().filter(|other| *other == row).count()).max();
        assert!(most.unwrap_or(0) as u64 <= copies);
    }
    assert!(!Duplicates::have_originals(10, 6, 1) && !Duplicates::have_originals(10, 10, 20));
}

#[test]
fn days_and_months_are_exchanged_where_both_can_be() {
    let day = |text: &str| crate::value::parse::date(text).expect("a date");
    let of = |sql_type: &SqlType, clean: i64| {
        let dirty = built("day_month", sql_type, &[])
            .dirty(&Scalar::Int(clean), &mut CellRng::new(Key::from_raw(1, 1), 1));
        dirty.map(|dirty| match dirty {
            Dirty::Value(Scalar::Int(value)) => value,
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(of(&SqlType::Date, day("2024-03-09")), Some(day("2024-09-03")));
    assert_eq!(of(&SqlType::Date, day("1924-12-01")), Some(day("1924-01-12")));
    assert_eq!(of(&SqlType::Date, day("2024-03-13")), None);
    assert_eq!(of(&SqlType::Date, day("2024-03-03")), None);
    let moment = |text: &str| day(text) * crate::value::civil::DAY + 5;
    assert_eq!(of(&SqlType::Timestamp, moment("1969-03-09")), Some(moment("1969-09-03")));
}
