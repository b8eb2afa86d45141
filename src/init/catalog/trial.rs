//! Values of a table of its own, made before the spec is written: they depend on names and numbers of rows only.

use crate::diagnostic::Sources;
use crate::generate::{Options, Worker};
use crate::init::sketch::{Sketch, Table};
use crate::init::yaml;
use crate::plan::{self, Overrides};
use crate::spec::Spec;
use crate::value::{Vector, pieces};

/// Visits a column's values batch by batch; `None` where the table cannot be made.
pub fn values(table: &Table, column: usize, visit: &mut dyn FnMut(&Vector)) -> Option<()> {
    let mut alone = Table { is_hidden: false, ..table.clone() };
    // A table of nothing but hidden columns is refused.
    alone.columns.iter_mut().for_each(|column| column.is_hidden = false);
    let sketch = Sketch { tables: vec![alone], ..Sketch::default() };
    let mut sources = Sources::new();
    let source = sources.add("trial", yaml::write(&sketch).text);
    let spec = Spec::parse(&mut sources, source).ok()?;
    let plan = plan::plan(&spec, &Overrides::default()).ok()?;
    let mut worker = Worker::new(&plan, Options::default());
    let (rows, step) = (plan.tables[0].rows, worker.options().batch_rows as u64);
    for rows in pieces(0..rows, step) {
        let batch = worker.batch(0, rows, &[column]).ok()?;
        visit(&batch[0]);
    }
    Some(())
}
