//! References to earlier rows of the same table: trees, and threads within groups.

use super::draft::Draft;
use crate::diagnostic::Span;
use crate::random::Key;
use crate::relation::{Earlier, Relation, Thread};
use crate::spec::Roots;
use std::sync::Arc;

impl Draft<'_> {
    /// The relation of a link to earlier rows.
    pub(super) fn tree(&mut self, table: usize, link: usize, key: Key) -> Option<Arc<dyn Relation>> {
        let of = &self.tables[table].links[link];
        let (span, call, null) = (of.span, of.distribution, of.null.unwrap_or(0.0));
        let tree = of.choice.and_then(|choice| choice.tree.as_ref());
        self.needs_null(table, link, span)?;
        if let Some(call) = call {
            let message = "`earlier` references are spread evenly over earlier rows";
            self.refuse(call.name.span, message, "leave out `distribution`");
        }
        let rows = self.tables[table].rows;
        let Some(tree) = tree else {
            return Some(Arc::new(self.accept(Earlier::new(rows, 1, key), None, span)?));
        };
        let roots = tree.roots.as_ref().map_or(Roots::Count(1), |roots| roots.value);
        if let (Some(roots), true) = (&tree.roots, null > 0.0) {
            self.refuse(
                roots.span,
                "`roots` says already which rows refer to none",
                "leave out `null`, or `roots`",
            );
        }
        let roots = match roots {
            Roots::Count(count) => count,
            Roots::Share(share) => libm::round(rows as f64 * share) as u64,
        };
        let built = match &tree.depth {
            Some(depth) => Earlier::of_depth(rows, roots, depth.value.min(rows.max(2)), key),
            None => Earlier::new(rows, roots, key),
        };
        Some(Arc::new(self.accept(built, None, span)?))
    }

    /// The relation of a link to earlier rows of the same group.
    pub(super) fn thread(&mut self, table: usize, link: usize, group: usize) -> Option<Arc<dyn Relation>> {
        self.needs_null(table, link, self.tables[table].links[link].span)?;
        let to_group = self.relation(table, group)?;
        let key = self.key(table, &self.tables[table].link_columns(link), "earlier within");
        Some(Arc::new(Thread::new(to_group, key)))
    }

    /// The first row has nobody before it.
    fn needs_null(&mut self, table: usize, link: usize, span: Span) -> Option<()> {
        if self.is_optional(table, link) {
            return Some(());
        }
        let help = "let the column be null: leave out `not null`";
        self.refuse(span, "the first row has no earlier row to refer to", help);
        None
    }
}
