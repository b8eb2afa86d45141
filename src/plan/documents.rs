//! JSON objects and arrays whose members are made like columns.

use super::draft::Draft;
use super::generators::Place;
use super::infer::{self, Inferred};
use super::settle;
use crate::column::{self, AsJson, Column, Nullable, Object};
use crate::random::Absence;
use crate::spec::{At, Call, CaseValue, Element, Generator, Member, named_type};
use crate::value::SqlType;
use crate::value::parse;

impl<'s> Draft<'s> {
    pub(super) fn object(
        &mut self,
        place: &Place<'s>,
        members: &At<Vec<Member>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        self.makes_json(place, members.span, "object")?;
        let mut built = Vec::new();
        for member in &members.value {
            let name = &member.name.value;
            let part = format!("{}.{name}", place.part);
            let element = self.element(place, name, part, &member.element, reads);
            let key = self.part_key(place, &format!(".{name} left out"));
            let absent =
                member.optional.as_ref().map(|share| (share.value, key)).filter(|(share, _)| *share > 0.0);
            built.push(element.map(|(column, sql_type)| (name, column, sql_type, absent)));
        }
        let mut built = built.into_iter().collect::<Option<Vec<_>>>()?;
        // The order in which jsonb keeps them: by length, then bytes.
        if place.sql_type == SqlType::Jsonb {
            built.sort_by_key(|(name, ..)| (name.len(), *name));
        }
        let names: Vec<&str> = members.value.iter().map(|member| member.name.value.as_str()).collect();
        let origin = format!("object of {}", names.join(", "));
        let members = built
            .into_iter()
            .map(|(name, column, sql_type, absent)| column::Member::new(name, column, sql_type, absent));
        Some((Box::new(Object { members: members.collect() }), origin))
    }

    pub(super) fn json_array(
        &mut self,
        place: &Place<'s>,
        element: &Element,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if let SqlType::Array(of) = &place.sql_type {
            let message = format!("`array` makes JSON, the column is {of}[]");
            self.refuse(
                element.value.span,
                message,
                "say beside `type` how its elements are made: `{type: \"text[]\", values: [a, b]}`",
            );
            return None;
        }
        self.makes_json(place, element.value.span, "array")?;
        let value = &element.value;
        if let (Some(_), Some(share)) =
            (&value.null, place.length.as_ref().and_then(|length| length.null.as_ref()))
        {
            self.refuse(share.span, "`null` stands at the elements already", "keep one of them");
            return None;
        }
        let part = self.part_of(place, place.column, format!("{}[]", place.part), element, reads)?;
        let of = part.sql_type.clone();
        let null_key = self.part_key(&part, "null element");
        let inferred = self.inferred(&part, place.column, value);
        let (generator, distribution) = given(value, &inferred);
        let (mut array, origin) = self.elements(place, part, generator, distribution, reads)?;
        if let Some(share) = value.null.as_ref().filter(|share| share.value > 0.0) {
            array.null = Some((share.value, null_key));
        }
        let column = AsJson { inner: Box::new(array), sql_type: SqlType::Array(Box::new(of)) };
        Some((Box::new(column), origin))
    }

    fn makes_json(&mut self, place: &Place, span: crate::diagnostic::Span, generator: &str) -> Option<()> {
        if !matches!(place.sql_type, SqlType::Json | SqlType::Jsonb) {
            let message = format!("`{generator}` makes JSON, the column is {}", place.sql_type);
            self.refuse(span, message, "write `type: jsonb`, or leave out the type");
            return None;
        }
        if let Some(span) = place.unique.filter(|_| place.rows > 1) {
            self.refuse(span, "JSON documents cannot be unique", "leave out `unique`");
            return None;
        }
        Some(())
    }

    /// A member's column and its type.
    fn element(
        &mut self,
        place: &Place<'s>,
        name: &str,
        part: String,
        element: &Element,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, SqlType)> {
        let value = &element.value;
        let part = self.part_of(place, name, part, element, reads)?;
        let inferred = self.inferred(&part, name, value);
        let (generator, distribution) = given(value, &inferred);
        let (column, _) = self.generator(&part, generator, distribution, reads)?;
        let column: Box<dyn Column> = match value.null.as_ref().map(|share| share.value) {
            Some(fraction) if fraction > 0.0 => {
                let absence = Absence::of(self.part_key(&part, "null"), fraction);
                Box::new(Nullable { inner: column, absence })
            }
            _ => column,
        };
        Some((column, part.sql_type))
    }

