//! `history:` and `valid_at:`: spec in, values out, against plain second computations.

mod support;

use datagen::generate::Options;
use datagen::plan::{Overrides, Plan};
use std::collections::{BTreeMap, BTreeSet};
use support::front_door::{column, ints, planned, planned_with, printed};

/// The rows of each entity, in order.
fn entities(plan: &Plan, table: &str, key: &str) -> Vec<Vec<usize>> {
    let mut entities: Vec<Vec<usize>> = Vec::new();
    let keys = printed(plan, table, key);
    for row in 0..keys.len() {
        match entities.last_mut() {
            Some(rows) if keys[rows[0]] == keys[row] => rows.push(row),
            _ => entities.push(vec![row]),
        }
    }
    let different: BTreeSet<&String> = entities.iter().map(|rows| &keys[rows[0]]).collect();
    assert_eq!(different.len(), entities.len(), "no two entities share a key");
    entities
}

const ITEMS: &str = "
as_of: 2025-06-30
tables:
  suppliers:
    rows: 40
    columns:
      id: int primary key
      versions_count: {type: bigint, expr: count(items)}
      brands_count: {type: bigint, expr: sum(items.weight)}
  items:
    rows: 5000
    history:
      key: item_no
      versions: {1: 1, 2: 1, 3: 1}
      from: valid_from
      to: valid_to
      start: [2020-01-01, 2022-12-31]
    primary_key: [item_no, version]
    unique: [[item_no, valid_from]]
    columns:
      id: {type: bigint, sequence: {start: 1}, unique: true, not_null: true}
      item_no: {type: text, template: 'I-{entity}'}
      name: {type: text, fake: product_name}
      weight: {type: int, min: 1, max: 1000000}
      colour: {type: int, min: 1, max: 1000000, changes: 30%}
      price: {type: int, min: 1, max: 1000000000, changes: true}
      maybe: {type: int, min: 1, max: 9, null: 50%}
      supplier_id: {references: suppliers}
      buyer_id: {references: buyers, changes: 30%}
      city: {type: text, fake: city, changes: 40%}
      state: {type: text, fake: state, changes: 40%}
      valid_from: date not null
      valid_to: date
      version: {type: int, expr: version}
      versions: {type: int, expr: versions}
      entity_no: {type: int, expr: entity}
  buyers: {rows: 30, columns: {id: int primary key, items_count: {type: bigint, expr: count(items)}}}
  sales:
    rows: 3000
    columns:
      sold_on: {type: date, min: 2019-06-01, max: 2025-06-30, null: 5%}
      item_id: {references: items(id), valid_at: sold_on}
      current_id: {references: items(id), valid_at: as_of, distribution: {zipf: {s: 1}}}
      price: {type: int, expr: item.price}
";

#[test]
fn versions_follow_each_other_and_their_number_is_exact() {
    let plan = planned(ITEMS);
    let (version, versions) = (ints(&plan, "items", "version"), ints(&plan, "items", "versions"));
    let numbers = ints(&plan, "items", "entity_no");
    assert_eq!(version.len(), 5_000);
    let entities = entities(&plan, "items", "item_no");
    let mut counts = BTreeMap::new();
    for (number, rows) in entities.iter().enumerate() {
        *counts.entry(rows.len()).or_insert(0) += 1;
        for (nth, row) in rows.iter().enumerate() {
            assert_eq!((version[*row], versions[*row]), (nth as i64 + 1, rows.len() as i64));
            assert_eq!(numbers[*row], number as i64 + 1);
        }
    }
    let total = entities.len() as f64;
    for count in 1..=3 {
        assert!((counts[&count] as f64 / total - 1.0 / 3.0).abs() < 0.02, "{counts:?}");
    }
    assert_eq!(counts.len(), 3);
}

