//! Noise, duplicates and gaps: what is written otherwise than it is, and where that cannot be.

use super::draft::{Draft, TableDraft};
use super::generators::{Built, Place};
use super::infer;
use super::model::Input;
use super::origin::percent;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::noise::{self, Asked, ColumnNoise, Duplicates, Gaps, KINDS, Kind, Noise, TableNoise};
use crate::spec::{At, ColumnSpec, DuplicatesSpec, GapsSpec, Generator, Modifiers, NoiseOf, NoiseSpec};
use crate::value::parse::{self, Scalar};

impl<'s> Draft<'s> {
    /// The noise of a table whose columns are built; `None` where there is none.
    pub(super) fn noise(&mut self, table: usize, built: &[Vec<Option<Built>>]) -> Option<TableNoise> {
        let columns: Vec<Option<ColumnNoise>> = (0..self.tables[table].columns.len())
            .map(|column| {
                let spec = self.tables[table].columns[column].spec.noise.as_ref()?;
                // Of a column that was refused nothing more is said.
                built[table][column].as_ref()?;
                self.column_noise(table, column, spec)
            })
            .collect();
        let duplicates = self.tables[table].spec.duplicates.as_ref();
        let duplicates = duplicates.and_then(|spec| self.duplicates(table, spec, built));
        let gaps = self.tables[table].spec.gaps.as_ref().and_then(|spec| self.gaps(table, spec));
        let is_there = duplicates.is_some() || gaps.is_some() || columns.iter().any(Option::is_some);
        is_there.then_some(TableNoise { columns, duplicates, gaps })
    }

    /// The gaps of a table: in all columns that may be null, but for those that the spec excepts.
    fn gaps(&mut self, table: usize, spec: &'s GapsSpec) -> Option<Gaps> {
        let before = self.problems.len();
        let mut except = Vec::new();
        for name in &spec.except {
            let Some(column) = self.find_column(table, name) else { continue };
            except.push(column);
            if let Some(why) = self.tables[table].never_has_gaps(column) {
                let message = format!("`{}` {why}, so it has no gaps anyway", name.value);
                let problem = Diagnostic::new(name.span, message);
                self.problems.push(problem.help("leave it out of `except`"));
            }
        }
        let of = &self.tables[table];
        let columns: Vec<bool> = (0..of.columns.len())
            .map(|column| !except.contains(&column) && of.never_has_gaps(column).is_none())
            .collect();
        if self.problems.len() == before && !columns.contains(&true) {
            let why = if of.spec.hidden { "is never written" } else { "has no column that may be null" };
            let message = format!("`{}` {why}, so it has no gaps", of.name());
            self.refuse(spec.span, message, "leave out `gaps`");
        }
        let of = &self.tables[table];
        let coin = |column: usize| self.key(table, of.columns[column].name(), "gaps");
        let coins = columns.iter().enumerate().map(|(column, has)| has.then(|| coin(column))).collect();
        let gate = self.key(table, "", "gaps");
        (self.problems.len() == before).then(|| Gaps::new(gate, spec.rows.value, spec.share.value, coins))
    }

