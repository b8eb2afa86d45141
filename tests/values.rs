//! How numbers, dates and shares are drawn: steps, rounding, bounds, bands, exact shares and correlations, each against its
//! definition.

mod support;

use datagen::generate::Options;
use datagen::plan::Plan;
use std::collections::BTreeMap;
use support::front_door::{column, ints, planned, texts};

/// A table `t` of so many rows with these columns, one a line.
fn table(rows: u64, columns: &str) -> Plan {
    let columns = columns.trim().replace('\n', "\n      ");
    planned(&format!("tables:\n  t:\n    rows: {rows}\n    columns:\n      {columns}\n"))
}

fn counts(plan: &Plan, name: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for text in texts(plan, "t", name) {
        *counts.entry(text.unwrap_or("null".into())).or_default() += 1;
    }
    counts
}

#[test]
fn values_lie_a_step_apart_from_min_on_and_are_alike() {
    let plan = table(
        20_000,
        "price: {type: 'numeric(8,2)', min: 4.99, max: 99, step: 5}
odd: {type: int, min: 1, max: 10, step: 2}
slot: {type: time, min: '09:00', max: '10:00', step: 15 minutes}
week: {type: date, min: 2025-01-06, max: 2025-02-01, step: 7 days}
lag: {type: interval, min: 0 minutes, max: 1 hour, step: 30 minutes}
score: {type: double precision, min: 0.1, max: 0.5, step: 0.1}
late: {type: int, min: odd, max: odd + 4, step: 2}",
    );
    let keys = |name: &str| counts(&plan, name).into_keys().collect::<Vec<_>>();
    assert_eq!(keys("odd"), ["1", "3", "5", "7", "9"], "10 is no step from 1");
    assert_eq!(keys("slot"), ["09:00:00", "09:15:00", "09:30:00", "09:45:00", "10:00:00"]);
    assert_eq!(keys("week"), ["2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27"]);
    assert_eq!(keys("lag"), ["00:00:00", "00:30:00", "01:00:00"]);
    assert_eq!(keys("score"), ["0.1", "0.2", "0.3", "0.4", "0.5"], "doubles as if they had been written");
    let prices = counts(&plan, "price");
    assert_eq!(prices.len(), 19, "4.99 to 94.99");
    for (price, count) in &prices {
        assert!(price.ends_with(".99") && price.trim_end_matches(".99").ends_with(['4', '9']), "{price}");
        assert!(count.abs_diff(20_000 / 19) < 150, "{price}: {count}");
    }
    for (odd, late) in ints(&plan, "t", "odd").iter().zip(ints(&plan, "t", "late")) {
        assert!([0, 2, 4].contains(&(late - odd)), "{odd} {late}");
    }
}

#[test]
fn a_value_stands_for_the_numbers_that_its_rounding_gives_it() {
    let plan = table(
        40_000,
        "down: {type: int, distribution: {exponential: {mean: 2}}, round: down}
up: {type: int, distribution: {exponential: {mean: 2}}, round: up}
tens: {type: int, step: 10, distribution: {normal: {mean: 100, std_dev: 10}}}
nickels: {type: 'numeric(6,2)', step: 0.05, round: down, distribution: {exponential: {mean: 0.1}}}",
    );
    let exponential = |x: f64, mean: f64| 1.0 - libm::exp(-x / mean);
    let share =
        |name: &str, value: &str| counts(&plan, name).get(value).map_or(0.0, |n| *n as f64 / 40_000.0);
    for whole in 0..5 {
        let expected = exponential(whole as f64 + 1.0, 2.0) - exponential(whole as f64, 2.0);
        assert!((share("down", &whole.to_string()) - expected).abs() < 0.01, "down {whole}");
        assert!((share("up", &(whole + 1).to_string()) - expected).abs() < 0.01, "up {whole}");
        let nickel = format!("{:.2}", whole as f64 * 0.05);
        let expected = exponential(0.05 * (whole as f64 + 1.0), 0.1) - exponential(0.05 * whole as f64, 0.1);
        assert!((share("nickels", &nickel) - expected).abs() < 0.01, "{nickel}");
    }
    // The normal distribution within half a standard deviation of the mean.
    assert!((share("tens", "100") - 0.3829).abs() < 0.01);
    assert_eq!(share("up", "0"), 0.0);
}