#[test]
fn validity_tiles_the_time_line() {
    let plan = planned(ITEMS);
    let (from, to) = (printed(&plan, "items", "valid_from"), printed(&plan, "items", "valid_to"));
    for rows in entities(&plan, "items", "item_no") {
        let start = from[rows[0]].as_str();
        assert!(("2020-01-01"..="2022-12-31").contains(&start));
        for pair in rows.windows(2) {
            assert_eq!(to[pair[0]], from[pair[1]], "the next begins where this one ends");
            assert!(from[pair[0]] < from[pair[1]] && from[pair[1]].as_str() <= "2025-06-30");
        }
        assert_eq!(to[rows[rows.len() - 1]], "-", "the last version is open");
    }
}

/// The share of later versions that have another value than the version before.
fn share_of_changes(plan: &Plan, name: &str) -> f64 {
    let values = printed(plan, "items", name);
    let entities = entities(plan, "items", "item_no");
    let pairs: Vec<bool> = entities
        .iter()
        .flat_map(|rows| rows.windows(2))
        .map(|pair| values[pair[0]] != values[pair[1]])
        .collect();
    pairs.iter().filter(|changed| **changed).count() as f64 / pairs.len() as f64
}

#[test]
fn values_are_kept_or_changed_as_asked() {
    let plan = planned(ITEMS);
    for name in ["name", "weight", "maybe", "supplier_id"] {
        assert_eq!(share_of_changes(&plan, name), 0.0, "{name}");
    }
    assert_eq!([share_of_changes(&plan, "price"), share_of_changes(&plan, "id")], [1.0, 1.0]);
    let colour = share_of_changes(&plan, "colour");
    assert!((colour - 0.3).abs() < 0.03, "{colour}");
    // One of thirty draws of a buyer is the same again.
    let buyer = share_of_changes(&plan, "buyer_id");
    assert!((buyer - 0.3 * 29.0 / 30.0).abs() < 0.03, "{buyer}");
    let different: BTreeSet<String> = printed(&plan, "items", "weight").into_iter().collect();
    assert!(different.len() > 2_400, "entities differ from each other: {}", different.len());
}

#[test]
fn columns_of_one_subject_change_together() {
    let plan = planned(ITEMS);
    let states_of_cities: BTreeSet<(String, String)> =
        printed(&plan, "items", "city").into_iter().zip(printed(&plan, "items", "state")).collect();
    let apart = planned(
        "tables: {a: {rows: 3000, columns: {city: {type: text, fake: city}, state: {type: text, fake: state}}}}",
    );
    let known: BTreeSet<(String, String)> =
        printed(&apart, "a", "city").into_iter().zip(printed(&apart, "a", "state")).collect();
    assert!(states_of_cities.len() > 100);
    let unknown = states_of_cities.difference(&known).count();
    assert!(
        unknown < states_of_cities.len() / 10,
        "{unknown} of {} cities are elsewhere",
        states_of_cities.len()
    );
}

#[test]
fn parents_count_the_versions_that_refer_to_them() {
    let plan = planned(ITEMS);
    for (table, name) in [("suppliers", "versions_count"), ("buyers", "items_count")] {
        let reference = if table == "suppliers" { "supplier_id" } else { "buyer_id" };
        let mut counts = vec![0; ints(&plan, table, "id").len()];
        ints(&plan, "items", reference).iter().for_each(|id| counts[*id as usize - 1] += 1);
        assert_eq!(ints(&plan, table, name), counts);
    }
}