    fn column_noise(&mut self, table: usize, column: usize, spec: &'s NoiseSpec) -> Option<ColumnNoise> {
        if let Some(why) = self.tables[table].is_never_noisy(column) {
            let name = self.tables[table].columns[column].name();
            self.refuse(spec.span, format!("`{name}` {why}, so it has no noise"), "leave out `noise`");
            return None;
        }
        let sum: f64 = spec.kinds.iter().map(|of| of.share.value).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!("the shares of noise add up to {}", percent(sum));
            self.refuse(spec.span, message, "a value has one kind of noise at most: 100% is all rows");
        }
        let mut kinds = Vec::new();
        for of in &spec.kinds {
            kinds.extend(self.noise_of(table, column, of).map(|(kind, noise)| (kind, of.share.value, noise)));
        }
        // Their order in the text means nothing.
        kinds.sort_by_key(|(kind, ..)| KINDS.iter().position(|known| known.name == kind.name));
        let of = &self.tables[table];
        let key = self.key(table, of.columns[column].name(), "noise");
        Some(ColumnNoise::new(key, of.rows, kinds))
    }

    fn noise_of(
        &mut self,
        table: usize,
        column: usize,
        of: &'s NoiseOf,
    ) -> Option<(&'static Kind, Box<dyn Noise>)> {
        let name = &of.call.name;
        let Some(kind) = noise::find(&name.value) else {
            let known = KINDS.iter().map(|kind| kind.name);
            let problem = Diagnostic::new(name.span, format!("unknown noise `{}`", name.value));
            let problem = problem.suggest(&name.value, known.clone());
            self.problems.push(match problem.help.is_empty() {
                true => problem.help(format!("known here: {}", known.collect::<Vec<_>>().join(", "))),
                false => problem,
            });
            return None;
        };
        if !super::draft::check_arguments(&of.call, kind.parameters, &mut self.problems) {
            return None;
        }
        let bounds = self.clean_bounds(table, column);
        let draft = &self.tables[table].columns[column];
        let not_null = self.tables[table].is_not_null(column);
        let asked = Asked { arguments: &of.call.arguments, sql_type: &draft.sql_type, not_null, bounds };
        let built = (kind.build)(&asked);
        let noise = self.accept(built, Some(&of.call), name.span)?;
        Some((kind, noise))
    }

    /// The least and the greatest value that a column's generator makes, where the spec says so.
    fn clean_bounds(&mut self, table: usize, column: usize) -> Option<(Scalar, Scalar)> {
        let draft = &self.tables[table].columns[column];
        let spec = draft.spec;
        // Something else than its generator makes its values.
        let is_made_otherwise = draft.given.is_some()
            || self.tick_column(table) == Some(column)
            || self.sequence_of(table, column).is_some();
        if is_made_otherwise {
            return None;
        }
        let inferred;
        let generator = match (&spec.generator, &spec.distribution) {
            (Generator::Unnamed, Some(_)) => return None,
            (Generator::Unnamed, None) => {
                inferred = self.long_form(table, column);
                &inferred
            }
            (generator, _) => generator,
        };
        let pairs = written_bounds(generator)?;
        let ends = pairs
            .iter()
            .map(|(min, max)| Some((self.known(table, column, min)?, self.known(table, column, max)?)));
        let ends: Vec<(Scalar, Scalar)> = ends.collect::<Option<_>>()?;
        let (low, high): (Vec<Scalar>, Vec<Scalar>) = ends.into_iter().unzip();
        let by_size = |a: &Scalar, b: &Scalar| size(a).total_cmp(&size(b));
        Some((low.into_iter().min_by(by_size)?, high.into_iter().max_by(by_size)?))
    }

    /// What a column without generator stands for.
    fn long_form(&self, table: usize, column: usize) -> Generator {
        let of = &self.tables[table];
        let draft = &of.columns[column];
        let name = draft.name();
        let inferred = self.inferred_moment(table, name).unwrap_or_else(|| {
            let has_column = |name: &str| of.column_index(name);
            let span = draft.spec.name.span;
            self.held_to_checks(
                table,
                name,
                infer::generator(of.name(), name, &draft.sql_type, span, &has_column),
            )
        });
        inferred.generator
    }

    /// A bound's value, where it is the same for all rows.
    fn known(&mut self, table: usize, column: usize, text: &At<String>) -> Option<Scalar> {
        let of = &self.tables[table];
        let draft = &of.columns[column];
        if let Ok(scalar) = parse::scalar(&text.value, &draft.sql_type) {
            return Some(scalar);
        }
        let place = Place {
            table,
            column: &draft.spec.name.value,
            part: String::new(),
            sql_type: draft.sql_type.clone(),
            unique: None,
            rows: of.rows,
            span: text.span,
            length: None,
            modifiers: Modifiers::default(),
        };
        let before = self.problems.len();
        let bound = self.bound(&place, text, &mut Vec::new());
        self.problems.truncate(before);
        bound?.ok()
    }

    fn duplicates(
        &mut self,
        table: usize,
        spec: &'s DuplicatesSpec,
        built: &[Vec<Option<Built>>],
    ) -> Option<Duplicates> {
        let of = &self.tables[table];
        if of.spec.hidden || of.history.is_some() || of.spec.history.is_some() {
            let why = if of.spec.hidden {
                "is never written"
            } else {
                "has versions, which do not repeat each other"
            };
            let message = format!("`{}` {why}, so it has no duplicates", of.name());
            self.refuse(spec.span, message, "leave out `duplicates`");
            return None;
        }
        let columns = match &spec.columns {
            Some(names) => self.named_columns(table, names)?,
            None => self.repeatable(table, spec.span, built)?,
        };
        let rows = self.tables[table].rows;
        let copies = spec.copies.as_ref().map_or(1, |copies| copies.value.max(1));
        let count = Duplicates::count_of(rows, spec.share.value);
        if !Duplicates::have_originals(rows, count, copies) {
            let originals = rows - count.min(rows);
            let message =
                format!("{count} of {rows} rows cannot repeat the other {originals}, {copies} each at most");
            self.refuse(
                spec.share.span,
                message,
                "lower the share, or let more rows repeat the same one by `copies`",
            );
            return None;
        }
        let key = self.key(table, "", "duplicates");
        Some(Duplicates::new(key, rows, count, copies, columns))
    }

    /// The columns that the spec names, if they can be repeated.
    fn named_columns(&mut self, table: usize, names: &[At<String>]) -> Option<Vec<usize>> {
        let before = self.problems.len();
        let mut columns = Vec::new();
        for name in names {
            let Some(column) = self.find_column(table, name) else { continue };
            match self.tables[table].is_never_noisy(column) {
                Some(why) => {
                    let message =
                        format!("`{}` {why}, so duplicates have values of their own there", name.value);
                    self.refuse(name.span, message, "leave it out of `columns`");
                }
                None => columns.push(column),
            }
        }
        (self.problems.len() == before).then_some(columns)
    }

    /// The columns that duplicates repeat if none are named: those that leave the row consistent in itself, and sums elsewhere
    /// right. Says which.
    fn repeatable(&mut self, table: usize, span: Span, built: &[Vec<Option<Built>>]) -> Option<Vec<usize>> {
        let of = &self.tables[table];
        let columns: Vec<&Built> = built[table].iter().map(Option::as_ref).collect::<Option<_>>()?;
        let reads: Vec<Vec<Read>> = columns
            .iter()
            .map(|built| built.reads.iter().map(|input| Read::of(&of.inputs[*input])).collect())
            .collect();
        let never: Vec<bool> = (0..columns.len()).map(|column| of.is_never_noisy(column).is_some()).collect();
        let mut own = never.clone();
        let mut kept = self.summed_elsewhere(table);
        // What is computed from elsewhere, or from what is the row's own, is its own.
        loop {
            let is_own = |column: usize| reads[column].iter().any(|read| read.is_own(&own));
            let more: Vec<usize> = (0..own.len()).filter(|column| !own[*column] && is_own(*column)).collect();
            if more.is_empty() {
                break;
            }
            more.iter().for_each(|column| own[*column] = true);
            kept.extend(more);
        }
        // And so is what that was computed from, so that the row agrees with itself.
        while let Some(column) = kept.pop() {
            let read = reads[column].iter().filter_map(|read| match read {
                Read::Column(read) if !own[*read] => Some(*read),
                _ => None,
            });
            let more: Vec<usize> = read.collect();
            own[column] = true;
            more.iter().for_each(|column| own[*column] = true);
            kept.extend(more);
        }
        let columns: Vec<usize> = (0..own.len()).filter(|column| !own[*column]).collect();
        let names: Vec<&str> = columns.iter().map(|column| of.columns[*column].name()).collect();
        if columns.is_empty() {
            let message = format!(
                "no column of `{}` can be repeated: all are keys, unique, references, or computed from these, or summed elsewhere",
                of.name()
            );
            self.refuse(
                span,
                message,
                "name columns that may be repeated all the same: `duplicates: {share: 3%, columns: [...]}`",
            );
            return None;
        }
        let message = format!("duplicates in `{}` repeat {}", of.name(), names.join(", "));
        self.notes
            .push(Diagnostic::new(span, message).severity(Severity::Note).help("name others by `columns`"));
        Some(columns)
    }

    /// The columns of a table that aggregates over its rows read.
    fn summed_elsewhere(&self, table: usize) -> Vec<usize> {
        let inputs = self.tables.iter().flat_map(|of| &of.inputs);
        let over = inputs.filter_map(|input| match input {
            Input::Children(of) if of.table == table => Some(of.aggregate.inputs()),
            _ => None,
        });
        let columns = over.flatten().filter_map(|input| match Read::of(&self.tables[table].inputs[input]) {
            Read::Column(column) => Some(column),
            Read::Elsewhere => None,
        });
        columns.collect()
    }
}