#[test]
fn clipping_puts_what_lies_beyond_onto_the_bounds_and_cutting_spreads_it() {
    let plan = table(
        40_000,
        "clip: {type: int, min: 10, max: 30, outside: clip, distribution: {normal: {mean: 20, std_dev: 10}}}
cut: {type: int, min: 10, max: 30, outside: cut, distribution: {normal: {mean: 20, std_dev: 10}}}
plain: {type: int, min: 10, max: 30, distribution: {normal: {mean: 20, std_dev: 10}}}
real: {type: real, min: 10, outside: clip, distribution: {normal: {mean: 10, std_dev: 1}}}
base: {type: int, min: 15, max: 16}
computed: {type: int, min: base, outside: clip, distribution: {normal: {mean: 5, std_dev: 1}}}
small: {type: 'numeric(4,2)', max: 99, outside: clip, distribution: {normal: {mean: 99, std_dev: 20}}}",
    );
    let share =
        |name: &str, value: &str| counts(&plan, name).get(value).map_or(0.0, |n| *n as f64 / 40_000.0);
    // Below 10.5, and above 29.5: beyond 0.95 standard deviations.
    assert!((share("clip", "10") - 0.1711).abs() < 0.01 && (share("clip", "30") - 0.1711).abs() < 0.01);
    assert!((share("cut", "10") - 0.0354).abs() < 0.005, "{}", share("cut", "10"));
    assert!((share("real", "10") - 0.5).abs() < 0.01);
    assert!((share("small", "99.00") - 0.5).abs() < 0.01, "beyond the type's limits too");
    assert_eq!(ints(&plan, "t", "computed"), ints(&plan, "t", "base"));
}

#[test]
fn bands_are_picked_by_weight_and_drawn_from_alike() {
    let plan = table(
        50_000,
        "amount: {type: int, bands: [{min: 0, max: 99, weight: 70}, {min: 100, max: 999, weight: 25}, {min: 1000, max: 9999, weight: 5}]}
overlap: {type: int, bands: [{min: 1, max: 4}, {min: 3, max: 3}]}
day: {type: date, bands: [{min: 2025-01-01, max: 2025-01-02, weight: 1}, {min: 2025-06-01, max: 2025-06-01, weight: 3}]}
after: {type: date, bands: [{min: day, max: day}, {min: day + 1, max: day + 2}]}
shaped: {type: 'numeric(6,1)', bands: [{min: 0, max: 10, weight: 1, step: 5}, {max: 100, min: 50, weight: 1, distribution: {exponential: {mean: 1}}}]}",
    );
    let amounts = ints(&plan, "t", "amount");
    let within = |min, max| amounts.iter().filter(|x| (min..=max).contains(*x)).count() as f64 / 50_000.0;
    for (min, max, share) in
        [(0, 99, 0.7), (0, 49, 0.35), (100, 999, 0.25), (100, 549, 0.125), (1_000, 9_999, 0.05)]
    {
        assert!((within(min, max) - share).abs() < 0.01, "{min} to {max}: {}", within(min, max));
    }
    let overlap = counts(&plan, "overlap");
    assert!((overlap["3"] as f64 / 50_000.0 - 0.625).abs() < 0.01, "{overlap:?}");
    assert!((counts(&plan, "day")["2025-06-01"] as f64 / 50_000.0 - 0.75).abs() < 0.01);
    for (day, after) in ints(&plan, "t", "day").iter().zip(ints(&plan, "t", "after")) {
        assert!((0..=2).contains(&(after - day)), "bounds of bands read the row");
    }
    let shaped = counts(&plan, "shaped");
    assert!(
        shaped.keys().all(|x| ["0.0", "5.0", "10.0"].contains(&x.as_str()) || x.len() == 4),
        "{shaped:?}"
    );
}

