//! What kinds of column cost, a batch of 1,024 rows at a time on one core, as values: how they are written is `format`'s.
//!
//! `cargo bench --bench columns`. Throughput is in rows. Columns that read others are charged for these.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datagen::diagnostic::Sources;
use datagen::generate::{Options, Worker};
use datagen::plan::{Overrides, Plan, plan};
use datagen::spec::Spec;
use std::hint::black_box;

const SPEC: &str = "
version: 1
tables:
  parents:
    rows: 1000000
    columns:
      id: bigint primary key
  things:
    rows: 10000000
    columns:
      id: bigint primary key
      code: {type: uuid, not_null: true}
      full_name: {type: text, not_null: true, fake: full_name}
      template: {type: text, not_null: true, template: 'member{id}@example.com'}
      template_of_four: {type: text, not_null: true, template: '{area}-{area}-{area}-{id:09}'}
      weighted: {type: text, not_null: true, values: {active: 70, paused: 20, closed: 10}}
      decimal: {type: 'numeric(10,2)', not_null: true, min: 0, max: 9999.99}
      reference: bigint not null references parents
      timestamp: {type: timestamp(0), not_null: true, min: 2024-01-01, max: 2024-12-31}
      letters: {type: text, not_null: true, alphabet: 'A-Za-z0-9,. ', length: {min: 10, max: 40}}
      grammar: {type: text, not_null: true, grammar: box}
      words: {type: text, not_null: true, expr: \"array_to_string(picks, ' ')\"}
      slice: {type: text, not_null: true, slice: boxes, length: {min: 10, max: 43}}
      area: {type: int, hidden: true, min: 100, max: 999}
      picks: {type: 'text[]', hidden: true, length: {min: 5, max: 5, distinct: true}, values: [red, green, blue, white, black, pink, gray]}
grammars:
  box:
    start: '{size} {kind}'
    size: [small, medium, large, jumbo]
    kind: [case, bag, can, drum, jar]
pools:
  boxes: {grammar: box, size: 1MB}
";

fn planned() -> Plan {
    let mut sources = Sources::new();
    let source = sources.add("columns.yaml", SPEC);
    let spec = Spec::parse(&mut sources, source).unwrap_or_else(|bad| panic!("{:?}", bad.problems));
    plan(&spec, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn columns(criterion: &mut Criterion) {
    let plan = planned();
    let table = plan.tables.iter().position(|table| table.name == "things").expect("is in the spec");
    let options = Options::default();
    let rows = options.batch_rows as u64;
    let mut worker = Worker::new(&plan, options);
    let mut group = criterion.benchmark_group("columns");
    group.throughput(Throughput::Elements(rows));
    for (at, column) in plan.tables[table].columns.iter().enumerate().filter(|(_, column)| !column.hidden) {
        let mut first = 0;
        group.bench_function(column.name.as_str(), |bencher| {
            bencher.iter(|| {
                first = (first + rows) % (plan.tables[table].rows - rows);
                black_box(worker.batch(table, first..first + rows, &[at]).expect("can be computed"));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, columns);
criterion_main!(benches);
