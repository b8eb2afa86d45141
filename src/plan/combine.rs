//! Keys over several columns: unique by what they are, or made so as combinations without repeats.

use super::draft::{Draft, LinkKind};
use super::keeping::Keeping;
use super::model::SiblingKey;
use super::modifiers::step_of;
use crate::diagnostic::{Diagnostic, Span, grouped};
use crate::random::Permutation;
use crate::relation::Digits;
use crate::spec::{At, Generator, Modifiers, ParentChoice, RowsSpec};
use crate::value::SqlType;
use crate::value::parse::{self, Scalar};
use std::collections::HashSet;

/// A key over several columns.
struct Key {
    columns: Vec<usize>,
    span: Span,
}

impl Draft<'_> {
    /// Makes every key over several columns unique by construction, or refuses it. Runs when row counts are known and before
    /// links are made, since a link may become a part of a combination.
    pub fn settle_combinations(&mut self) {
        for table in 0..self.tables.len() {
            let mut combined: Option<Vec<usize>> = None;
            for key in self.composite_keys(table) {
                let is_broken = |column: &usize| self.tables[table].columns[*column].broken;
                let is_safe = key.columns.len() < 2
                    || key.columns.iter().any(is_broken)
                    || self.tables[table].rows < 2
                    || self.is_unique_together(table, &key.columns)
                    || combined
                        .as_ref()
                        .is_some_and(|made| made.iter().all(|column| key.columns.contains(column)));
                if is_safe {
                    continue;
                }
                if let Some(key) = self.sibling_key(table, &key.columns) {
                    self.tables[table].sibling_keys.push(key);
                    continue;
                }
                if combined.is_some() && self.make_one_unique(table, &key) {
                    continue;
                }
                if combined.is_some() {
                    self.refuse(
                        key.span,
                        "a second key over several columns cannot be made unique",
                        "one of a table's keys can be a combination; let the others contain a unique column",
                    );
                    continue;
                }
                if self.refuse_repeated_key(table, &key.columns) {
                    continue;
                }
                self.combine(table, &key);
                combined = Some(key.columns);
            }
        }
    }

    /// The table's keys and unique indexes; their columns are looked up, also those of plain indexes.
    fn composite_keys(&mut self, table: usize) -> Vec<Key> {
        let spec = self.tables[table].spec;
        let mut lists: Vec<&Vec<At<String>>> = vec![&spec.primary_key.columns];
        lists.extend(spec.uniques.iter().map(|unique| &unique.columns));
        lists.extend(spec.indexes.iter().filter(|index| index.is_key()).map(|index| &index.columns));
        let plain: Vec<&Vec<At<String>>> =
            spec.indexes.iter().filter(|index| !index.is_key()).map(|index| &index.columns).collect();
        for name in plain.into_iter().flatten() {
            self.find_column(table, name);
        }
        let mut keys = Vec::new();
        for names in lists.into_iter().filter(|names| !names.is_empty()) {
            let columns: Vec<usize> = names.iter().filter_map(|name| self.find_column(table, name)).collect();
            let distinct: HashSet<usize> = columns.iter().copied().collect();
            if distinct.len() < columns.len() {
                self.problems.push(Diagnostic::new(names[0].span, "a column stands twice in a key"));
            }
            keys.push(Key { columns, span: names[0].span });
        }
        keys
    }

    /// Unique without further ado: a column of it is, or it has the parent whose rows are counted together with the count.
    fn is_unique_together(&self, table: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let is_unique = |column: usize| {
            let is_uuid = matches!(of.columns[column].spec.generator, Generator::Uuid(_));
            let is_of_row = self.keeping(table, column) == Keeping::Row;
            of.is_unique(column) || (is_of_row && (is_uuid || self.sequence_of(table, column).is_some()))
        };
        if columns.iter().any(|column| is_unique(*column) || self.counts(table, *column, "row")) {
            return true;
        }
        let moment = self.tick_column(table).filter(|_| self.ticks_differ(table));
        let has_moment = moment.is_some_and(|column| columns.contains(&column));
        if has_moment && matches!(of.spec.rows, Some(RowsSpec::Ticks(_)))
            || self.is_unique_by_shape(table, columns)
            || self.is_unique_by_version(table, columns)
            || columns.iter().any(|column| self.differs_within(table, *column, columns))
        {
            return true;
        }
        let Some(per) = of.per_link() else { return false };
        let has_parent = self.name_parent(table, per, columns);
        let at_most_one = matches!(&of.spec.rows, Some(RowsSpec::Per(per)) if per.max.as_ref().is_some_and(|max| max.value <= 1));
        has_parent
            && (at_most_one || has_moment || columns.iter().any(|column| self.counts(table, *column, "nth")))
    }

    /// The key as one of the parent that rows are made `per` and of computed columns, which can be held to differ in each
    /// parent's few rows.
    fn sibling_key(&self, table: usize, columns: &[usize]) -> Option<SiblingKey> {
        /// More would be compared one by one for too long.
        const MOST_SIBLINGS: u64 = 1_024;
        let of = &self.tables[table];
        let link = of.per_link().filter(|link| !of.links[*link].columns.is_empty())?;
        let (parent, others): (Vec<usize>, Vec<usize>) =
            columns.iter().partition(|column| of.links[link].columns.contains(column));
        let Some(RowsSpec::Per(per)) = &of.spec.rows else { return None };
        let are_few = per.max.as_ref().is_some_and(|max| max.value <= MOST_SIBLINGS);
        let is_computed = |column: &usize| {
            matches!(of.columns[*column].spec.generator, Generator::Expression(_) | Generator::Template(_))
        };
        let is_one = parent.len() == of.links[link].columns.len() && are_few;
        (is_one && !others.is_empty() && others.iter().all(is_computed))
            .then_some(SiblingKey { link, columns: others })
    }

    /// Whether a column differs in rows that agree in the others: `distinct` by a reference among them.
    fn differs_within(&self, table: usize, column: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let Some((link, _)) = of.columns[column].link else { return false };
        let Some(group) = of.links[link].kind.distinct_by() else { return false };
        of.links[link].columns == [column] && self.name_parent(table, group, columns)
    }

    /// Whether some of the columns tell parents of a link apart: those that refer to it, or a path over it to what is unique there.
    pub(super) fn name_parent(&self, table: usize, link: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let link_columns = &of.links[link].columns;
        let parent = of.links[link].table;
        let leads_to_key = |column: &usize| match &of.columns[*column].spec.generator {
            Generator::Expression(text) => {
                let path = text.value.trim().split_once('.').filter(|(alias, _)| of.is_called(link, alias));
                let key = path.and_then(|(_, name)| self.tables[parent].column_index(name));
                key.is_some_and(|key| self.tables[parent].is_unique(key))
            }
            _ => false,
        };
        !link_columns.is_empty() && link_columns.iter().all(|column| columns.contains(column))
            || columns.iter().any(leads_to_key)
    }

    /// Whether a column is just that counter.
    fn counts(&self, table: usize, column: usize, counter: &str) -> bool {
        let spec = self.tables[table].columns[column].spec;
        matches!(&spec.generator, Generator::Expression(text) if text.value.trim() == counter)
    }

    /// Gives each column of the key its digit.
    fn combine(&mut self, table: usize, key: &Key) {
        let rows = self.tables[table].rows;
        let (mut columns, mut radixes, mut refused) = (Vec::new(), Vec::new(), None);
        for column in &key.columns {
            match self.radix(table, *column) {
                Ok(radix) => {
                    columns.push(*column);
                    radixes.push(radix);
                }
                Err(why) => refused = refused.or(Some((*column, why))),
            }
        }
        if let Some((column, why)) = refused {
            // Some of the columns may be enough to tell rows apart, or a single one.
            let capacity = radixes.iter().fold(1u64, |product, radix| product.saturating_mul(*radix));
            let is_enough = capacity >= rows && capacity < u64::MAX;
            if !is_enough || columns.len() < 2 {
                if self.make_one_unique(table, key) {
                    return;
                }
                if !is_enough {
                    let name = self.tables[table].columns[column].name().to_owned();
                    self.refuse(
                        key.span,
                        format!("this key cannot be made unique: `{name}` {why}"),
                        "combinations are made of references, of values without weights and of ranges with literal bounds; \
                         or add a unique column, or the `per` reference together with `nth` or, where `max` is 1,024 at most, \
                         with computed columns",
                    );
                    return;
                }
            }
        }
        let capacity = radixes.iter().try_fold(1u64, |product, radix| product.checked_mul(*radix));
        let capacity = capacity.unwrap_or(u64::MAX);
        if capacity < rows {
            let parts: Vec<String> = radixes.iter().map(|radix| grouped(*radix)).collect();
            let message = format!(
                "the key allows {} combinations ({}), the table has {} rows",
                grouped(capacity),
                parts.join(" x "),
                grouped(rows)
            );
            self.refuse(key.span, message, "use fewer rows, or more values for the key's columns");
            return;
        }
        if capacity == u64::MAX {
            self.refuse(
                key.span,
                "the key has more combinations than can be counted",
                "narrow the bounds of its columns",
            );
            return;
        }
        let names: Vec<&str> = columns.iter().map(|at| self.tables[table].columns[*at].name()).collect();
        let order = Permutation::new(self.key(table, &names.join(","), "combination"), capacity);
        let mut divisor = 1;
        for (column, radix) in columns.iter().zip(radixes) {
            let digits = Digits::new(order.clone(), rows, capacity, divisor, radix);
            self.tables[table].columns[*column].digits = Some(digits);
            divisor *= radix;
        }
    }

    /// Makes a column of the key unique by itself: a text, or else a date or time or a number that names no generator.
    fn make_one_unique(&mut self, table: usize, key: &Key) -> bool {
        let of = &self.tables[table];
        let rank = |column: &usize| {
            let draft = &of.columns[*column];
            let is_free = draft.link.is_none() && draft.digits.is_none() && draft.given.is_none();
            let is_shaped = draft.spec.distribution.is_some();
            match (&draft.spec.generator, &draft.sql_type) {
                _ if !is_free || is_shaped => None,
                (
                    Generator::Unnamed
                    | Generator::Fake { .. }
                    | Generator::Pattern(_)
                    | Generator::FittingPattern(_)
                    | Generator::Code(_),
                    of,
                ) if of.is_text() => Some(0),
                (Generator::Unnamed, SqlType::Timestamp | SqlType::Timestamptz | SqlType::Date) => Some(1),
                (Generator::Unnamed, of) if of.is_integer() => Some(2),
                (Generator::Moments(moments), _) if moments.ascends_along_rows() => Some(3),
                _ => None,
            }
        };
        let ranked = key.columns.iter().filter_map(|column| Some((rank(column)?, *column)));
        let Some((_, column)) = ranked.min() else { return false };
        self.tables[table].columns[column].is_unique_in_key = true;
        true
    }

    /// How many values a column chooses from evenly, or why that is not known.
    pub(super) fn radix(&mut self, table: usize, column: usize) -> Result<u64, &'static str> {
        let spec = self.tables[table].columns[column].spec;
        if let (Generator::Range { min: Some(min), max: Some(max) }, None) =
            (&spec.generator, &spec.distribution)
        {
            let sql_type = self.tables[table].columns[column].sql_type.clone();
            let grid = self.key_grid(min, max, &spec.modifiers, &sql_type);
            return grid.map(|grid| grid.count).ok_or(match spec.modifiers.given().is_empty() {
                true => "has no literal bounds of whole numbers",
                false => "has `correlation` or the like, or a `step` between bounds that are not literal",
            });
        }
        let of = &self.tables[table];
        let draft = &of.columns[column];
        if draft.given.is_some() {
            return Err("has the values that `rows` gives");
        }
        if draft.digits.is_some() {
            return Err("is one of what `each` combines");
        }
        if draft.spec.distribution.is_some() {
            return Err("has a distribution");
        }
        if !draft.spec.modifiers.given().is_empty() {
            return Err("has `step`, `correlation` or the like");
        }
        if let Some((link, _)) = draft.link {
            let link = &of.links[link];
            let parents = self.tables[link.table].rows;
            return match link.kind {
                _ if link.choice.is_some_and(ParentChoice::looks_at_values) => Err("chooses its parents"),
                LinkKind::FanOut if link.columns.len() == 1 && parents > 0 => Ok(parents),
                LinkKind::FanOut if parents == 0 => Err("refers to a table without rows"),
                LinkKind::Per => Err("is the reference that rows are made per"),
                _ => Err("is not a plain reference"),
            };
        }
        match &draft.spec.generator {
            Generator::Values(values) => {
                let first = values.value.first().map_or(0.0, |first| first.weight.value);
                match values.value.iter().all(|weighted| weighted.weight.value == first) {
                    true => Ok(values.value.len() as u64),
                    false => Err("has weights"),
                }
            }
            Generator::Unnamed => match &draft.sql_type {
                SqlType::Enum(labels) => Ok(labels.labels.len() as u64),
                SqlType::Boolean => Ok(2),
                _ => Err("has no values, bounds or reference"),
            },
            Generator::Moments(_) => Err("has a calendar, an order or steps"),
            _ => Err("is not a reference, `values` or `min`/`max`"),
        }
    }
}