#[test]
fn a_reference_finds_the_version_that_is_valid() {
    let plan = planned(ITEMS);
    let (from, to) = (printed(&plan, "items", "valid_from"), printed(&plan, "items", "valid_to"));
    let (version, prices) = (ints(&plan, "items", "version"), printed(&plan, "items", "price"));
    let sold = printed(&plan, "sales", "sold_on");
    let (items, read) = (printed(&plan, "sales", "item_id"), printed(&plan, "sales", "price"));
    let mut before = 0;
    for at in 0..sold.len() {
        assert_eq!(items[at] == "-", sold[at] == "-", "no day, no version");
        if items[at] == "-" {
            continue;
        }
        let row = items[at].parse::<usize>().expect("a key") - 1;
        assert_eq!(read[at], prices[row]);
        if sold[at] < from[row] {
            assert_eq!(version[row], 1, "before the first version, the first");
            before += 1;
        } else {
            assert!(to[row] == "-" || sold[at] < to[row], "{} in {} to {}", sold[at], from[row], to[row]);
        }
    }
    assert!(before > 100);
    for id in ints(&plan, "sales", "current_id") {
        assert_eq!(to[id as usize - 1], "-", "the current version");
    }
}

#[test]
fn batches_and_caches_change_nothing() {
    let plan = planned(ITEMS);
    for (table, name) in
        [("items", "colour"), ("items", "valid_to"), ("items", "buyer_id"), ("sales", "price")]
    {
        let shown = |batch_rows, cache_batches| {
            let vector = column(&plan, table, name, Options { batch_rows, cache_batches });
            (0..vector.len()).map(|at| vector.is_valid(at).then(|| vector.ints()[at])).collect::<Vec<_>>()
        };
        assert_eq!(shown(7, 0), shown(1_024, 4_096), "{table}.{name}");
    }
}

#[test]
fn more_rows_leave_the_first_entities_as_they_were() {
    let more = planned(&ITEMS.replace("rows: 5000", "rows: 9000"));
    let plan = planned(ITEMS);
    for name in ["item_no", "colour", "price", "valid_from", "name"] {
        // The last entity may have gained a version.
        assert_eq!(printed(&plan, "items", name)[..4_990], printed(&more, "items", name)[..4_990], "{name}");
    }
}

const TIERS: &str = "
tables:
  customers: {rows: 50, columns: {id: int primary key, tiers: {type: bigint, expr: count(tiers)}}}
  tiers:
    history:
      key: customer_id
      entities: 40
      versions: {min: 2, max: 2}
      from: begins
      to: ends
      to_is: inclusive
      start: 2020-01-01
      end: 2020-01-11
      spacing: even
    columns: {customer_id: {references: customers}, begins: timestamp, ends: timestamp}
";

#[test]
fn a_reference_may_be_the_key() {
    let plan = planned(TIERS);
    assert_eq!(entities(&plan, "tiers", "customer_id").len(), 40);
    let mut counts = ints(&plan, "customers", "tiers");
    counts.sort_unstable();
    assert_eq!((counts[..10].to_vec(), counts[10..].to_vec()), (vec![0; 10], vec![2; 40]));
    assert_eq!(printed(&plan, "tiers", "begins")[..2], ["2020-01-01 00:00:00", "2020-01-06 00:00:00"]);
    assert_eq!(printed(&plan, "tiers", "ends")[..2], ["2020-01-05 23:59:59.999999", "-"]);
}

#[test]
fn rows_can_be_set_where_entities_are_counted() {
    let rows = vec![("tiers".to_owned(), 31)];
    let plan = planned_with(TIERS, &Overrides { rows, ..Overrides::default() });
    assert_eq!(printed(&plan, "tiers", "begins").len(), 31);
    assert_eq!(entities(&plan, "tiers", "customer_id").len(), 16);
}

