//! What runs along the rows of a parent, against plain second computations.

mod support;

use datagen::generate::Options;
use datagen::plan::Plan;
use datagen::value::Vector;
use support::front_door::{self, planned};

/// Rows made per parent, and rows made per those, which have the same parents further up.
const LEDGER: &str = "
version: 1
tables:
  accounts:
    rows: 40
    columns:
      id: int primary key
      lowest: {type: bigint, expr: min(entries.total)}
  months:
    rows: {per: accounts, min: 1, max: 5}
    columns:
      id: int primary key
      account_id: int not null references accounts
  entries:
    rows: {per: months, min: 0, max: 30, mean: 12}
    columns:
      id: int primary key
      month_id: int not null references months
      account_id: {type: int, references: accounts, expr: month.account_id}
      amount: {type: int, min: -9, max: 9, null: 20%}
      price: {type: double precision, min: 0, max: 1}
      note: {type: text, values: [a, b, c]}
      total: {type: bigint, expr: sum(amount) over (partition by account_id order by row)}
      in_month: {type: bigint, expr: sum(amount) over (partition by month_id order by nth)}
      counted: {type: bigint, expr: count(amount) over (partition by account_id order by row)}
      numbered: {type: bigint, expr: count(*) over (partition by account_id order by row)}
      least: {type: int, expr: min(amount) over (partition by account_id order by row)}
      most: {type: double precision, expr: max(price) over (partition by account_id order by row)}
      before: {type: int, expr: lag(amount) over (partition by account_id order by row)}
      third_before: {type: text, expr: \"lag(note, 3) over (partition by month_id order by nth)\"}
  picks:
    rows: 300
    columns:
      id: int primary key
      entry_id: int not null references entries
      total: {type: bigint, expr: entry.total}
      before: {type: int, expr: entry.before}
      note: {type: text, expr: entry.third_before}
";

/// Batches that end in the middle of a parent's rows, and the cache on and off.
const CUTS: [Options; 4] = [
    Options { batch_rows: 1_024, cache_batches: 4_096 },
    Options { batch_rows: 1_024, cache_batches: 0 },
    Options { batch_rows: 7, cache_batches: 0 },
    Options { batch_rows: 1, cache_batches: 4_096 },
];

fn ints(plan: &Plan, table: &str, column: &str, options: Options) -> Vec<Option<i64>> {
    let values = front_door::column(plan, table, column, options);
    (0..values.len()).map(|at| values.is_valid(at).then(|| values.ints()[at])).collect()
}

fn whole(plan: &Plan, table: &str, column: &str) -> Vector {
    front_door::column(plan, table, column, Options::default())
}

/// For each row what `fold` makes of the values of the rows up to it that have the same parent.
fn along<T: Clone, R>(parents: &[Option<i64>], values: &[T], fold: impl Fn(&[T]) -> R) -> Vec<R> {
    let begin = |at: usize| (0..=at).find(|first| parents[*first] == parents[at]).expect("itself");
    (0..values.len()).map(|at| fold(&values[begin(at)..=at])).collect()
}

#[test]
fn totals_are_those_of_the_rows_up_to_each() {
    let plan = planned(LEDGER);
    let options = Options::default();
    let amounts = ints(&plan, "entries", "amount", options);
    let accounts = ints(&plan, "entries", "account_id", options);
    let months = ints(&plan, "entries", "month_id", options);
    let sum = |values: &[Option<i64>]| values.iter().flatten().copied().reduce(|a, b| a + b);
    for cut in CUTS {
        assert_eq!(ints(&plan, "entries", "total", cut), along(&accounts, &amounts, sum), "{cut:?}");
        assert_eq!(ints(&plan, "entries", "in_month", cut), along(&months, &amounts, sum), "{cut:?}");
        let least = along(&accounts, &amounts, |values| values.iter().flatten().min().copied());
        assert_eq!(ints(&plan, "entries", "least", cut), least, "{cut:?}");
        let counted = along(&accounts, &amounts, |values| Some(values.iter().flatten().count() as i64));
        assert_eq!(ints(&plan, "entries", "counted", cut), counted, "{cut:?}");
        let numbered = along(&accounts, &amounts, |values| Some(values.len() as i64));
        assert_eq!(ints(&plan, "entries", "numbered", cut), numbered, "{cut:?}");
    }
    let most = along(&accounts, whole(&plan, "entries", "price").floats(), |values| {
        values.iter().copied().fold(f64::MIN, f64::max)
    });
    assert_eq!(whole(&plan, "entries", "most").floats(), most);
}

#[test]
fn the_row_before_is_one_of_the_same_parent() {
    let plan = planned(LEDGER);
    let options = Options::default();
    let amounts = ints(&plan, "entries", "amount", options);
    let accounts = ints(&plan, "entries", "account_id", options);
    let months = ints(&plan, "entries", "month_id", options);
    let before = along(&accounts, &amounts, |values| values.iter().rev().nth(1).copied().flatten());
    for cut in CUTS {
        assert_eq!(ints(&plan, "entries", "before", cut), before, "{cut:?}");
    }
    let notes = front_door::printed(&plan, "entries", "note");
    let third = along(&months, &notes, |values| values.iter().rev().nth(3).cloned().unwrap_or("-".into()));
    assert_eq!(front_door::printed(&plan, "entries", "third_before"), third);
}

#[test]
fn others_read_what_runs() {
    let plan = planned(LEDGER);
    let options = Options::default();
    let (totals, before) =
        (ints(&plan, "entries", "total", options), ints(&plan, "entries", "before", options));
    let notes = front_door::printed(&plan, "entries", "third_before");
    let picked = ints(&plan, "picks", "entry_id", options);
    let of = |values: &[Option<i64>]| -> Vec<Option<i64>> {
        picked.iter().map(|id| values[id.expect("a reference") as usize - 1]).collect()
    };
    for cut in CUTS {
        assert_eq!(ints(&plan, "picks", "total", cut), of(&totals), "{cut:?}");
        assert_eq!(ints(&plan, "picks", "before", cut), of(&before), "{cut:?}");
        let accounts = ints(&plan, "entries", "account_id", options);
        let lowest = |id: i64| {
            let own = accounts.iter().zip(&totals).filter(|(account, _)| **account == Some(id));
            own.filter_map(|(_, total)| *total).min()
        };
        let expected: Vec<Option<i64>> = (1..=40).map(lowest).collect();
        assert_eq!(ints(&plan, "accounts", "lowest", cut), expected, "{cut:?}");
    }
    let expected: Vec<String> =
        picked.iter().map(|id| notes[id.expect("a reference") as usize - 1].clone()).collect();
    assert_eq!(front_door::printed(&plan, "picks", "note"), expected);
}

#[test]
fn a_sum_that_does_not_fit_ends_the_run() {
    let plan = planned(
        "
version: 1
tables:
  a: {rows: 1, columns: {id: int primary key}}
  b:
    rows: {per: a, min: 9, max: 9}
    columns:
      id: int primary key
      a_id: int not null references a
      large: {type: \"numeric(38)\", expr: 99999999999999999999999999999999999999}
      total: {type: \"numeric(38)\", expr: sum(large) over (partition by a_id order by nth)}
",
    );
    let failure = front_door::try_column(&plan, "b", "total", Options::default()).expect_err("too large");
    assert_eq!(failure.to_string(), "b.total, row 2: numeric out of range: the sum is too large");
}

#[test]
fn aggregates_over_the_same_children_may_need_each_other() {
    // A bank's customers: what an account begins with depends on what is spent, which depends on what is saved at first.
    let plan = planned(
        "
version: 1
tables:
  customers:
    rows: 30
    columns:
      id: int primary key
      saved: {type: bigint, expr: max(accounts.saved)}
      opening: {type: bigint, expr: max(accounts.opening)}
      lowest: {type: bigint, expr: min(entries.total)}
  accounts:
    rows: {per: customers, min: 1, max: 2}
    columns:
      id: int primary key
      customer_id: int not null references customers
      saved: {type: int, min: 1, max: 100}
      opening: {type: bigint, expr: saved - customer.lowest}
  entries:
    rows: {per: customers, min: 2, max: 9}
    columns:
      id: int primary key
      customer_id: int not null references customers
      amount: {type: bigint, expr: customer.saved / 10 - 5}
      total: {type: bigint, expr: sum(amount) over (partition by customer_id order by nth)}
      balance: {type: bigint, expr: customer.opening + total}
",
    );
    for cut in CUTS {
        assert!(ints(&plan, "entries", "balance", cut).iter().all(|balance| *balance > Some(0)), "{cut:?}");
    }
}
