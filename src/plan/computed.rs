//! Columns that are SQL expressions.

use super::draft::{Draft, LinkKind};
use super::generators::Place;
use super::names::RowNames;
use crate::column::{Column, Computed, VersionCounter};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Expression, ascends};
use crate::spec::At;

impl<'s> Draft<'s> {
    /// Compiles an expression of the column's type, and notes what it reads.
    pub(super) fn expression(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Expression> {
        let expression = self.free_expression(place, text, reads)?;
        self.accept_expression(expression.assign_to(&place.sql_type))
    }

    /// What was compiled, or its problem told.
    pub(super) fn accept_expression(
        &mut self,
        compiled: Result<Expression, Diagnostic>,
    ) -> Option<Expression> {
        compiled.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// Compiles an expression of any type, and notes what it reads.
    pub(super) fn free_expression(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<Expression> {
        let draws_of = format!("{}{}", place.column, place.part);
        match Expression::compile(&text.value, text.span, &mut RowNames::new(self, place.table, draws_of)) {
            Ok(expression) => {
                reads.extend(expression.inputs());
                Some(expression)
            }
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    pub(super) fn computed(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        let before = reads.len();
        let expression = self.expression(place, text, reads)?;
        if let Some(span) = place.unique
            && place.rows > 1
            && !self.reads_something_unique(place.table, &reads[before..])
        {
            let message = "an expression over columns that repeat cannot be unique";
            self.refuse(span, message, "let it read `row` or a unique column, or leave out `unique`");
            return None;
        }
        if let Some(span) = place.unique
            && !self.is_counter(place.table, &text.value)
            && !self.ascends(place.table, &text.value)
        {
            self.prove_later(span, place.rows)?;
        }
        Some((Box::new(Computed { expression }), format!("expr {}", text.value.trim())))
    }

    /// Whether an expression is just a whole number that differs in every row.
    pub(super) fn is_counter(&self, table: usize, expression: &str) -> bool {
        let of = &self.tables[table];
        let name = expression.trim();
        let is_unique_number = |column| of.is_unique(column) && of.columns[column].sql_type.is_integer();
        let is_counter = name == "row" || (self.is_business_key && name == "entity");
        of.column_index(name).map_or(is_counter, is_unique_number)
    }

    /// Whether an expression is arithmetic that ascends with the row's number, or with a sequence.
    fn ascends(&self, table: usize, expression: &str) -> bool {
        let of = &self.tables[table];
        let sequences = (0..of.columns.len()).filter_map(|column| {
            let sequence = self.sequence_of(table, column).filter(|sequence| sequence.step == 1)?;
            Some((of.columns[column].name(), sequence.start))
        });
        let hides_row = of.column_index("row").is_some();
        let row = (!hides_row).then_some(("row", 1));
        row.into_iter().chain(sequences).any(|(counter, first)| ascends(expression, counter, first))
    }

    /// Leaves it to [`crate::generate`] to find out whether a column is unique, which it can of tables of moderate size.
    pub(super) fn prove_later(&mut self, span: Span, rows: u64) -> Option<()> {
        const MOST_ROWS: u64 = 1_000_000;
        if rows > MOST_ROWS {
            let message = "nothing shows that this column is unique, and the table is too large to try";
            self.refuse(span, message, "end a template with `-{row}`, or leave out `unique`");
            return None;
        }
        self.unproved = Some(span);
        Some(())
    }

    /// Whether one of these inputs differs in every row, or from row to row of one parent, so that what is made of it may.
    pub(super) fn reads_something_unique(&self, table: usize, reads: &[usize]) -> bool {
        use super::model::Input;
        let of = &self.tables[table];
        reads.iter().any(|input| match &of.inputs[*input] {
            // The number within the parent is enough together with what tells parents apart: `{ward.code}-{nth:02}`.
            Input::Row | Input::Nth { .. } => true,
            Input::Version(VersionCounter::Entity) => self.is_business_key,
            Input::Column(column) => of.is_unique(*column),
            Input::Parent { link, input } => {
                let parent_is_unique = matches!(of.links[*link].kind, LinkKind::OneToOne | LinkKind::Sample);
                parent_is_unique && self.reads_something_unique(of.links[*link].table, &[*input])
            }
            Input::Children(_) | Input::Window(_) | Input::Version(_) => false,
        })
    }
}
