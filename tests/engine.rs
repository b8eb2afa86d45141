//! The library's front door: a spec in, vectors out. What the engine computes is checked against plain second
//! computations, and against itself under other batch sizes and caches.

mod support;

use datagen::generate::{Options, Worker};
use datagen::plan::Plan;
use datagen::value::text;
use std::collections::BTreeMap;
use support::front_door::{column, ints, planned};

const SHOP: &str = "
tables:
  customers:
    rows: 300
    columns:
      id: bigint primary key
      name: {type: text, fake: full_name}
      spent: {type: 'numeric(12,2)', expr: 'coalesce(sum(orders.total), 0)'}
      orders_paid: {type: bigint, expr: \"count(orders) filter (where orders.status = 'paid')\"}
      largest: {type: 'numeric(10,2)', expr: max(orders.total)}
  products:
    rows: 3000
    columns:
      id: bigint primary key
      price: {type: 'numeric(8,2)', min: 1, max: 500}
      label: {type: text, expr: \"upper('p' || id::text)\"}
  orders:
    rows: 2000
    columns:
      id: bigint primary key
      customer_id: {references: customers, null: 10%}
      status: {type: text, values: {paid: 3, open: 1}}
      customer_name: {type: text, expr: customer.name}
      total: {type: 'numeric(10,2)', expr: 'coalesce(sum(items.amount), 0)'}
  items:
    rows: {per: orders, min: 0, max: 9, distribution: {geometric: {p: 0.3}}}
    columns:
      order_id: {references: orders}
      line: {type: int, expr: nth}
      product_id: {references: products, distribution: {zipf: {s: 1.1}}}
      label: {type: text, expr: product.label}
      qty: {type: int, min: 1, max: 5}
      amount: {type: 'numeric(10,2)', expr: qty * product.price}
";

#[test]
fn sums_over_children_are_what_adding_them_up_gives() {
    let plan = planned(SHOP);
    let mut totals = vec![0i64; 2_000];
    let (orders, amounts) = (ints(&plan, "items", "order_id"), ints(&plan, "items", "amount"));
    for (order, amount) in orders.iter().zip(&amounts) {
        totals[*order as usize - 1] += amount;
    }
    assert_eq!(ints(&plan, "orders", "total"), totals);

    let customers = column(&plan, "orders", "customer_id", Options::default());
    let status = column(&plan, "orders", "status", Options::default());
    let (mut spent, mut paid, mut largest) = (vec![0; 300], vec![0; 300], vec![None; 300]);
    for order in (0..2_000).filter(|order| customers.is_valid(*order)) {
        let customer = customers.ints()[order] as usize - 1;
        spent[customer] += totals[order];
        paid[customer] += i64::from(status.text(order) == b"paid");
        largest[customer] = largest[customer].max(Some(totals[order]));
    }
    assert_eq!(ints(&plan, "customers", "spent"), spent);
    assert_eq!(ints(&plan, "customers", "orders_paid"), paid);
    let computed = column(&plan, "customers", "largest", Options::default());
    for (customer, largest) in largest.iter().enumerate() {
        let value = computed.is_valid(customer).then(|| computed.ints()[customer]);
        assert_eq!(value, *largest, "customer {customer}");
    }
}

#[test]
fn parents_columns_are_those_of_the_parent_row() {
    let plan = planned(SHOP);
    let prices = ints(&plan, "products", "price");
    let products = ints(&plan, "items", "product_id");
    let quantities = ints(&plan, "items", "qty");
    let amounts = ints(&plan, "items", "amount");
    for at in 0..products.len() {
        assert_eq!(amounts[at], quantities[at] * prices[products[at] as usize - 1]);
    }
    let names = column(&plan, "customers", "name", Options::default());
    let customers = column(&plan, "orders", "customer_id", Options::default());
    let copies = column(&plan, "orders", "customer_name", Options::default());
    for order in 0..2_000 {
        assert_eq!(copies.is_valid(order), customers.is_valid(order), "no customer, no name");
        if customers.is_valid(order) {
            assert_eq!(copies.text(order), names.text(customers.ints()[order] as usize - 1));
        }
    }
}

#[test]
fn lines_are_counted_within_their_parent() {
    let plan = planned(SHOP);
    let mut seen: BTreeMap<i64, i64> = BTreeMap::new();
    for (order, line) in ints(&plan, "items", "order_id").iter().zip(ints(&plan, "items", "line")) {
        let last = seen.entry(*order).or_default();
        assert_eq!(line, *last + 1);
        *last = line;
    }
    assert!(seen.values().max() > Some(&3) && seen.len() < 2_000, "some orders have many lines, some none");
}

#[test]
fn neither_batch_size_nor_cache_changes_a_value() {
    let plan = planned(SHOP);
    let shown = |table: &str, name: &str, options: Options| -> Vec<Option<Vec<u8>>> {
        let of = plan.tables.iter().find(|of| of.name == table).expect("the table is there");
        let sql_type = &of.columns.iter().find(|of| of.name == name).expect("the column is there").sql_type;
        let vector = column(&plan, table, name, options);
        let show = |at: usize| {
            let mut out = Vec::new();
            text::value(&mut out, sql_type, &vector, at);
            out
        };
        (0..vector.len()).map(|at| vector.is_valid(at).then(|| show(at))).collect()
    };
    for table in &plan.tables {
        for name in table.columns.iter().map(|column| column.name.as_str()) {
            let usual = shown(&table.name, name, Options::default());
            for (batch_rows, cache_batches) in [(1, 0), (7, 1_024), (1_000, 0), (8_192, 3)] {
                let other = shown(&table.name, name, Options { batch_rows, cache_batches });
                assert!(
                    usual == other,
                    "{}.{name} with batches of {batch_rows}, cache {cache_batches}",
                    table.name
                );
            }
        }
    }
}

#[test]
fn the_cache_answers_for_parents_that_are_read_at_random() {
    let plan = planned(SHOP);
    let items = plan.tables.iter().position(|table| table.name == "items").expect("is there");
    let label =
        plan.tables[items].columns.iter().position(|column| column.name == "label").expect("is there");
    let mut worker = Worker::new(&plan, Options::default());
    for batch in 0..4 {
        worker.batch(items, batch * 1_000..(batch + 1) * 1_000, &[label]).expect("can be computed");
    }
    let figures = worker.cache_figures();
    assert_eq!(figures.misses, 3, "3,000 products are three blocks");
    assert!(figures.hits >= 9, "{figures:?}");
}

#[test]
fn trees_of_earlier_rows_may_build_on_their_parents_values() {
    let plan = planned(
        "
tables:
  folders:
    rows: 500
    columns:
      id: int primary key
      parent_id: {references: folders, earlier: true}
      depth: {type: int, expr: 'coalesce(parent.depth + 1, 0)'}
",
    );
    let parents = column(&plan, "folders", "parent_id", Options::default());
    let depths = ints(&plan, "folders", "depth");
    assert!(!parents.is_valid(0), "the first row is the root");
    for row in 1..500 {
        let parent = parents.ints()[row] as usize - 1;
        assert!(parent < row);
        assert_eq!(depths[row], depths[parent] + 1);
    }
}

#[test]
fn a_failed_value_names_its_table_column_and_row() {
    let plan = planned("tables: {t: {rows: 20, columns: {a: {type: int, expr: '100 / (row - 13)'}}}}");
    let failure = Worker::new(&plan, Options::default()).batch(0, 0..20, &[0]).expect_err("divides by zero");
    assert_eq!(failure.message, "division by zero");
    assert_eq!(failure.place.as_deref(), Some("t.a, row 13"));
}

#[test]
fn a_null_never_reaches_a_column_that_is_not_null() {
    let text = "tables: {t: {rows: 9, columns: {a: {type: int, not_null: true, expr: 'nullif(row, 7)'}}}}";
    let plan = planned(text);
    let failure = Worker::new(&plan, Options::default()).batch(0, 0..9, &[0]).expect_err("has a null");
    assert_eq!(failure.place.as_deref(), Some("t.a, row 7"));
}

/// Why the first batch of a table cannot be computed.
fn failure_of(plan: &Plan, table: usize) -> String {
    let of = &plan.tables[table];
    let columns: Vec<usize> = (0..of.columns.len()).collect();
    Worker::new(plan, Options::default())
        .batch(table, 0..of.rows, &columns)
        .expect_err("is refused")
        .to_string()
}

#[test]
fn a_computed_reference_is_held_to_the_keys_of_its_table() {
    let plan = planned(
        "
tables:
  shops: {rows: 10, columns: {id: int primary key}}
  sales: {rows: 20, columns: {shop_id: {type: int, references: shops, expr: row}}}
",
    );
    assert_eq!(
        failure_of(&plan, 1),
        "sales.shop_id, row 11: 11 is not a key of `shops`, whose keys go from 1 to 10"
    );
}

#[test]
fn a_row_that_breaks_a_check_ends_the_run() {
    let plan = planned("tables: {t: {rows: 9, columns: {a: {type: int, expr: row, check: a < 5}}}}");
    assert_eq!(failure_of(&plan, 0), "t, row 5: check `t_a_check` does not hold: a < 5");
}

#[test]
fn what_is_made_of_the_least_date_of_no_rows_is_null() {
    let plan = planned(
        "
version: 1
tables:
  customers:
    rows: 20
    columns:
      id: int primary key
      first: {type: date, expr: min(loans.due_on)}
      year: {type: int, expr: extract(year from first)}
      next: {type: timestamp, expr: \"first::timestamp + interval '1 month'\"}
  loans:
    rows: {sample: customers, fraction: 50%}
    columns:
      customer_id: int primary key references customers
      due_on: {type: date, min: 2025-01-01, max: 2025-12-31}
",
    );
    let year = column(&plan, "customers", "year", Options::default());
    assert_eq!((0..20).filter(|at| year.is_valid(*at)).count(), 10);
    let next = column(&plan, "customers", "next", Options::default());
    assert!((0..20).all(|at| next.is_valid(at) == year.is_valid(at)));
}