#[test]
fn a_version_sums_over_the_rows_that_chose_it() {
    let text = "
as_of: 2025-06-30
tables:
  items:
    rows: 900
    history: {key: item_no, versions: {1: 1, 2: 1, 5: 1}, from: valid_from, start: 2020-01-01}
    columns:
      id: bigint primary key
      item_no: {type: int, expr: entity}
      valid_from: date not null
      sales: {type: bigint, expr: count(sales)}
      pieces: {type: bigint, expr: 'coalesce(sum(sales.pieces), 0)'}
      dear: {type: bigint, expr: count(sales) filter (where sales.pieces > 5)}
  sales:
    rows: 20000
    columns:
      sold_on: {type: date, min: 2019-06-01, max: 2025-06-30, null: 5%}
      pieces: {type: int, min: 1, max: 9}
      item_id: {references: items, valid_at: sold_on, distribution: {zipf: {s: 1}}, null: 10%}
      of_item: {type: bigint, expr: item.pieces}
";
    let plan = planned(text);
    let (mut counts, mut sums, mut dear) = (vec![0; 900], vec![0; 900], vec![0; 900]);
    let (pieces, items) = (ints(&plan, "sales", "pieces"), printed(&plan, "sales", "item_id"));
    for (item, pieces) in items.iter().zip(&pieces) {
        let Ok(item) = item.parse::<usize>() else { continue };
        counts[item - 1] += 1;
        sums[item - 1] += pieces;
        dear[item - 1] += i64::from(*pieces > 5);
    }
    assert_eq!(ints(&plan, "items", "sales"), counts);
    assert_eq!(ints(&plan, "items", "pieces"), sums);
    assert_eq!(ints(&plan, "items", "dear"), dear);
    for (item, read) in items.iter().zip(printed(&plan, "sales", "of_item")) {
        let sum = item.parse::<usize>().map_or("-".to_owned(), |item| sums[item - 1].to_string());
        assert_eq!(read, sum);
    }
}

#[test]
fn versions_come_in_turn_and_gaps_by_rows() {
    let text = "
tables:
  items:
    rows: 6000
    history: {key: item_no, versions: [1, 2, 3], from: valid_from, start: 2020-01-01, end: 2025-12-31, spacing: even}
    columns:
      id: int primary key
      item_no: {type: int, expr: entity}
      valid_from: date
      colour: {type: text, values: [red, green, blue], null: {rows: 20%, share: 50%, group: gaps}}
      size: {type: int, expr: id, null: {rows: 20%, share: 50%, group: gaps}}
";
    let plan = planned(text);
    let entities = entities(&plan, "items", "item_no");
    assert_eq!(entities.len(), 3000);
    assert!(entities.iter().enumerate().all(|(at, rows)| rows.len() == at % 3 + 1));
    let colour = printed(&plan, "items", "colour");
    let size = printed(&plan, "items", "size");
    let is_gap = |row: &usize| colour[*row] == "-";
    let gaps = (0..6000).filter(is_gap).count();
    assert!((520..680).contains(&gaps), "{gaps} of 6,000");
    // They come together, and a value goes on after its gap.
    assert!((0..6000).filter(|row| is_gap(row) && size[*row] == "-").count() > 200);
    let of_three = || entities.iter().filter(|rows| rows.len() == 3);
    let goes_on = of_three().filter(|rows| !is_gap(&rows[0]) && is_gap(&rows[1]) && !is_gap(&rows[2]));
    let mut gone_on = 0;
    for rows in goes_on {
        assert_eq!(colour[rows[0]], colour[rows[2]]);
        gone_on += 1;
    }
    assert!(gone_on > 50, "{gone_on}");
}

