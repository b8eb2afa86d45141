//! Comparison of values of one type. Text compares byte by byte (the "C" collation), so that no machine's locale matters.

use super::{Lane, map1, map2};
use crate::expression::evaluate::{Argument, Arguments};
use crate::value::civil::DAY;
use crate::value::{Data, Interval, SqlType, Vector};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether the comparison holds for values that stand in this order.
    #[inline(always)]
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// How values of a type stand to each other.
#[derive(Clone)]
pub enum Order {
    /// As their layout says.
    Natural,
    /// As texts without the spaces at their end.
    Padded,
    /// As the places of enum labels.
    Labels(BTreeMap<Vec<u8>, usize>),
}

impl Order {
    pub fn of(sql_type: &SqlType) -> Order {
        match sql_type {
            SqlType::Char(_) => Order::Padded,
            SqlType::Enum(of) => Order::Labels(
                of.labels.iter().enumerate().map(|(at, label)| (label.clone().into(), at)).collect(),
            ),
            _ => Order::Natural,
        }
    }

    /// How the text of `a` stands to that of `b`.
    pub fn texts(&self, a: &[u8], b: &[u8]) -> Ordering {
        match self {
            Order::Natural => a.cmp(b),
            Order::Padded => trimmed(a).cmp(trimmed(b)),
            Order::Labels(places) => places.get(a).cmp(&places.get(b)),
        }
    }

    /// How the value of `a` at row `at_a` stands to that of `b` at row `at_b`; both not null.
    pub fn compare(&self, a: &Argument, at_a: usize, b: &Argument, at_b: usize) -> Ordering {
        self.values(&a.vector, a.index(at_a), &b.vector, b.index(at_b))
    }

    /// As [`compare`](Self::compare), of vectors.
    pub fn values(&self, a: &Vector, at_a: usize, b: &Vector, at_b: usize) -> Ordering {
        match (&a.data, &b.data) {
            (Data::Int(a), Data::Int(b)) => a[at_a].cmp(&b[at_b]),
            (Data::Wide(a), Data::Wide(b)) => a[at_a].cmp(&b[at_b]),
            (Data::Float(a), Data::Float(b)) => floats(a[at_a], b[at_b]),
            (Data::Bool(a), Data::Bool(b)) => a[at_a].cmp(&b[at_b]),
            (Data::Uuid(a), Data::Uuid(b)) => a[at_a].cmp(&b[at_b]),
            (Data::Interval(a), Data::Interval(b)) => length(a[at_a]).cmp(&length(b[at_b])),
            (Data::List(x), Data::List(y)) => {
                let range = |offsets: &[i32], at: usize| offsets[at] as usize..offsets[at + 1] as usize;
                let (of_x, of_y) = (range(&x.offsets, at_a), range(&y.offsets, at_b));
                let lengths = of_x.len().cmp(&of_y.len());
                // Null elements stand after all others, as in PostgreSQL.
                let element = |(i, j): (usize, usize)| match (x.values.is_valid(i), y.values.is_valid(j)) {
                    (true, true) => self.values(&x.values, i, &y.values, j),
                    (i_valid, j_valid) => j_valid.cmp(&i_valid),
                };
                of_x.zip(of_y).map(element).find(|ordering| ordering.is_ne()).unwrap_or(lengths)
            }
            _ => self.texts(a.text(at_a), b.text(at_b)),
        }
    }
}

fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| *byte != b' ').map_or(0, |at| at + 1);
    &text[..end]
}

/// NaN equals itself and stands above all numbers; -0 equals 0.
#[inline(always)]
pub fn floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// An interval's length as PostgreSQL compares it: months of 30 days of 24 hours.
pub fn length(interval: Interval) -> i128 {
    (interval.months as i128 * 30 + interval.days as i128) * DAY as i128 + interval.micros as i128
}