/// The bounds that a generator has, as written, those of its parts one by one.
fn written_bounds(generator: &Generator) -> Option<Vec<(At<String>, At<String>)>> {
    let pair = |min: &Option<At<String>>, max: &Option<At<String>>| Some((min.clone()?, max.clone()?));
    let alone = |text: &At<Option<String>>| {
        let text = At::new(text.value.clone()?, text.span);
        Some((text.clone(), text))
    };
    match generator {
        Generator::Range { min, max } => Some(vec![pair(min, max)?]),
        Generator::Moments(of) => Some(vec![pair(&of.min, &of.max)?]),
        Generator::Bands(bands) => bands.value.iter().map(|band| pair(&band.min, &band.max)).collect(),
        Generator::Values(values) => Some(values.value.iter().filter_map(|one| alone(&one.value)).collect()),
        Generator::Constant(value) => Some(vec![alone(value)?]),
        _ => None,
    }
}

/// What a column reads.
enum Read {
    Column(usize),
    /// Other rows, or what is different in every row.
    Elsewhere,
}

impl Read {
    fn of(input: &Input) -> Self {
        match input {
            Input::Column(column) => Read::Column(*column),
            _ => Read::Elsewhere,
        }
    }

    fn is_own(&self, own: &[bool]) -> bool {
        match self {
            Read::Column(column) => own[*column],
            Read::Elsewhere => true,
        }
    }
}