#[test]
fn a_quota_is_exact_to_the_row_at_any_size() {
    for rows in [1, 3, 10, 1_000, 1_003, 20_000] {
        let plan = table(
            rows,
            "status: {type: text, values: {paid: 70, open: 20, lost: 10}, quota: true}
flag: {type: boolean, quota: true}
thirds: {type: int, bands: [{min: 1, max: 9}, {min: 11, max: 19}, {min: 21, max: 29}], quota: true}",
        );
        let exact = |counts: &BTreeMap<String, u64>, value: &str, share: f64| {
            let count = counts.get(value).copied().unwrap_or(0) as f64;
            assert!((count - share * rows as f64).abs() < 1.0, "{rows} rows, {value}: {count}");
        };
        let status = counts(&plan, "status");
        [("paid", 0.7), ("open", 0.2), ("lost", 0.1)]
            .iter()
            .for_each(|(value, share)| exact(&status, value, *share));
        exact(&counts(&plan, "flag"), "true", 0.5);
        let mut thirds = BTreeMap::new();
        for value in ints(&plan, "t", "thirds") {
            *thirds.entry((value / 10).to_string()).or_default() += 1;
        }
        ["0", "1", "2"].iter().for_each(|third| exact(&thirds, third, 1.0 / 3.0));
    }
    let spread = table(1_000, "status: {type: text, values: {a: 1, b: 1}, quota: true}");
    let first_half =
        texts(&spread, "t", "status")[..500].iter().filter(|text| text.as_deref() == Some("a")).count();
    assert!((200..300).contains(&first_half), "not in the order of the list: {first_half}");
}

#[test]
fn exact_nulls_are_exact_to_the_row_and_not_in_order() {
    for (rows, nulls) in [(1, 1), (59, 50), (1_000, 847), (20_000, 16_949)] {
        let plan = table(rows, "note: {type: text, values: [a], null: {share: 84.7458%, exact: true}}");
        let notes = texts(&plan, "t", "note");
        assert_eq!(notes.iter().filter(|note| note.is_none()).count(), nulls, "{rows} rows");
    }
    let plan = table(1_000, "note: {type: text, values: [a], null: {share: 50%, exact: true}}");
    let first_half = texts(&plan, "t", "note")[..500].iter().filter(|note| note.is_none()).count();
    assert!((200..300).contains(&first_half), "spread over the table: {first_half}");
}

/// Spearman's coefficient: Pearson's of the ranks, equal values having their middle rank.
fn spearman(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|x, y| values[*x].total_cmp(&values[*y]));
        let mut ranks = vec![0.0; values.len()];
        let mut start = 0;
        while start < order.len() {
            let alike = order[start..].iter().take_while(|at| values[**at] == values[order[start]]).count();
            order[start..start + alike]
                .iter()
                .for_each(|at| ranks[*at] = start as f64 + (alike - 1) as f64 / 2.0);
            start += alike;
        }
        ranks
    };
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() - 1) as f64 / 2.0;
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    sum(&a, &b) / (sum(&a, &a) * sum(&b, &b)).sqrt()
}

/// The rows of two columns where neither is null.
fn pairs(plan: &Plan, names: [&str; 2]) -> (Vec<f64>, Vec<f64>) {
    let [a, b] = names.map(|name| column(plan, "t", name, Options::default()));
    let number = |vector: &datagen::value::Vector, at: usize| match &vector.data {
        datagen::value::Data::Float(values) => values[at],
        _ => vector.ints()[at] as f64,
    };
    let both = (0..a.len()).filter(|at| a.is_valid(*at) && b.is_valid(*at));
    both.map(|at| (number(&a, at), number(&b, at))).unzip()
}

