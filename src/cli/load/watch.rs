//! Watches a load: progress on a terminal while it goes on, a summary at its end.

use crate::cli::console::{Console, Level};
use crate::cli::progress;
use crate::cli::summary::{count, line, rows, seconds};
use crate::load::Observer;
use crate::plan::Plan;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Counts what is loaded, from several threads.
pub struct Watch<'p> {
    plan: &'p Plan,
    console: &'p Console,
    begun: Instant,
    bar: Option<ProgressBar>,
    figures: Mutex<Figures>,
}

#[derive(Default)]
struct Figures {
    /// Rows and bytes by table.
    tables: BTreeMap<usize, (u64, u64)>,
    /// Rows that were there from an earlier load.
    there: u64,
    /// When the rows were there and the steps after them began.
    rows_done: Option<Instant>,
    retries: u64,
}

impl<'p> Watch<'p> {
    pub fn new(plan: &'p Plan, console: &'p Console, shows_progress: bool) -> Self {
        let draw = |length| {
            let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(10));
            bar.with_style(progress::style()).with_prefix("rows")
        };
        let bar = shows_progress.then(|| draw(0));
        Self { plan, console, begun: Instant::now(), bar, figures: Mutex::default() }
    }

    fn figures(&self) -> std::sync::MutexGuard<'_, Figures> {
        self.figures.lock().expect("no thread panics while it counts")
    }

    /// Leaves the terminal as it was.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// The summary; with figures of tables for those who asked.
    pub fn tell(&self) {
        self.clear();
        let figures = self.figures();
        let end = Instant::now();
        let name = |table: &usize| self.plan.tables[*table].name.as_str();
        let width = figures.tables.keys().map(|table| name(table).chars().count()).max().unwrap_or(0);
        for (table, (of_table, _)) in &figures.tables {
            self.console.say(Level::Debug, &format!("{:width$}  {}\n", name(table), rows(*of_table)));
        }
        let (total, bytes) =
            figures.tables.values().fold((0, 0), |(rows, bytes), of| (rows + of.0, bytes + of.1));
        let mut text = line(total, bytes, figures.rows_done.unwrap_or(end) - self.begun);
        if figures.there > 0 {
            text += &format!("; {} were there", rows(figures.there));
        }
        if let Some(since) = figures.rows_done {
            text += &format!("; keys, indexes and statistics in {}", seconds(end - since));
        }
        if figures.retries > 0 {
            text += &format!("; tried again {}", count(figures.retries, "time"));
        }
        self.console.say(Level::Info, &format!("{text}\n"));
    }
}

impl Observer for Watch<'_> {
    fn begins(&self, total: u64, there: u64) {
        self.figures().there = there;
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(there);
            bar.reset_eta();
        }
    }

    fn loaded(&self, table: usize, rows: u64, bytes: u64) {
        let mut figures = self.figures();
        let of_table = figures.tables.entry(table).or_default();
        *of_table = (of_table.0 + rows, of_table.1 + bytes);
        if let Some(bar) = &self.bar {
            bar.inc(rows);
        }
    }

    fn step(&self, name: &str) {
        let mut figures = self.figures();
        figures.rows_done.get_or_insert_with(Instant::now);
        if let Some(bar) = &self.bar {
            bar.set_prefix(name.to_owned());
        }
    }

    fn retries(&self, cause: &str, wait: Duration) {
        self.figures().retries += 1;
        let told = format!("{cause}; trying again in {}", seconds(wait));
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.say(Level::Warn, &format!("{told}\n"))),
            None => self.console.say(Level::Warn, &format!("{told}\n")),
        }
    }
}
