//! Values that stand for nothing.

use super::{Asked, Dirty, Kind, Noise, does_not_apply};
use crate::random::CellRng;
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::SqlType;
use crate::value::parse::{self, Scalar};

pub(super) static KIND: Kind = Kind {
    name: "placeholder",
    summary: "a value that stands for nothing, as people type it into a field that must not be empty",
    example: ("Anna Smith", "N/A"),
    parameters: &[Parameter {
        name: "values",
        kind: ParameterKind::Literals,
        default: Some(
            "N/A, n/a, -, unknown, none of text; 0, -1, 999, 9999 of numbers; 1900-01-01, 9999-12-31 of dates",
        ),
        summary: "the values, equally likely",
    }],
    build,
};

fn build(asked: &Asked) -> Result<Box<dyn Noise>, Refusal> {
    let read = |text: &str| parse::scalar(text, asked.sql_type);
    let values = match asked.arguments.literals("values") {
        Some(texts) if texts.is_empty() => return Err(Refusal::of("values", "`values` is empty")),
        Some(texts) => texts
            .iter()
            .map(|text| read(text))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|message| Refusal::of("values", message))?,
        // Those that the type has room for.
        None => usual(asked.sql_type).iter().filter_map(|text| read(text).ok()).collect(),
    };
    match values.is_empty() {
        true => Err(does_not_apply(
            KIND.name,
            asked.sql_type,
            "write `values`: what people type where they know nothing",
        )),
        false => Ok(Box::new(Placeholder(values))),
    }
}

fn usual(sql_type: &SqlType) -> &'static [&'static str] {
    match sql_type {
        of if of.is_text() => &["N/A", "n/a", "-", "unknown", "none"],
        of if of.is_number() => &["0", "-1", "999", "9999"],
        SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz => &["1900-01-01", "9999-12-31"],
        _ => &[],
    }
}

#[derive(Debug)]
struct Placeholder(Vec<Scalar>);

impl Noise for Placeholder {
    fn dirty(&self, clean: &Scalar, draws: &mut CellRng) -> Option<Dirty> {
        let start = draws.below(self.0.len() as u64) as usize;
        let mut values = self.0[start..].iter().chain(&self.0[..start]);
        values.find(|value| *value != clean).map(|value| Dirty::Value(value.clone()))
    }
}