#[test]
fn correlated_columns_have_the_rank_correlation_asked_for() {
    let rows = 20_000;
    let shapes = [
        "type: double precision, min: 0, max: 1",
        "type: 'numeric(12,2)', distribution: {lognormal: {mu: 10, sigma: 0.7}}",
        "type: bigint, min: 0, max: 1000000, distribution: {beta: {alpha: 2, beta: 5}}",
        "type: date, min: 1990-01-01, max: 2025-12-31",
        "type: int, bands: [{min: 0, max: 9999, weight: 3}, {min: 10000, max: 99999, weight: 1}]",
    ];
    for (nth, (shape, other)) in shapes.iter().flat_map(|a| shapes.iter().map(move |b| (a, b))).enumerate() {
        let wanted = [0.7, -0.5, 0.95, 0.2, -1.0][nth % 5];
        let plan =
            table(rows, &format!("other: {{{other}}}\none: {{{shape}, correlation: {{other: {wanted}}}}}"));
        let (one, other) = pairs(&plan, ["one", "other"]);
        // Three standard errors of Spearman's coefficient are below 0.022 at 20,000 rows.
        let found = spearman(&one, &other);
        assert!((found - wanted).abs() < 0.022, "{shape}: {found}, not {wanted}");
    }
}

#[test]
fn correlation_leaves_both_laws_and_the_other_columns_values_as_they_were() {
    let alone = table(10_000, "age: {type: int, min: 18, max: 90}\nincome: {type: int, min: 1, max: 1000}");
    let plan = table(
        10_000,
        "age: {type: int, min: 18, max: 90, null: 20%}
income: {type: int, min: 1, max: 1000, null: 10%, correlation: {age: 0.6}}
rent: {type: int, min: 1, max: 100000, correlation: {income: 0.7, age: 0.3}}
car: {type: int, min: 1, max: 100000, correlation: {rent: 0.8}}",
    );
    let ages = column(&plan, "t", "age", Options::default());
    let before = ints(&alone, "t", "age");
    assert!((0..10_000).all(|at| !ages.is_valid(at) || ages.ints()[at] == before[at]));
    let incomes = ints(&plan, "t", "income");
    let below = incomes.iter().filter(|income| **income <= 250).count();
    assert!(below.abs_diff(2_500) < 150, "uniform as before: {below}");
    // Nulls take rows away, and nothing else.
    for (names, wanted) in
        [(["income", "age"], 0.6), (["rent", "income"], 0.7), (["rent", "age"], 0.3), (["car", "rent"], 0.8)]
    {
        let (a, b) = pairs(&plan, names);
        let found = spearman(&a, &b);
        assert!((found - wanted).abs() < 0.03, "{names:?}: {found}, not {wanted}");
    }
}

#[test]
fn every_batch_size_gives_the_same_values() {
    let plan = table(
        3_000,
        "a: {type: int, min: 1, max: 1000, step: 3}
b: {type: int, bands: [{min: 1, max: 10}, {min: a, max: a + 10}], quota: true}
c: {type: int, min: 1, max: 1000, correlation: {a: 0.5}}",
    );
    for name in ["a", "b", "c"] {
        let whole = column(&plan, "t", name, Options { batch_rows: 3_000, ..Options::default() });
        let small = column(&plan, "t", name, Options { batch_rows: 7, ..Options::default() });
        assert_eq!(whole.ints(), small.ints(), "{name}");
    }
}

