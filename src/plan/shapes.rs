//! Tables whose rows follow from other tables or from columns' values: samples, cross products, points of `scale`.

use super::counts::MAX_ROWS;
use super::draft::{Draft, Entity, LinkKind};
use super::model::Target;
use crate::diagnostic::{Diagnostic, Span, grouped};
use crate::relation::{Digits, Relation, Sample};
use crate::spec::{At, EachSpec, Factor, RowsSpec, SampleSize, SampleSpec, ScalePoint};
use std::sync::Arc;

/// What a cross product goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactorDraft {
    /// The rows of a link's parent.
    Link(usize),
    /// The values of a column.
    Column(usize),
}

impl<'s> Draft<'s> {
    /// The links of shapes other than `per`.
    pub(super) fn settle_shape_links(&mut self, table: usize) {
        match &self.tables[table].spec.rows {
            Some(RowsSpec::Sample(sample)) => {
                if let Some(link) = self.link_to_parent(table, &sample.table, sample.through.as_ref()) {
                    self.make_rows_follow(table, link, LinkKind::Sample);
                }
            }
            Some(RowsSpec::Each(each)) => {
                for factor in &each.factors {
                    self.settle_factor(table, factor);
                }
            }
            Some(RowsSpec::Data(data)) => self.settle_listed_links(table, data),
            _ => {}
        }
    }

    fn settle_factor(&mut self, table: usize, factor: &'s Factor) {
        let (found, span) = match factor {
            Factor::Table { table: parent, through } => {
                (self.link_to_parent(table, parent, through.as_ref()).map(FactorDraft::Link), parent.span)
            }
            Factor::Column(name) => {
                (self.find_column(table, name).map(|column| self.column_factor(table, column)), name.span)
            }
            Factor::Named(name) => (self.named_factor(table, name), name.span),
        };
        let Some(found) = found else { return };
        if self.tables[table].factors.contains(&found) {
            self.refuse(span, "`each` names this twice", "every factor adds a column of its own to the key");
            return;
        }
        if let FactorDraft::Link(link) = found {
            let kind = match self.tables[table].links[link].kind {
                // Each entity is combined, and the moment chooses its version.
                LinkKind::ValidAt { .. } => LinkKind::ValidAt { entity: Entity::Factor },
                _ => LinkKind::Factor,
            };
            self.make_rows_follow(table, link, kind);
        }
        self.tables[table].factors.push(found);
    }

    /// A column that refers to a table stands for that table's rows.
    fn column_factor(&self, table: usize, column: usize) -> FactorDraft {
        match self.tables[table].columns[column].link {
            Some((link, _)) => FactorDraft::Link(link),
            None => FactorDraft::Column(column),
        }
    }

    fn named_factor(&mut self, table: usize, name: &'s At<String>) -> Option<FactorDraft> {
        let column = self.tables[table].column_index(&name.value);
        let parent = self.table_index(&name.value);
        match (column, parent) {
            (Some(column), None) => Some(self.column_factor(table, column)),
            (None, Some(_)) => self.link_to_parent(table, name, None).map(FactorDraft::Link),
            (Some(_), Some(_)) => {
                let message = format!("`{}` is a table, and a column of this table", name.value);
                let help = format!("write `{{table: {0}}}` or `{{column: {0}}}`", name.value);
                self.refuse(name.span, message, help);
                None
            }
            (None, None) => {
                let of = &self.tables[table];
                let known: Vec<&str> =
                    self.table_names().chain(of.columns.iter().map(|column| column.name())).collect();
                let message = format!("`{}` is neither a table nor a column of `{}`", name.value, of.name());
                self.problems.push(Diagnostic::new(name.span, message).suggest(&name.value, known));
                None
            }
        }
    }

    /// A sample's rows; its parent's are known.
    pub(super) fn settle_sample(&mut self, table: usize, sample: &SampleSpec) {
        let Some(link) = self.tables[table].link_of(LinkKind::Sample) else { return };
        let parents = self.tables[self.tables[table].links[link].table].rows;
        let key = self.key(table, &sample.table.value, "sample");
        let relation = match &sample.size {
            SampleSize::Fraction(fraction) => Sample::fraction(parents, fraction.value, key),
            SampleSize::Count(count) => {
                let children = self.count_expression(count);
                if children > parents {
                    let message = format!(
                        "`{}` has {} rows, a sample of {} would repeat some",
                        sample.table.value,
                        grouped(parents),
                        grouped(children)
                    );
                    let help = "use fewer, or `rows: {per: ...}` for several rows of one parent";
                    self.refuse(count.span, message, help);
                    return;
                }
                Sample::count(parents, children, key)
            }
        };
        self.tables[table].rows = relation.children();
        self.tables[table].links[link].target = Some(Target::Relation(Arc::new(relation)));
    }

