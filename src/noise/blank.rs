//! Values that are not there.

use super::{Dirty, Kind, Noise};
use crate::random::CellRng;
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::parse::Scalar;

pub(super) static KIND: Kind = Kind {
    name: "blank",
    summary: "nothing: null, or empty text where the column may not be null",
    example: ("Anna Smith", "NULL"),
    parameters: &[Parameter {
        name: "as",
        kind: ParameterKind::Text,
        default: Some("null where the column may be null, else empty"),
        summary: "what stands for nothing: null or empty (of text)",
    }],
    build: |asked| {
        let is_text = asked.sql_type.is_text();
        match asked.arguments.text("as") {
            Some("null") if asked.not_null => {
                Err(Refusal::of("as", "the column is not null, so it cannot be blank as null"))
            }
            Some("empty") if !is_text => {
                Err(Refusal::of("as", format!("{} has no empty value", asked.sql_type)))
            }
            Some("empty") => Ok(Box::new(Blank(Dirty::Value(Scalar::Text(Vec::new()))))),
            Some("null") => Ok(Box::new(Blank(Dirty::Null))),
            Some(other) => Err(Refusal::of("as", format!("`as` must be null or empty, found `{other}`"))),
            None if !asked.not_null => Ok(Box::new(Blank(Dirty::Null))),
            None if is_text => Ok(Box::new(Blank(Dirty::Value(Scalar::Text(Vec::new()))))),
            None => Err(Refusal {
                help: Some("leave out `not null`, or use `placeholder`".to_owned()),
                ..Refusal::whole(format!(
                    "{} has no empty value, and the column is not null: it cannot be `blank`",
                    asked.sql_type
                ))
            }),
        }
    },
};

#[derive(Debug)]
struct Blank(Dirty);

impl Noise for Blank {
    fn dirty(&self, _clean: &Scalar, _draws: &mut CellRng) -> Option<Dirty> {
        Some(self.0.clone())
    }
}