#[test]
fn columns_of_a_group_are_null_in_the_same_rows() {
    let plan = planned(
        "
tables:
  countries: {rows: 7, columns: {id: int primary key, contacts: {type: bigint, expr: count(contacts)}}}
  contacts:
    rows: 20000
    columns:
      street: {type: text, fake: street_address, null: {share: 20%, group: address}}
      country_id: {references: countries, null: {share: 20%, group: address}}
      country: {type: int, expr: country.id}
      other: {type: int, min: 1, max: 9, null: 20%}
      phone: {type: int, min: 1, max: 9, null: {rows: 30%, share: 60%, group: sloppy}}
      mail: {type: int, min: 1, max: 9, null: {rows: 30%, share: 90%, group: sloppy}}
",
    );
    let present = |name: &str| -> Vec<bool> {
        let vector = column(&plan, "contacts", name, Options::default());
        (0..vector.len()).map(|at| vector.is_valid(at)).collect()
    };
    let share = |nulls: &dyn Fn(usize) -> bool| (0..20_000).filter(|at| nulls(*at)).count() as f64 / 20_000.0;
    let [street, country, other, phone, mail] =
        ["street", "country_id", "other", "phone", "mail"].map(present);
    assert_eq!(street, country);
    assert_eq!(street, present("country"), "what is read through the reference is null with it");
    assert!((share(&|at| !street[at]) - 0.2).abs() < 0.01);
    assert!((share(&|at| !street[at] && !other[at]) - 0.04).abs() < 0.005, "others draw for themselves");
    let counted: i64 = ints(&plan, "countries", "contacts").iter().sum();
    assert_eq!(counted as usize, street.iter().filter(|present| **present).count(), "both directions agree");
    assert!((share(&|at| !phone[at]) - 0.18).abs() < 0.01 && (share(&|at| !mail[at]) - 0.27).abs() < 0.01);
    // Within the sloppy rows, each for itself: 0.3 x 0.6 x 0.9.
    assert!((share(&|at| !phone[at] && !mail[at]) - 0.162).abs() < 0.01);
}

#[test]
fn records_stay_together_and_come_by_their_weight() {
    let records = std::fs::read_to_string(support::package().join("examples/data/towns.csv")).unwrap();
    let records: Vec<Vec<&str>> = records.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let arguments = ["examples/53-records.yaml", "--format", "csv", "--rows", "shops=20000"];
    let files = support::files(&arguments);
    let shops = std::str::from_utf8(&files["shops.csv"]).unwrap();
    let mut counts = vec![0.0; records.len()];
    for line in shops.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let record = records.iter().position(|record| record[..3] == fields[1..4]);
        counts[record.unwrap_or_else(|| panic!("no record: {line}"))] += 1.0;
        let warehouse = records.iter().find(|record| record[0] == fields[4]).expect("a town");
        assert!(warehouse[3].parse::<u32>().unwrap() > 500, "{line}");
    }
    let populations: Vec<f64> = records.iter().map(|record| record[3].parse().unwrap()).collect();
    let total: f64 = populations.iter().sum();
    for (count, population) in counts.iter().zip(populations) {
        // Shares are dealt, not drawn: a draw would be off by fifty.
        assert!((count - 20_000.0 * population / total).abs() <= 2.0, "{count} for {population}");
    }
}

#[test]
fn what_is_not_said_follows_from_the_row_s_other_columns() {
    let plan = table(
        500,
        "birth_date: date not null
age: int
home_city: text
home_lat: numeric(9,6)
lon: numeric(9,6)
narrow_lat: numeric(3,1)
years: {type: int, expr: 'extract(year from age(as_of, birth_date))'}
in_text: {type: text, fake: {latitude: {subject: home}}}",
    );
    assert_eq!(texts(&plan, "t", "age"), texts(&plan, "t", "years"));
    let number = |text: Option<String>| text.and_then(|text| text.parse::<f64>().ok());
    let same = texts(&plan, "t", "home_lat").into_iter().zip(texts(&plan, "t", "in_text"));
    assert!(same.map(|(one, other)| (number(one), number(other))).all(|(one, other)| one == other));
    // No city of its own: anywhere.
    let lon = texts(&plan, "t", "lon").into_iter().filter_map(number);
    assert!(lon.filter(|degrees| *degrees > 0.0).count() > 150);
}

#[test]
fn the_last_change_comes_after_all_others() {
    let plan = table(
        500,
        "created_at: timestamp not null
published_at: timestamp
cancelled_at: timestamp
updated_at: timestamp not null
late: {type: boolean, expr: 'updated_at >= greatest(created_at, published_at, cancelled_at)'}",
    );
    assert_eq!(counts(&plan, "late").into_keys().collect::<Vec<_>>(), ["true"]);
}