const SHOP: &str = "
as_of: 2025-12-31
tables:
  articles:
    rows: 300
    history: {key: article_no, versions: {1: 1, 2: 1, 3: 1}, from: valid_from, to: valid_to, start: 2023-01-01, spacing: even}
    columns:
      id: int primary key
      article_no: {type: int, expr: entity}
      version: {type: int, expr: version}
      valid_from: date not null
      valid_to: date
      stocked: {type: bigint, expr: count(stock)}
  tickets:
    hidden: true
    rows: 2000
    columns:
      number: {type: int, primary_key: true, sequence: {start: 501}}
      sold_on: {type: date, min: 2023-01-01, max: 2025-12-31}
      shelf_id: {references: articles, valid_at: 2000-01-01, one_way: true}
  lines:
    rows: {per: tickets, min: 4, max: 9}
    primary_key: [article_id, ticket_number]
    columns:
      article_id: {references: articles, valid_at: ticket.sold_on, distinct: ticket MORE}
      ticket_number: {type: int, expr: ticket.number}
      sold_on: {type: date, expr: ticket.sold_on}
      article_no: {type: int, expr: article.article_no}
      first_id: {references: articles, expr: ticket.shelf_id}
      rows: {type: bigint, expr: (select count(*) from articles) * 2}
  weeks:
    hidden: true
    rows: {dates: [2023-01-02, 2025-12-29], step: 7 days}
    columns: {monday: date primary key}
  stock:
    rows: {each: [weeks, articles]}
    primary_key: [week, article_id]
    columns:
      week: {type: date, expr: week.monday}
      article_id: {references: articles, valid_at: week.monday}
      article_no: {type: int, expr: article.article_no}
";

/// Holds each row to a version that is valid on its day.
fn hold_valid(plan: &Plan, table: &str, day: &str) {
    let (from, to) = (printed(plan, "articles", "valid_from"), printed(plan, "articles", "valid_to"));
    for (article, day) in ints(plan, table, "article_id").into_iter().zip(printed(plan, table, day)) {
        let row = article as usize - 1;
        assert!(
            from[row] <= day && (to[row] == "-" || day < to[row]),
            "{day} in {} to {}",
            from[row],
            to[row]
        );
    }
}

#[test]
fn the_lines_of_a_ticket_are_of_different_entities_in_the_versions_of_its_day() {
    for more in ["", ", one_way: true"] {
        let plan = planned(&SHOP.replace(" MORE", more));
        hold_valid(&plan, "lines", "sold_on");
        let tickets = ints(&plan, "lines", "ticket_number");
        let articles = ints(&plan, "lines", "article_no");
        let pairs: BTreeSet<(i64, i64)> = tickets.iter().copied().zip(articles.iter().copied()).collect();
        assert_eq!(pairs.len(), tickets.len(), "no article stands twice on a ticket");
        let mut counts = BTreeMap::new();
        articles.iter().for_each(|article| *counts.entry(*article).or_insert(0i64) += 1);
        // Five standard deviations of 13,000 rows that fall on some 150 articles.
        assert!(counts.values().all(|count| (count - 13_000 / 150).abs() < 50), "{counts:?}");
        assert_eq!(counts.len() as i64, *counts.keys().last().expect("has rows"), "each of them is sold");
        let options = Options { batch_rows: 7, ..Options::default() };
        assert_eq!(column(&plan, "lines", "article_id", options).ints(), ints(&plan, "lines", "article_id"));
    }
}

#[test]
fn what_a_moment_chose_can_be_handed_on_by_its_key() {
    let plan = planned(&SHOP.replace(" MORE", ""));
    let version = ints(&plan, "articles", "version");
    let first = ints(&plan, "lines", "first_id");
    assert!(
        first.iter().all(|id| version[*id as usize - 1] == 1),
        "before all versions, each entity's first"
    );
    assert!(first.iter().collect::<BTreeSet<_>>().len() > 100);
    assert!(ints(&plan, "lines", "rows").iter().all(|rows| *rows == 600));
}

#[test]
fn a_cross_product_goes_through_entities_where_a_moment_chooses_their_version() {
    let plan = planned(&SHOP.replace(" MORE", ""));
    let weeks = 157;
    let articles = ints(&plan, "stock", "article_no");
    let entities = *ints(&plan, "articles", "article_no").last().expect("has rows");
    assert_eq!(articles, (1..=entities).collect::<Vec<i64>>().repeat(weeks));
    hold_valid(&plan, "stock", "week");
    let mut counts = vec![0i64; 300];
    ints(&plan, "stock", "article_id").iter().for_each(|id| counts[*id as usize - 1] += 1);
    assert_eq!(ints(&plan, "articles", "stocked"), counts);
}