/// Values at even distances.
pub(super) struct KeyGrid {
    pub first: i64,
    pub step: i64,
    count: u64,
}

impl Draft<'_> {
    /// The values between two bounds that are known before the first row: literals, and moments told from `as_of`.
    pub(super) fn key_grid(
        &mut self,
        min: &At<String>,
        max: &At<String>,
        modifiers: &Modifiers,
        sql_type: &SqlType,
    ) -> Option<KeyGrid> {
        if modifiers.given().iter().any(|(name, _)| *name != "step") {
            return None;
        }
        // Where they are not known, the column says so when it is built, unless they may differ from row to row.
        let told = self.problems.len();
        let bounds = grid_bounds(min, max, sql_type).or_else(|| {
            let is_moment = matches!(sql_type, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz);
            let mut bound = |text| self.constant_moment(text, sql_type).filter(|_| is_moment);
            bound(min).zip(bound(max)).filter(|(low, high)| low <= high)
        });
        self.problems.truncate(told);
        let step = match &modifiers.step {
            Some(text) => step_of(text, sql_type).ok().filter(|step| *step > 0)?,
            None => grid_step(sql_type),
        };
        let (first, last) = bounds?;
        Some(KeyGrid { first, step, count: (last - first) as u64 / step as u64 + 1 })
    }
}

/// Literal bounds of a column of whole numbers, decimals, dates or times.
pub(super) fn grid_bounds(min: &At<String>, max: &At<String>, sql_type: &SqlType) -> Option<(i64, i64)> {
    let bound = |text: &At<String>| match parse::scalar(&text.value, sql_type) {
        Ok(Scalar::Int(value)) => Some(value),
        _ => None,
    };
    let bounds = (bound(min)?, bound(max)?);
    (bounds.0 <= bounds.1).then_some(bounds)
}

/// The distance of drawn values: seconds of times, else one.
pub(super) fn grid_step(sql_type: &SqlType) -> i64 {
    match sql_type {
        SqlType::Time | SqlType::Timestamp | SqlType::Timestamptz => 1_000_000,
        _ => 1,
    }
}