/// `a operator b`, row by row.
pub fn compare(arguments: &Arguments<'_>, comparison: Comparison, order: &Order) -> Vector {
    fn flat<T: Copy>(
        len: usize,
        (a, b): (Lane<'_, T>, Lane<'_, T>),
        comparison: Comparison,
        order: impl Fn(T, T) -> Ordering + Copy,
    ) -> Vec<bool> {
        // The operator is chosen outside the loop.
        match comparison {
            Comparison::Equal => map2(a, b, len, |a, b| order(a, b).is_eq()),
            Comparison::NotEqual => map2(a, b, len, |a, b| order(a, b).is_ne()),
            Comparison::Less => map2(a, b, len, |a, b| order(a, b).is_lt()),
            Comparison::LessOrEqual => map2(a, b, len, |a, b| order(a, b).is_le()),
            Comparison::Greater => map2(a, b, len, |a, b| order(a, b).is_gt()),
            Comparison::GreaterOrEqual => map2(a, b, len, |a, b| order(a, b).is_ge()),
        }
    }
    let [a, b] = arguments.values else { unreachable!("two operands") };
    let len = arguments.len;
    Data::Bool(match (&a.vector.data, &b.vector.data) {
        (Data::Int(_), _) => flat(len, (a.ints(), b.ints()), comparison, |a, b| a.cmp(&b)),
        (Data::Wide(_), _) => flat(len, (a.wides(), b.wides()), comparison, |a, b| a.cmp(&b)),
        (Data::Float(_), _) => flat(len, (a.floats(), b.floats()), comparison, floats),
        (Data::Bool(_), _) => flat(len, (a.bools(), b.bools()), comparison, |a, b| a.cmp(&b)),
        (Data::Uuid(_), _) => flat(len, (a.uuids(), b.uuids()), comparison, |a, b| a.cmp(&b)),
        // A dictionary no longer than the batch is compared once per text.
        (Data::Dict { codes, values }, _) if b.constant && values.len() <= len && !a.constant => {
            let text = b.bytes(0);
            let held: Vec<bool> =
                values.iter().map(|value| comparison.holds(order.texts(value, text))).collect();
            codes.iter().map(|code| held[*code as usize]).collect()
        }
        _ => (0..len)
            .map(|at| arguments.is_valid(at) && comparison.holds(order.compare(a, at, b, at)))
            .collect(),
    })
    .into()
}

/// `a IS [NOT] DISTINCT FROM b`: nulls are equal to each other, and the answer is never null.
pub fn distinct(arguments: &Arguments<'_>, negated: bool, order: &Order) -> Vector {
    let [a, b] = arguments.values else { unreachable!("two operands") };
    let differs = |at| match (a.is_valid(at), b.is_valid(at)) {
        (true, true) => order.compare(a, at, b, at).is_ne(),
        (a, b) => a != b,
    };
    Data::Bool((0..arguments.len).map(|at| differs(at) != negated).collect()).into()
}

/// `value IN (list)`: null when the value is, or when nothing equals it and the list has a null.
pub fn among(arguments: &Arguments<'_>, negated: bool, order: &Order) -> Vector {
    let [value, list @ ..] = arguments.values else { unreachable!("a value and a list") };
    // A dictionary no longer than the batch is looked up once per text.
    if let Data::Dict { codes, values } = &value.vector.data
        && !value.constant
        && values.len() <= arguments.len
        && list.iter().all(|item| item.constant && item.is_valid(0))
    {
        let is_item = |text: &[u8]| list.iter().any(|item| order.texts(text, item.bytes(0)).is_eq());
        let held: Vec<bool> = values.iter().map(|text| is_item(text) != negated).collect();
        let data = Data::Bool(codes.iter().map(|code| held[*code as usize]).collect());
        return Vector::new(data, value.vector.valid.clone());
    }
    let mut valid = vec![true; arguments.len];
    let found = |at: usize, valid: &mut bool| {
        if !value.is_valid(at) {
            *valid = false;
            return false;
        }
        let mut null = false;
        for item in list {
            if !item.is_valid(at) {
                null = true;
            } else if order.compare(value, at, item, at).is_eq() {
                return true;
            }
        }
        *valid = !null;
        false
    };
    let values = valid.iter_mut().enumerate().map(|(at, valid)| found(at, valid) != negated).collect();
    Vector::new(Data::Bool(values), Some(valid))
}

/// Of integers, none of which is null.
fn integer_extreme(arguments: &Arguments<'_>, wanted: Ordering) -> Option<Vec<i64>> {
    let is_plain =
        |value: &Argument| matches!(value.vector.data, Data::Int(_)) && value.vector.valid.is_none();
    let [first, others @ ..] = arguments.values else { return None };
    if !arguments.values.iter().all(is_plain) {
        return None;
    }
    let best = if wanted.is_gt() { i64::max } else { i64::min };
    let first = map1(first.ints(), arguments.len, |value| value);
    Some(
        others.iter().fold(first, |bests, value| map2(Lane::Each(&bests), value.ints(), arguments.len, best)),
    )
}

/// `greatest` and `least`: nulls are passed over; null if all are.
pub fn extreme(arguments: &Arguments<'_>, wanted: Ordering, order: &Order) -> Vector {
    if let Some(values) = integer_extreme(arguments, wanted) {
        return Data::Int(values).into();
    }
    let lists: Vec<&Vector> = arguments.values.iter().map(|value| &*value.vector).collect();
    let mut starts = Vec::with_capacity(lists.len());
    let mut total = 0;
    for list in &lists {
        starts.push(total);
        total += list.len();
    }
    let joined = Vector::concat(&lists);
    let best = |at: usize| {
        let mut best: Option<usize> = None;
        for (number, value) in arguments.values.iter().enumerate() {
            let better = value.is_valid(at)
                && best.is_none_or(|best| order.compare(value, at, &arguments.values[best], at) == wanted);
            if better {
                best = Some(number);
            }
        }
        let number = best.unwrap_or(0); // all null: any of them
        (starts[number] + arguments.values[number].index(at)) as u32
    };
    joined.take(&(0..arguments.len).map(best).collect::<Vec<_>>())
}
