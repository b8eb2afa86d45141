//! Tables whose rows are versions of entities.

use super::counts::MAX_ROWS;
use super::draft::{Draft, LinkKind};
use super::generators::Built;
use super::given::Given;
use super::keeping::Keeping;
use super::model::Input;
use crate::column::VersionCounter;
use crate::diagnostic::Span;
use crate::distribution;
use crate::relation::{CountShape, Periods, Spacing, VersionCounts, Versions};
use crate::spec::{Argument, Arguments, At, Generator, HistorySpec, RowsSpec, VersionsSpec};
use crate::value::{SqlType, civil};
use std::sync::Arc;

/// What is known of a table's history.
#[derive(Clone)]
pub(super) struct HistoryDraft {
    pub versions: Arc<Versions>,
    /// The column that all versions of an entity share.
    pub key: Option<usize>,
    /// The type of the moments, and when versions are valid.
    pub periods: Option<(SqlType, Arc<Periods>)>,
}

impl<'s> Draft<'s> {
    /// The versions of a table's entities; its number of rows is known unless it follows from that of entities.
    pub(super) fn settle_history(&mut self, table: usize, history: &'s HistorySpec, is_set: bool) {
        if !matches!(self.tables[table].spec.rows, None | Some(RowsSpec::Expression(_) | RowsSpec::Scale(_)))
        {
            let message = "rows of this shape cannot be versions of entities";
            self.refuse(history.span, message, "let `rows` be a number, or leave out `history`");
            return;
        }
        let Some(versions) = self.versions(table, history, is_set) else { return };
        self.tables[table].rows = versions.rows();
        let versions = Arc::new(versions);
        let key = self.find_column(table, &history.key);
        self.tables[table].history = Some(HistoryDraft { versions: versions.clone(), key, periods: None });
        let periods = self.settle_periods(table, history, versions);
        if let Some(of) = &mut self.tables[table].history {
            of.periods = periods;
        }
        if let Some(key) = key {
            self.check_business_key(table, key, &history.key);
        }
    }

    fn versions(&mut self, table: usize, history: &HistorySpec, is_set: bool) -> Option<Versions> {
        let counts = match &history.versions {
            VersionsSpec::Weighted(weights) => VersionCounts::Shape(weighted_shape(weights)),
            VersionsSpec::InTurn(counts) => {
                VersionCounts::InTurn(counts.iter().map(|count| count.value).collect())
            }
            VersionsSpec::Counts(counts) => VersionCounts::Shape(self.count_shape(counts)?),
        };
        let key = self.key(table, &history.key.value, "versions");
        let versions = match &history.entities {
            Some(entities) if self.tables[table].spec.rows.is_some() => {
                let message = "`rows` and `entities` both say how many rows there are";
                self.refuse(entities.span, message, "keep one of them");
                return None;
            }
            Some(entities) if !is_set => {
                let count = self.count_expression(entities);
                Versions::of_entities(count, &counts, key)
            }
            _ => Versions::of_rows(self.tables[table].rows, &counts, key),
        };
        let versions = self.accept(versions, None, history.span)?;
        if versions.rows() > MAX_ROWS {
            let message = "the entities have more versions than rows can be counted";
            self.refuse(history.span, message, "use fewer entities");
            return None;
        }
        Some(versions)
    }

    /// When versions are valid, and the columns that say so.
    fn settle_periods(
        &mut self,
        table: usize,
        history: &HistorySpec,
        versions: Arc<Versions>,
    ) -> Option<(SqlType, Arc<Periods>)> {
        let from = self.moment_column(table, &history.from);
        let to = history.to.as_ref().map(|name| self.moment_column(table, name));
        let sql_type = self.tables[table].columns[from?].sql_type.clone();
        let first = self.constant_moment(&history.start.0, &sql_type);
        let last = self.constant_moment(&history.start.1, &sql_type);
        let step = super::combine::grid_step(&sql_type);
        let end = match &history.end {
            Some(end) => self.constant_moment(end, &sql_type),
            None if sql_type == SqlType::Date => Some(self.as_of.div_euclid(civil::DAY)),
            None => Some(self.as_of),
        };
        let (starts, end) = ((first?, last?), end?);
        if starts.0 > starts.1 {
            self.refuse(history.start.1.span, "entities begin before they begin", "exchange the two moments");
            return None;
        }
        let spacing = if history.is_even { Spacing::Even } else { Spacing::Random };
        let key = self.key(table, &history.from.value, "periods");
        let periods = Periods { versions, starts, end, step, spacing, key };
        let most = periods.versions.most();
        if !periods.have_room(most) {
            let span = history.end.as_ref().unwrap_or(&history.start.1).span;
            let message = format!("between the last start and the end there is no room for {most} versions");
            self.refuse(span, message, "let entities begin earlier, end later, or have fewer versions");
            return None;
        }
        let periods = Arc::new(periods);
        if self.takes_given_values(table, from?) {
            self.tables[table].columns[from?].given = Some(Given::ValidFrom(periods.clone()));
        }
        if let Some(to) = to {
            let to = to?;
            self.settle_end(table, to, from?, history, periods.clone());
        }
        Some((sql_type, periods))
    }

