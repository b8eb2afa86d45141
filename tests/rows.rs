//! The shapes of `rows:`: spec in, values out, against plain second computations.

mod support;

use datagen::diagnostic::Sources;
use datagen::generate::{Options, Worker};
use datagen::plan::{Overrides, Plan};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::front_door::{self, ints, printed};

fn try_plan(text: &str, overrides: &Overrides) -> Result<Plan, String> {
    fn read_file(path: &Path) -> std::io::Result<String> {
        match path.to_str() {
            Some("data/sizes.csv") => {
                Ok("\u{feff}code\tlabel\r\nS\tsmall\r\nM\t\"\"\r\nXL\tNA\r\n".to_owned())
            }
            _ => Err(std::io::ErrorKind::NotFound.into()),
        }
    }
    front_door::try_plan(Sources::reading(read_file), text, overrides)
}

fn planned(text: &str) -> Plan {
    try_plan(text, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn rows(plan: &Plan, table: &str) -> u64 {
    plan.tables.iter().find(|of| of.name == table).expect("the table is there").rows
}

const RETURNS: &str = "
tables:
  orders:
    rows: 3000
    columns:
      id: bigint primary key
      returned: {type: bigint, expr: 'coalesce(sum(returns.qty), 0)'}
  items:
    rows: {per: orders, min: 1, max: 7}
    columns:
      id: bigint primary key
      order_id: {references: orders}
      qty: {type: int, min: 1, max: 9}
      returns_count: {type: bigint, expr: count(returns)}
  returns:
    rows: {sample: items, fraction: FRACTION}
    columns:
      item_id: bigint primary key references items
      order_id: {references: orders, expr: item.order_id}
      qty: {type: int, expr: item.qty}
";

#[test]
fn a_sample_takes_no_row_twice_in_the_order_of_the_parent() {
    let plan = planned(&RETURNS.replace("FRACTION", "10%"));
    let items = rows(&plan, "items");
    let sampled = ints(&plan, "returns", "item_id");
    assert_eq!(sampled.len() as u64, (items as f64 * 0.1).round() as u64);
    assert!(sampled.is_sorted_by(|one, next| one < next));
    let quantities = ints(&plan, "items", "qty");
    let counts = ints(&plan, "items", "returns_count");
    let orders = ints(&plan, "items", "order_id");
    let mut returned = vec![0; 3_000];
    for (item, qty) in sampled.iter().zip(ints(&plan, "returns", "qty")) {
        let at = *item as usize - 1;
        assert_eq!(qty, quantities[at], "what is read through the reference");
        returned[orders[at] as usize - 1] += qty;
    }
    for (at, count) in counts.iter().enumerate() {
        assert_eq!(*count, i64::from(sampled.binary_search(&(at as i64 + 1)).is_ok()));
    }
    assert_eq!(ints(&plan, "orders", "returned"), returned, "sums by way of the sampled row");
}

#[test]
fn a_sample_may_be_all_rows_or_none() {
    let all = planned(&RETURNS.replace("FRACTION", "100%"));
    assert_eq!(ints(&all, "returns", "item_id"), ints(&all, "items", "id"));
    let none = planned(&RETURNS.replace("FRACTION", "0"));
    assert_eq!(rows(&none, "returns"), 0);
    assert_eq!(ints(&none, "orders", "returned"), vec![0; 3_000]);
}

#[test]
fn a_cross_product_has_each_combination_once_in_order() {
    let plan = planned(
        "
tables:
  weeks: {rows: 4, columns: {id: int primary key, total: {type: bigint, expr: sum(stock.amount)}}}
  items: {rows: 5, columns: {id: int primary key, stock_count: {type: bigint, expr: count(stock)}}}
  stock:
    rows: {each: [weeks, size, item_id]}
    primary_key: [week_id, item_id, size]
    columns:
      week_id: int references weeks
      item_id: int references items
      size: {type: char(1), values: [S, M, L]}
      amount: {type: int, min: 0, max: 100}
",
    );
    let (weeks, items) = (ints(&plan, "stock", "week_id"), ints(&plan, "stock", "item_id"));
    let sizes = printed(&plan, "stock", "size");
    let mut expected = Vec::new();
    for week in 1..=4 {
        for size in ["S", "M", "L"] {
            (1..=5).for_each(|item| expected.push((week, size.to_owned(), item)));
        }
    }
    let found: Vec<_> = (0..60).map(|at| (weeks[at], sizes[at].clone(), items[at])).collect();
    assert_eq!(found, expected);
    let mut totals = vec![0; 4];
    for (week, amount) in weeks.iter().zip(ints(&plan, "stock", "amount")) {
        totals[*week as usize - 1] += amount;
    }
    assert_eq!(ints(&plan, "weeks", "total"), totals);
    assert_eq!(ints(&plan, "items", "stock_count"), [12; 5]);
}

#[test]
fn a_factor_without_rows_makes_a_cross_product_without_rows() {
    let plan = planned(
        "
tables:
  a: {rows: 0, columns: {id: int primary key}}
  b: {rows: 3, columns: {id: int primary key, pairs: {type: bigint, expr: count(c)}}}
  c: {rows: {each: [a, b]}, columns: {a_id: int references a, b_id: int references b}}
",
    );
    assert_eq!(rows(&plan, "c"), 0);
    assert_eq!(ints(&plan, "b", "pairs"), [0; 3]);
}

#[test]
fn pairs_of_one_table_know_which_column_is_which() {
    let plan = planned(
        "
tables:
  teams: {rows: 3, columns: {id: int primary key}}
  games:
    rows: {each: [{table: teams, through: home_id}, {table: teams, through: guest_id}]}
    unique: [[guest_id, home_id]]
    columns: {guest_id: int references teams, home_id: int references teams}
",
    );
    assert_eq!(ints(&plan, "games", "home_id"), [1, 1, 1, 2, 2, 2, 3, 3, 3]);
    assert_eq!(ints(&plan, "games", "guest_id"), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
}

#[test]
fn dates_are_found_again_by_their_value() {
    let plan = planned(
        "
as_of: 2024-03-02
tables:
  days:
    rows: {dates: [2024-02-27, as_of]}
    columns: {id: int primary key, day: date unique, is_leap: {type: boolean, expr: day = '2024-02-29'}}
  visits:
    rows: 50
    columns:
      at: {type: timestamp, min: '2024-02-27', max: '2024-03-02 12:00'}
      day: {type: date, references: days(day), expr: at::date}
      on_leap: {type: boolean, expr: day.is_leap}
",
    );
    assert_eq!(
        printed(&plan, "days", "day"),
        ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]
    );
    let days = printed(&plan, "visits", "day");
    for (day, on_leap) in days.iter().zip(printed(&plan, "visits", "on_leap")) {
        assert_eq!(on_leap, (day == "2024-02-29").to_string());
    }
    assert!(days.iter().collect::<BTreeSet<_>>().len() > 3);
}

#[test]
fn a_date_that_no_row_has_ends_the_run() {
    let plan = planned(
        "
tables:
  days: {rows: {dates: [2024-01-01, 2024-01-31]}, columns: {day: date primary key}}
  visits: {rows: 2, columns: {day: {type: date, references: days, expr: \"date '2024-02-01'\"}}}
",
    );
    let failure = Worker::new(&plan, Options::default()).batch(1, 0..2, &[0]).expect_err("is no key");
    assert_eq!(
        failure.to_string(),
        "visits.day, row 1: 2024-02-01 is not a key of `days`, whose keys go from 2024-01-01 to 2024-01-31"
    );
}

#[test]
fn months_end_where_they_end_and_may_be_counted_backwards() {
    let plan = planned(
        "
params: {first: '2023-11-30'}
tables:
  months:
    rows: {dates: [first::date, 2024-03-30], step: 1 month}
    columns: {id: int primary key, month: date not null unique}
  quarters_of_an_hour:
    rows: {dates: ['2024-01-01 23:30', '2024-01-02'], step: 15 minutes, column: ends_at}
    columns: {starts_at: timestamp, ends_at: timestamp primary key}
",
    );
    let months = printed(&plan, "months", "month");
    assert_eq!(months, ["2023-11-30", "2023-12-30", "2024-01-30", "2024-02-29", "2024-03-30"]);
    let ends = printed(&plan, "quarters_of_an_hour", "ends_at");
    assert_eq!(ends, ["2024-01-01 23:30:00", "2024-01-01 23:45:00", "2024-01-02 00:00:00"]);
}

const SIZES: &str = r#"
tables:
  sizes:
    rows: {file: data/sizes.csv, delimiter: "\t", null: NA, columns: {name: label}}
    columns: {code: varchar(2) primary key, name: text, rank: {type: int, expr: row}}
  shirts:
    rows:
      values:
        - {size: M, price: 10}
        - {size: XL, price: 12.5}
        - {price: 9}
        - {size: M}
    columns:
      id: int primary key
      size: {type: varchar(2), references: sizes, }
      price: numeric(6,2)
      size_rank: {type: int, expr: size.rank}
      colour: {type: text, values: [red]}
  tags: {rows: {values: [cheap, new], columns: name}, columns: {name: text}}
"#;

#[test]
fn rows_that_are_written_down_are_what_is_written() {
    let plan = planned(SIZES);
    assert_eq!(printed(&plan, "sizes", "code"), ["S", "M", "XL"]);
    assert_eq!(printed(&plan, "sizes", "name"), ["small", "", "-"], "quoted nothing is a text, NA is null");
    assert_eq!(printed(&plan, "shirts", "price"), ["10.00", "12.50", "9.00", "-"]);
    assert_eq!(printed(&plan, "shirts", "id"), ["1", "2", "3", "4"]);
    assert_eq!(printed(&plan, "shirts", "colour"), ["red"; 4]);
    assert_eq!(printed(&plan, "tags", "name"), ["cheap", "new"]);
}

#[test]
fn references_that_are_written_down_lead_both_ways() {
    let counted = SIZES
        .replace("name: text, rank", "name: text, shirts_count: {type: bigint, expr: count(shirts)}, rank");
    let plan = planned(&counted);
    assert_eq!(printed(&plan, "shirts", "size_rank"), ["2", "3", "-", "2"]);
    assert_eq!(ints(&plan, "sizes", "shirts_count"), [0, 2, 1]);
}

#[test]
fn generated_rows_refer_to_written_ones() {
    let more = format!("{SIZES}  orders: {{rows: 100, columns: {{size: {{references: sizes}}}}}}\n");
    let plan = planned(&more);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    printed(&plan, "orders", "size").into_iter().for_each(|size| *counts.entry(size).or_default() += 1);
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["M", "S", "XL"]);
}

#[test]
fn rows_follow_the_points_of_scale() {
    let text =
        "tables: {a: {rows: {scale: {1: 2 * k, 10: 8k}}, columns: {id: int primary key}}}\nparams: {k: 1000}";
    for (scale, expected) in [(0.01, 20), (1.0, 2_000), (4.0, 4_000), (10.0, 8_000), (100.0, 80_000)] {
        let overrides = Overrides { scale: Some(scale), ..Overrides::default() };
        assert_eq!(rows(&try_plan(text, &overrides).expect("is a spec"), "a"), expected);
    }
}

#[test]
fn only_free_numbers_of_rows_can_be_set() {
    let set = |table: &str| {
        let rows = vec![(table.to_owned(), 7)];
        let text = "
tables:
  a: {rows: {scale: {1: 20}}, columns: {id: int primary key}}
  b: {rows: {sample: a, fraction: 50%}, columns: {id: int primary key}}
  c: {rows: {each: [a, b]}, columns: {id: int primary key}}
  d: {rows: {dates: [2024-01-01, 2024-01-09]}, columns: {day: date}}
  e: {rows: {values: [{id: 1}]}, columns: {id: int}}
";
        try_plan(text, &Overrides { rows, ..Overrides::default() })
    };
    assert_eq!(set("a").map(|plan| rows(&plan, "b")), Ok(4), "a half of 7, rounded");
    for (table, why) in [
        ("b", "are a sample of `a`"),
        ("c", "are combinations"),
        ("d", "are dates"),
        ("e", "are written down"),
    ] {
        let told = set(table).map(|_| ()).expect_err("is refused");
        assert!(told.contains(why), "{told}");
    }
}
