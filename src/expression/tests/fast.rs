//! Fast ways of computing, held to slow ones.

use super::table::{self, Lines};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::evaluate::{heavy_case, light_case};
use crate::expression::kernel::wide;
use crate::expression::tree::Kind;
use crate::expression::{Aggregate, Batch, Expression, Failure, Name, Names, Term};
use crate::random::Key;
use crate::value::{Data, Interval, Rows, SqlType, Vector};
use proptest::prelude::*;
use std::rc::Rc;

/// A column `x`, of some type.
struct X(SqlType);

impl Names for X {
    fn resolve(&mut self, _: &[Name]) -> Result<Term, Diagnostic> {
        Ok(Term::Input(0, self.0.clone()))
    }

    fn is_child(&self, _: &str) -> bool {
        false
    }

    fn child(&mut self, _: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        unreachable!("there are no other tables")
    }

    fn aggregate(&mut self, _: &Name, _: Aggregate) -> Result<Term, Diagnostic> {
        unreachable!("there are no other tables")
    }

    fn draw_key(&mut self) -> Key {
        Key::from_raw(1, 2)
    }
}

/// Its values.
struct Values(Rows, Rc<Vector>);

impl Batch for Values {
    fn rows(&self) -> &Rows {
        &self.0
    }

    fn input(&self, _: usize) -> Result<Rc<Vector>, Failure> {
        Ok(self.1.clone())
    }
}

fn values(vector: Vector) -> Values {
    Values(Rows::Range { start: 0, len: vector.len() }, Rc::new(vector))
}

fn compile(text: &str, of: SqlType) -> Expression {
    let span = Span { source: 0, start: 0, end: text.len() as u32 };
    Expression::compile(text, span, &mut X(of)).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A numeric's value, digits before the point or after.
fn unscaled(vector: &Vector, at: usize) -> i128 {
    match &vector.data {
        Data::Int(values) => values[at] as i128,
        Data::Wide(values) => values[at],
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_case_of_light_parts_is_the_same_as_of_heavy_ones() {
    let cases = [
        "case when f then i when s > 0 then s + 0.5 else n end",
        "case when n is null then 1 when f then null else 2 end",
        "case when f then 'x' when i > 0 then 'yy' end",
        "case when e = 'paid' then w when f is not null then n end",
        "case when true then day end",
        "case when null then day when false then ts else tz end",
        "case when i < s or f then s when f is null then i end",
    ];
    let lines = Lines::repeated(7);
    for text in cases {
        let node = table::compile(text).unwrap().node;
        // Both are of a CASE, whatever stands around it.
        let mut around = &node;
        while !matches!(around.kind, Kind::Case { .. }) {
            around = around.parts().next().unwrap_or_else(|| panic!("{text} has a CASE"));
        }
        let Kind::Case { arms, otherwise } = &around.kind else { unreachable!() };
        for chosen in [None, Some(vec![4u32, 2, 2, 20]), Some(vec![2, 5])] {
            let len = chosen.as_ref().map_or(lines.rows().len(), Vec::len);
            let light = light_case(arms, otherwise, &lines, chosen.as_deref(), len).unwrap();
            let heavy = heavy_case(arms, otherwise, &lines, chosen.as_deref(), len).unwrap();
            for at in 0..len {
                assert_eq!(light.is_valid(at), heavy.is_valid(at), "{text}, {at}");
                if light.is_valid(at) {
                    let value = |of: &crate::expression::evaluate::Argument| {
                        table::printed(&around.sql_type, &of.vector.take(&[of.index(at) as u32]))
                    };
                    assert_eq!(value(&light), value(&heavy), "{text}, {at}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn quotients_by_powers_of_ten_are_rounded_as_if_they_were_divided(
        x in prop::collection::vec(-999_999_999_999_999_999i64..=999_999_999_999_999_999, 1..20),
        narrow in 0u32..60,
        scale in 0u8..=7,
        power in 0u32..=7,
        digits in 0u8..=8,
    ) {
        let divisor = 10i64.pow(power);
        let x: Vec<i64> = x.into_iter().map(|x| x >> narrow).collect();
        for (function, cast) in [("round", format!("numeric(38,{digits})")), ("trunc", String::new())] {
            let text = format!("{function}(x / {divisor}, {digits})");
            let of = SqlType::Numeric { precision: 18, scale, bare: false };
            let rounded = compile(&text, of.clone()).evaluate(&values(Data::Int(x.clone()).into())).unwrap();
            let assigned = (!cast.is_empty()).then(|| {
                let text = format!("(x / {divisor})::{cast}");
                compile(&text, of).evaluate(&values(Data::Int(x.clone()).into())).unwrap()
            });
            for (at, x) in x.iter().enumerate() {
                // To 20 digits, as PostgreSQL divides, and then to those asked for.
                let quotient = wide::divide(*x as i128, scale, divisor as i128, 0, 20).unwrap();
                let unit = wide::ten(20 - digits);
                let cut = quotient / unit;
                let up = function == "round" && (quotient % unit).unsigned_abs() * 2 >= unit.unsigned_abs();
                let expected = cut + if up { quotient.signum() } else { 0 };
                prop_assert_eq!(unscaled(&rounded, at), expected, "{} of {}", text, x);
                if let Some(assigned) = &assigned {
                    prop_assert_eq!(unscaled(assigned, at), expected, "{} of {}", cast, x);
                }
            }
        }
    }

    #[test]
    fn moments_are_moved_by_days_and_time_as_by_whole_intervals(
        x in prop::collection::vec(-62_135_596_800_000_000i64..253_402_300_800_000_000, 1..20),
        days in -40_000i32..40_000,
        micros in -1i64 << 56..1 << 56,
    ) {
        let text = format!("x + '{days} days {micros} microseconds'::interval");
        let evenly = compile(&text, SqlType::Timestamp).evaluate(&values(Data::Int(x.clone()).into()));
        let by = Interval { months: 0, days, micros };
        let exact = |x: &i64| *x as i128 + by.days as i128 * 86_400_000_000 + by.micros as i128;
        let fits = |moment: i128| (-62_135_596_800_000_000..253_402_300_800_000_000).contains(&moment);
        match evenly {
            Ok(values) => {
                prop_assert!(x.iter().zip(values.ints()).all(|(x, moved)| exact(x) == *moved as i128));
            }
            Err(_) => prop_assert!(!x.iter().all(|x| fits(exact(x)))),
        }
    }
}