    fn settle_end(
        &mut self,
        table: usize,
        to: usize,
        from: usize,
        history: &HistorySpec,
        periods: Arc<Periods>,
    ) {
        let of = &self.tables[table];
        let span = history.to.as_ref().map_or(history.span, |to| to.span);
        let (own, other) = (&of.columns[to].sql_type, &of.columns[from].sql_type);
        if to == from || own != other {
            let message = match to == from {
                true => "a version begins and ends in one column".to_owned(),
                false => format!("`{}` is {own}, but versions begin in {other}", of.columns[to].name()),
            };
            self.refuse(span, message, "use two columns of one type");
            return;
        }
        if of.is_not_null(to) {
            let message = format!("`{}` is null in an entity's last version", of.columns[to].name());
            self.refuse(span, message, "leave out `not null`");
            return;
        }
        // The last moment of a version: a day of dates, a microsecond of timestamps.
        let offset = if history.to_is_inclusive { -1 } else { 0 };
        if self.takes_given_values(table, to) {
            self.tables[table].columns[to].given = Some(Given::ValidTo(periods, offset));
        }
    }

    /// A column of dates or timestamps.
    fn moment_column(&mut self, table: usize, name: &At<String>) -> Option<usize> {
        let column = self.find_column(table, name)?;
        let draft = &self.tables[table].columns[column];
        if draft.broken {
            return None;
        }
        if matches!(draft.sql_type, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz) {
            return Some(column);
        }
        let message = format!("`{}` is {}, not a date or a timestamp", name.value, draft.sql_type);
        self.refuse(name.span, message, "write `type: date`");
        None
    }

    /// The key is the same in all versions of an entity, and another one in every entity.
    fn check_business_key(&mut self, table: usize, column: usize, name: &At<String>) {
        let of = &self.tables[table];
        let draft = &of.columns[column];
        let spec = draft.spec;
        let link = draft.link.map(|(link, _)| link);
        let is_drawn = link.is_none_or(|link| of.links[link].kind == LinkKind::FanOut);
        let refusal = match () {
            () if of.is_unique(column) => {
                Some((spec.name.span, "stands in every version of an entity, so it is not unique"))
            }
            () if spec.changes.is_some() => {
                Some((spec.name.span, "is the same in all versions of an entity"))
            }
            () if draft.given.is_some() || !is_drawn => Some((name.span, "cannot tell entities apart")),
            () if spec.null.as_ref().is_some_and(|share| share.value > 0.0) => {
                Some((spec.name.span, "cannot be null"))
            }
            () => None,
        };
        if let Some((span, why)) = refusal {
            let message = format!("the key `{}` {why}", name.value);
            let help = "the key of a history is a column of its own; a sequence can number the versions";
            self.refuse(span, message, help);
            return;
        }
        // A reference as the key: each parent is one entity.
        if let Some(link) = link {
            self.tables[table].links[link].kind = LinkKind::OneToOne;
        }
    }

    /// How many values the key of a history has, if the column is one.
    pub(super) fn entities_of_key(&self, table: usize, column: usize) -> Option<u64> {
        let history = self.tables[table].history.as_ref()?;
        (history.key == Some(column)).then(|| history.versions.entities())
    }

    /// The key's values have to tell entities apart, and must not differ between versions.
    pub(super) fn check_key_reads(&mut self, table: usize, column: usize, built: &Built) {
        let of = &self.tables[table];
        let name = of.columns[column].name();
        let varies = |input: &usize| match &of.inputs[*input] {
            Input::Version(VersionCounter::Entity) => false,
            Input::Column(other) => {
                let is_computed = matches!(of.columns[*other].spec.generator, Generator::Expression(_));
                self.keeping(table, *other) != Keeping::Entity || is_computed
            }
            Input::Parent { .. } => false,
            _ => true,
        };
        let span = of.columns[column].spec.name.span;
        if built.reads.iter().any(varies) {
            let message = format!("the key `{name}` would differ between the versions of an entity");
            self.refuse(
                span,
                message,
                "compute it from `entity`, the entity's number, and from what never changes",
            );
        } else if built.unproved.is_some() {
            let message = format!("nothing shows that the key `{name}` differs between entities");
            self.refuse(span, message, "write `expr: entity`, or end a template with `-{entity}`");
        }
    }

    /// Whether the columns of a key of a history differ from row to row together.
    pub(super) fn is_unique_by_version(&self, table: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let Some(key) = of.history.as_ref().and_then(|history| history.key) else { return false };
        let tells_versions = |column: &usize| {
            matches!(of.columns[*column].given, Some(Given::ValidFrom(_)))
                || matches!(&of.columns[*column].spec.generator,
                    Generator::Expression(text) if text.value.trim() == "version")
        };
        columns.contains(&key) && columns.iter().any(tells_versions)
    }
}

/// Numbers of versions with their weights, as counts per entity.
fn weighted_shape(weights: &[(At<u64>, f64)]) -> CountShape {
    let counts = || weights.iter().map(|(count, _)| count.value);
    let (min, max) = (counts().min().unwrap_or(1), counts().max().unwrap_or(1));
    let weight = |count: u64| {
        let of_count = weights.iter().filter(|(other, _)| other.value == count);
        of_count.map(|(_, weight)| weight).sum::<f64>()
    };
    let bounds = (min..=max + 1).map(|count| count as f64 - 0.5).collect();
    let arguments = Arguments {
        given: vec![
            ("bounds".to_owned(), Argument::Numbers(bounds), Span::default()),
            ("weights".to_owned(), Argument::Numbers((min..=max).map(weight).collect()), Span::default()),
        ],
    };
    let histogram = distribution::find("histogram").expect("it is in the list");
    let histogram = (histogram.build)(&arguments).expect("weights were checked when they were read");
    CountShape { distribution: Some(histogram), min, max, mean: None }
}