/// A number's or a moment's size, to compare them by.
fn size(value: &Scalar) -> f64 {
    match value {
        Scalar::Int(value) => *value as f64,
        Scalar::Wide(value) => *value as f64,
        Scalar::Float(value) => *value,
        _ => 0.0,
    }
}

impl TableDraft<'_> {
    /// Why all values of a column are written; `None` where some may be missing.
    fn never_has_gaps(&self, column: usize) -> Option<&'static str> {
        let draft = &self.columns[column];
        let says_kind =
            |other: &ColumnSpec| other.one_of.as_ref().is_some_and(|of| of.type_column.value == draft.name());
        if self.spec.hidden || draft.spec.hidden {
            Some("is never written")
        } else if self.primary_key.contains(&column) {
            Some("is of the primary key")
        } else if self.is_not_null(column) {
            Some("cannot be null")
        } else if draft.spec.one_of.is_some() || self.columns.iter().any(|other| says_kind(other.spec)) {
            // Null in one and not in the other would be wrong.
            Some("is a reference to one of several tables")
        } else if self.history.as_ref().is_some_and(|history| history.key == Some(column)) {
            Some("tells entities apart")
        } else {
            None
        }
    }

    /// Why what is written in a column must be what it is; `None` where it may differ.
    fn is_never_noisy(&self, column: usize) -> Option<&'static str> {
        let draft = &self.columns[column];
        let name = draft.name();
        let among = |columns: &[At<String>]| columns.iter().any(|of| of.value == name);
        let says_kind =
            |other: &ColumnSpec| other.one_of.as_ref().is_some_and(|of| of.type_column.value == name);
        if self.spec.hidden || draft.spec.hidden {
            Some("is never written")
        } else if self.primary_key.contains(&column) {
            Some("is of the primary key")
        } else if self.is_unique(column)
            || self.spec.uniques.iter().any(|unique| among(&unique.columns))
            || self.spec.indexes.iter().any(|index| index.unique && among(&index.columns))
            || draft.is_in_unique_index
        {
            Some("is unique")
        } else if draft.spec.references.is_some()
            || draft.spec.one_of.is_some()
            || self.links.iter().any(|link| link.columns.contains(&column))
            || self.columns.iter().any(|other| says_kind(other.spec))
        {
            Some("is a reference")
        } else if self.history.as_ref().is_some_and(|history| history.key == Some(column)) {
            Some("tells entities apart")
        } else {
            None
        }
    }
}

/// What a column's noise is, in words for people.
pub(super) fn described(spec: &NoiseSpec) -> String {
    let kinds = spec.kinds.iter().map(|of| format!("{} {}", of.call.name.value, percent(of.share.value)));
    format!("; written with noise: {}", kinds.collect::<Vec<_>>().join(", "))
}
