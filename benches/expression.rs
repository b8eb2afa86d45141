//! Expressions a batch at a time, beside the loop a person would write by hand.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datagen::diagnostic::{Diagnostic, Span};
use datagen::expression::{Aggregate, Batch, Expression, Failure, Name, Names, Term};
use datagen::random::Key;
use datagen::value::parse::Scalar;
use datagen::value::{Data, Rows, SqlType, Vector};
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

const ROWS: usize = 1024;

struct Order;

impl Names for Order {
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic> {
        Ok(match path[0].text.as_str() {
            "qty" => Term::Input(0, SqlType::SmallInt),
            "price" => Term::Input(1, SqlType::numeric(8, 2)),
            "status" => Term::Input(2, SqlType::Text),
            "vat" => Term::Constant(Some(Scalar::Int(2)), SqlType::numeric(2, 1)),
            other => return Err(Diagnostic::new(path[0].span, format!("unknown column `{other}`"))),
        })
    }

    fn is_child(&self, _name: &str) -> bool {
        false
    }

    fn child(&mut self, table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        Err(Diagnostic::new(table.span, "no children here"))
    }

    fn aggregate(&mut self, table: &Name, _aggregate: Aggregate) -> Result<Term, Diagnostic> {
        Err(Diagnostic::new(table.span, "no children here"))
    }

    fn draw_key(&mut self) -> Key {
        Key::from_raw(1, 2)
    }
}

struct Orders {
    rows: Rows,
    inputs: Vec<Rc<Vector>>,
}

impl Orders {
    fn new() -> Self {
        let quantities = (0..ROWS as i64).map(|row| row % 7 + 1).collect();
        let prices = (0..ROWS as i64).map(|row| row * 37 % 99_999).collect();
        let statuses = Arc::new(["paid", "shipped", "cancelled"].into_iter().collect());
        let codes = (0..ROWS as u32).map(|row| row * 7 % 3).collect();
        let inputs = [Data::Int(quantities), Data::Int(prices), Data::Dict { codes, values: statuses }];
        Self {
            rows: Rows::Range { start: 0, len: ROWS },
            inputs: inputs.into_iter().map(|data| Rc::new(data.into())).collect(),
        }
    }
}

impl Batch for Orders {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn input(&self, index: usize) -> Result<Rc<Vector>, Failure> {
        Ok(self.inputs[index].clone())
    }
}

fn expressions(criterion: &mut Criterion) {
    let orders = Orders::new();
    let mut group = criterion.benchmark_group("expression");
    group.throughput(Throughput::Elements(ROWS as u64));

    let gross = compile("round(qty * price * (1 + vat), 2)");
    let by_hand = |quantities: &[i64], prices: &[i64]| -> Vec<i64> {
        quantities.iter().zip(prices).map(|(quantity, price)| (quantity * price * 12 + 5) / 10).collect()
    };
    let (quantities, prices) = (orders.inputs[0].ints(), orders.inputs[1].ints());
    assert_eq!(gross.evaluate(&orders).unwrap().ints(), by_hand(quantities, prices));
    group.bench_function("round(qty * price * (1 + vat), 2)", |bencher| {
        bencher.iter(|| gross.evaluate(black_box(&orders)));
    });
    group.bench_function("the same by hand", |bencher| {
        bencher.iter(|| by_hand(black_box(quantities), black_box(prices)));
    });

    // A division by a power of ten moves the point, and is rounded at once.
    let percent = compile("round(qty * price * 15 / 100, 2)");
    let by_hand = |quantities: &[i64], prices: &[i64]| -> Vec<i64> {
        quantities.iter().zip(prices).map(|(quantity, price)| (quantity * price * 15 + 50) / 100).collect()
    };
    let (quantities, prices) = (orders.inputs[0].ints(), orders.inputs[1].ints());
    let computed = percent.evaluate(&orders).unwrap();
    let Data::Wide(computed) = &computed.data else { panic!("a quotient may have many digits") };
    assert!(computed.iter().zip(by_hand(quantities, prices)).all(|(a, b)| *a == b as i128));
    group.bench_function("round(qty * price * 15 / 100, 2)", |bencher| {
        bencher.iter(|| percent.evaluate(black_box(&orders)));
    });

    let case =
        compile("case when status = 'paid' then price * qty when status = 'shipped' then price else 0 end");
    assert_eq!(case.evaluate(&orders).unwrap().ints()[..4], [0, 37, 0, 444]);
    group.bench_function("case of three branches", |bencher| {
        bencher.iter(|| case.evaluate(black_box(&orders)));
    });

    let text = compile("'ORD-' || lpad(qty::text, 8, '0')");
    assert_eq!(text.evaluate(&orders).unwrap().text(0), b"ORD-00000001");
    group.bench_function("text", |bencher| bencher.iter(|| text.evaluate(black_box(&orders))));
    group.finish();
}

fn compile(text: &str) -> Expression {
    let span = Span { source: 0, start: 0, end: text.len() as u32 };
    Expression::compile(text, span, &mut Order).unwrap_or_else(|problems| panic!("{problems:?}"))
}

criterion_group!(benches, expressions);
criterion_main!(benches);