    /// The place of a value inside a document, its type settled.
    fn part_of(
        &mut self,
        place: &Place<'s>,
        name: &str,
        part: String,
        element: &Element,
        reads: &mut Vec<usize>,
    ) -> Option<Place<'s>> {
        let value = &element.value;
        let (span, length) = (value.span, value.length.clone());
        let modifiers = value.modifiers.clone();
        let mut part =
            Place { part, unique: None, span, length, modifiers, sql_type: SqlType::Text, ..*place };
        part.sql_type = match &element.sql_type {
            Some(text) => self.named(text)?,
            None => self.implied(place, &part, name, element, reads)?,
        };
        Some(part)
    }

    /// What the name of a value stands for that names no generator.
    fn inferred(&self, part: &Place, name: &str, value: &CaseValue) -> Option<Inferred> {
        let is_unnamed = matches!(value.generator, Generator::Unnamed);
        if !is_unnamed || !self.is_named_by(part, value.distribution.as_ref()) {
            return None;
        }
        let sql_type = match &part.sql_type {
            SqlType::Array(of) => of,
            of => of,
        };
        let table = self.tables[part.table].name();
        Some(infer::generator(table, name, sql_type, value.span, &|_| None))
    }

    /// Whether a member without a generator is made by its name: a distribution, a length of text and bytes say it otherwise.
    fn is_named_by(&self, part: &Place, distribution: Option<&Call>) -> bool {
        let element_is_bytea = matches!(&part.sql_type, SqlType::Array(of) if **of == SqlType::Bytea);
        let is_filler = part.length.is_some() && part.sql_type.is_text();
        distribution.is_none() && part.sql_type != SqlType::Bytea && !element_is_bytea && !is_filler
    }

    fn named(&mut self, text: &At<String>) -> Option<SqlType> {
        let enums: Vec<_> = self.spec.types.iter().map(|of| of.value.clone()).collect();
        match named_type(text, &enums) {
            Ok(sql_type) => Some(sql_type),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// The type of a value that names none: what makes it says it, or its name.
    fn implied(
        &mut self,
        place: &Place<'s>,
        part: &Place<'s>,
        name: &str,
        element: &Element,
        reads: &mut Vec<usize>,
    ) -> Option<SqlType> {
        let value = &element.value;
        let literals = |texts: &[&At<Option<String>>]| {
            infer::type_of_literals(texts.iter().filter_map(|text| text.value.as_deref()))
        };
        let implied = match &value.generator {
            // Documents in documents are of one kind.
            Generator::Object(_) | Generator::Array(_) => Some(place.sql_type.clone()),
            Generator::Unnamed if value.length.is_some() => Some(SqlType::Text),
            Generator::Unnamed => Some(infer::type_of_name(name)),
            Generator::Values(values) => {
                literals(&values.value.iter().map(|weighted| &weighted.value).collect::<Vec<_>>())
            }
            Generator::Constant(constant) => literals(&[constant]),
            Generator::Expression(text) => Some(self.free_expression(part, text, reads)?.sql_type().clone()),
            Generator::Range { min, max } => self.type_of_bounds(part, [min.as_ref(), max.as_ref()], reads),
            Generator::Cases(_) => None,
            generator => settle::implied_type(generator),
        };
        if implied.is_none() {
            let message = format!("`{name}` has no type");
            self.refuse(value.span, message, "write `type: text`, or another SQL type");
        }
        implied
    }

    fn type_of_bounds(
        &mut self,
        part: &Place<'s>,
        bounds: [Option<&At<String>>; 2],
        reads: &mut Vec<usize>,
    ) -> Option<SqlType> {
        let given: Vec<_> = bounds.into_iter().flatten().collect();
        if given.iter().all(|bound| parse::decimal(&bound.value).is_some()) {
            return infer::type_of_literals(given.iter().map(|bound| bound.value.as_str()));
        }
        let fits =
            |sql_type: &SqlType| given.iter().all(|bound| parse::scalar(&bound.value, sql_type).is_ok());
        if let Some(sql_type) = [SqlType::Date, SqlType::Timestamptz].into_iter().find(fits) {
            return Some(sql_type);
        }
        let computed = given.iter().find(|bound| {
            parse::scalar(&bound.value, &SqlType::Timestamptz).is_err()
                && parse::decimal(&bound.value).is_none()
        })?;
        Some(self.free_expression(part, computed, reads)?.sql_type().clone())
    }
}

/// What makes a value: what the spec says, or what its name stands for.
fn given<'v>(value: &'v CaseValue, inferred: &'v Option<Inferred>) -> (&'v Generator, Option<&'v Call>) {
    match inferred {
        Some(inferred) => (&inferred.generator, inferred.distribution.as_ref()),
        None => (&value.generator, value.distribution.as_ref()),
    }
}