    /// A cross product's rows, and each factor's place in them.
    pub(super) fn settle_each(&mut self, table: usize, each: &EachSpec) {
        let factors = self.tables[table].factors.clone();
        let mut radixes = Vec::new();
        for factor in &factors {
            let radix = match *factor {
                FactorDraft::Link(link) => Ok(self.drawn_parents(table, link)),
                FactorDraft::Column(column) if self.tables[table].columns[column].broken => return,
                FactorDraft::Column(column) => self.radix(table, column).map_err(|why| (column, why)),
            };
            match radix {
                Ok(radix) => radixes.push(radix),
                Err((column, why)) => {
                    let name = self.tables[table].columns[column].name();
                    let message = format!("`{name}` cannot be combined: it {why}");
                    let help = "what is combined are tables, and columns of `values` without weights or of literal `min` and `max`";
                    self.refuse(each.span, message, help);
                    return;
                }
            }
        }
        let product = radixes.iter().try_fold(1u64, |product, radix| product.checked_mul(*radix));
        let Some(rows) = product.filter(|rows| *rows <= MAX_ROWS) else {
            let parts: Vec<String> = radixes.iter().map(|radix| grouped(*radix)).collect();
            let message = format!("{} are more rows than can be counted", parts.join(" x "));
            self.refuse(each.span, message, "combine fewer or smaller tables");
            return;
        };
        self.tables[table].rows = rows;
        let mut divisor = rows;
        for (factor, radix) in factors.iter().zip(radixes) {
            divisor = divisor.checked_div(radix).unwrap_or(0);
            let digits = Digits::in_order(rows, divisor, radix);
            self.refuse_repeats(table, *factor, radix);
            match *factor {
                FactorDraft::Column(column) => self.tables[table].columns[column].digits = Some(digits),
                FactorDraft::Link(link) => {
                    self.tables[table].links[link].target = Some(Target::Relation(Arc::new(digits)));
                }
            }
        }
    }

    /// A column of a factor cannot be unique by itself where another factor repeats it.
    fn refuse_repeats(&mut self, table: usize, factor: FactorDraft, radix: u64) {
        let of = &self.tables[table];
        let columns = match factor {
            FactorDraft::Column(column) => vec![column],
            FactorDraft::Link(link) => of.links[link].columns.clone(),
        };
        let repeats = |column: &&usize| of.is_unique(**column) && of.rows > radix;
        if let Some(column) = columns.iter().find(repeats) {
            let spec = of.columns[*column].spec;
            let span = spec.unique.or(spec.primary_key).unwrap_or(spec.name.span);
            let message = format!("`{}` repeats in a cross product", spec.name.value);
            self.refuse(span, message, "let the key have all columns of `each`");
        }
    }

    /// Whether the columns of a key hold what makes the rows of a shape different.
    pub(super) fn is_unique_by_shape(&self, table: usize, columns: &[usize]) -> bool {
        let of = &self.tables[table];
        let holds = |link: &usize| self.name_parent(table, *link, columns);
        match &of.spec.rows {
            Some(RowsSpec::Sample(_)) => of.link_of(LinkKind::Sample).is_some_and(|link| holds(&link)),
            Some(RowsSpec::Each(_)) => of.factors.iter().all(|factor| match factor {
                FactorDraft::Column(column) => columns.contains(column),
                FactorDraft::Link(link) => holds(link),
            }),
            Some(RowsSpec::Dates(_)) => columns.iter().any(|column| of.columns[*column].given.is_some()),
            Some(RowsSpec::Data(_)) => self.first_repeat(table, columns).is_none(),
            _ => false,
        }
    }

    /// Rows at a scale between some points.
    pub(super) fn scaled_count(&mut self, points: &[ScalePoint]) -> u64 {
        let known: Vec<(f64, u64)> =
            points.iter().map(|point| (point.scale.value, self.count_expression(&point.rows))).collect();
        let rows = interpolated(&known, self.scale);
        if rows <= MAX_ROWS as f64 {
            return rows as u64;
        }
        let span = points.last().map_or_else(Span::default, |point| point.scale.span);
        self.refuse(
            span,
            "at this `--scale` the table has more rows than can be counted",
            "use a smaller scale",
        );
        0
    }
}

/// A straight line between the two points around a scale; below the first and above the last in proportion to it. A table
/// that has rows at all has at least one.
fn interpolated(points: &[(f64, u64)], scale: f64) -> f64 {
    let Some((last, first)) = points.last().zip(points.first()) else { return 0.0 };
    let after = points.partition_point(|(at, _)| *at <= scale);
    let exact = match after {
        0 => first.1 as f64 * (scale / first.0),
        _ if after == points.len() => last.1 as f64 * (scale / last.0),
        _ => {
            let (low, high) = (points[after - 1], points[after]);
            let share = (scale - low.0) / (high.0 - low.0);
            low.1 as f64 + share * (high.1 as f64 - low.1 as f64)
        }
    };
    let has_rows = points[after.saturating_sub(1)].1 > 0;
    if has_rows { libm::round(exact).max(1.0) } else { libm::round(exact) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lie_on_lines_between_the_points_of_scale() {
        let points = [(1.0, 2_000), (10.0, 8_000), (100.0, 20_000)];
        let at = |scale| interpolated(&points, scale);
        assert_eq!([1.0, 10.0, 100.0].map(at), [2_000.0, 8_000.0, 20_000.0]);
        assert_eq!([4.0, 55.0].map(at), [4_000.0, 14_000.0]);
        assert_eq!([0.1, 200.0].map(at), [200.0, 40_000.0], "outside in proportion");
        assert_eq!(at(0.000_01), 1.0, "at least a row");
        assert_eq!(interpolated(&[(1.0, 0), (2.0, 10)], 0.5), 0.0);
        assert_eq!(interpolated(&[(1.0, 0), (2.0, 10)], 1.5), 5.0);
    }
}
