//! Watches a run: progress on a terminal while it goes on, a summary at its end.

use super::console::{Console, Level};
use super::summary::line;
use crate::diagnostic::grouped;
use crate::generate::CacheFigures;
use crate::pipeline::Observer;
use crate::plan::Plan;
use indicatif::{
    HumanDuration, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle,
};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Counts what is written, table by table.
pub struct Watch<'p> {
    plan: &'p Plan,
    bars: Option<Bars>,
    begun: Instant,
    /// When something was last written.
    last: Instant,
    bytes: u64,
    tables: Vec<Figures>,
}

/// What was written of a table. Tables are computed side by side but written one after the other: the time is that in
/// which the run waited for this one or wrote it.
struct Figures {
    table: usize,
    rows: u64,
    bytes: u64,
    time: Duration,
}

impl<'p> Watch<'p> {
    /// Begins; the rows are those that will be written.
    pub fn new(plan: &'p Plan, rows: u64, shows_progress: bool) -> Self {
        let bars = shows_progress.then(|| Bars::new(rows));
        let begun = Instant::now();
        Self { plan, bars, begun, last: begun, bytes: 0, tables: Vec::new() }
    }

    /// The summary; with figures of tables and cache for those who asked.
    pub fn tell(mut self, cache: CacheFigures, console: &Console) {
        self.bars = None;
        let width = self.tables.iter().map(|figures| self.name(figures).chars().count()).max().unwrap_or(0);
        for figures in &self.tables {
            let figures_line = line(figures.rows, figures.bytes, figures.time);
            console.say(Level::Debug, &format!("{:width$}  {figures_line}\n", self.name(figures)));
        }
        let asked = cache.hits + cache.misses;
        if asked > 0 {
            let percent = 100.0 * cache.hits as f64 / asked as f64;
            let (hits, asked) = (grouped(cache.hits), grouped(asked));
            console.say(
                Level::Debug,
                &format!("cache of parent rows: {hits} of {asked} answered ({percent:.1}%)\n"),
            );
        }
        let rows = self.tables.iter().map(|figures| figures.rows).sum();
        console.say(Level::Info, &format!("{}\n", line(rows, self.bytes, self.begun.elapsed())));
    }

    fn name(&self, figures: &Figures) -> &'p str {
        &self.plan.tables[figures.table].name
    }
}

impl Observer for Watch<'_> {
    fn wrote(&mut self, table: Option<usize>, rows: u64, bytes: u64) {
        self.bytes += bytes;
        let Some(table) = table else { return };
        if self.tables.last().is_none_or(|last| last.table != table) {
            self.tables.push(Figures { table, rows: 0, bytes: 0, time: Duration::ZERO });
            if let Some(bars) = &self.bars {
                bars.table(&self.plan.tables[table].name, self.plan.tables[table].rows);
            }
        }
        let figures = self.tables.last_mut().expect("was just pushed");
        figures.rows += rows;
        figures.bytes += bytes;
        figures.time += self.last.elapsed();
        self.last = Instant::now();
        if let Some(bars) = &self.bars {
            bars.advance(rows);
        }
    }
}

/// Two lines at the bottom of the terminal: the table being written, and the whole run.
struct Bars {
    lines: MultiProgress,
    table: ProgressBar,
    whole: ProgressBar,
}

impl Bars {
    fn new(rows: u64) -> Self {
        let lines = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        let table = lines.add(ProgressBar::no_length().with_style(style()));
        let whole = lines.add(ProgressBar::new(rows).with_style(style()).with_prefix("all tables"));
        Self { lines, table, whole }
    }

    fn table(&self, name: &str, rows: u64) {
        self.table.reset();
        self.table.set_length(rows);
        self.table.set_prefix(name.to_owned());
    }

    fn advance(&self, rows: u64) {
        self.table.inc(rows);
        self.whole.inc(rows);
    }
}

impl Drop for Bars {
    /// Leaves the terminal as it was.
    fn drop(&mut self) {
        // A terminal that has gone away needs no clearing.
        let _ = self.lines.clear();
    }
}

/// A line of progress: how far, how fast, how long still.
pub fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:20!} {bar:30} {percent:>3}%  {done}  {rate}  {left}")
        .expect("the template is well-formed")
        .progress_chars("=> ")
        .with_key("done", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{} rows", grouped(state.pos()));
        })
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{} rows/s", grouped(state.per_sec() as u64));
        })
        .with_key("left", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{} left", HumanDuration(state.eta()));
        })
}
