//! References to the version of an entity that is valid at a moment: `valid_at`.

use super::draft::{Draft, Entity, LinkKind};
use super::generators::Place;
use super::model::{Moment, Target};
use crate::spec::{Generator, Modifiers};
use crate::value::parse::Scalar;

impl<'s> Draft<'s> {
    /// Rows of a link's parent table: entities where a moment chooses among their versions.
    pub(super) fn drawn_parents(&self, table: usize, link: usize) -> u64 {
        let link = &self.tables[table].links[link];
        let parent = &self.tables[link.table];
        match (&link.kind, &parent.history) {
            (LinkKind::ValidAt { .. }, Some(history)) => history.versions.entities(),
            _ => parent.rows,
        }
    }

    /// The moment of a reference to the version that is valid at it, and what it reads. Compiled for the first of the reference's
    /// columns that is built.
    pub(super) fn settle_moment(&mut self, table: usize, link: usize) -> Option<Vec<usize>> {
        if let Some(Target::ValidAt { at, .. }) = &self.tables[table].links[link].target {
            return Some(match at {
                Moment::Computed(expression) => expression.inputs(),
                Moment::Fixed(_) => Vec::new(),
            });
        }
        let reads = self.compile_moment(table, link);
        if reads.is_none() {
            // It was said once.
            for column in self.tables[table].links[link].columns.clone() {
                self.tables[table].columns[column].broken = true;
            }
        }
        reads
    }

    fn compile_moment(&mut self, table: usize, link: usize) -> Option<Vec<usize>> {
        let of = &self.tables[table].links[link];
        let (parent, text, column) = (of.table, of.valid_at?, *of.columns.first()?);
        let spec = self.tables[table].columns[column].spec;
        let history = self.tables[parent].history.clone()?;
        let (sql_type, periods) = history.periods?;
        let place = Place {
            table,
            column: &spec.name.value,
            part: String::new(),
            sql_type,
            unique: None,
            rows: self.tables[table].rows,
            span: text.span,
            length: None,
            modifiers: Modifiers::default(),
        };
        let mut reads = Vec::new();
        let at = match self.bound(&place, text, &mut reads)? {
            Ok(Scalar::Int(moment)) => Moment::Fixed(moment),
            Ok(_) => return None,
            Err(expression) => Moment::Computed(expression),
        };
        let drawn = match self.tables[table].links[link].kind {
            LinkKind::ValidAt { entity: Entity::Distinct { group } } => self.distinct(table, link, group)?,
            _ => match self.tables[table].links[link].target.take() {
                // The row's place in a cross product says which entity.
                Some(Target::Relation(factor)) => factor,
                _ => self.drawn_relation(table, link)?,
            },
        };
        let drawn = self.with_nulls(table, link, drawn);
        let entities = self.by_versions(table, link, drawn);
        self.tables[table].links[link].target = Some(Target::ValidAt { entities, periods, at });
        Some(reads)
    }

    /// `valid_at` needs versions to choose from, and nothing else that chooses.
    pub(super) fn check_valid_at(&mut self, table: usize, link: usize, is_earlier: bool) {
        let of = &self.tables[table].links[link];
        let Some(text) = of.valid_at else { return };
        let goes_along = |key: &str| matches!(key, "distinct" | "one_way");
        let is_computed =
            |at: &usize| !matches!(self.tables[table].columns[*at].spec.generator, Generator::Unnamed);
        let refusal = match () {
            () if self.tables[of.table].spec.history.is_none() => {
                Some("`valid_at` needs a table with `history`, whose versions it chooses from")
            }
            () if of.columns.iter().any(is_computed) => {
                Some("`expr` computes the reference, so there is nothing to choose")
            }
            () if is_earlier => Some("`earlier` and `valid_at` cannot be combined"),
            () if self.is_key(table, &of.columns) => Some("a unique reference cannot choose by `valid_at`"),
            () if of.choice.is_some_and(|choice| choice.said().any(|(key, _)| !goes_along(key))) => {
                Some("`valid_at` goes with `distinct` and `one_way`, not with what else chooses a parent")
            }
            () if of.table == table => Some("`valid_at` chooses among the versions of another table"),
            () => None,
        };
        if let Some(message) = refusal {
            self.refuse(text.span, message, "leave out `valid_at`");
        }
    }
}
