//! What names in expressions mean: columns, parameters, parents' columns, children to sum over.

use super::draft::{Draft, LinkKind};
use super::model::{Aggregation, Input, Windowed};
use crate::column::VersionCounter;
use crate::diagnostic::Diagnostic;
use crate::expression::{Aggregate, Name, Names, Term, Window};
use crate::random::Key;
use crate::value::SqlType;
use crate::value::parse::Scalar;

/// The names that the row of a table can use.
pub(super) struct RowNames<'d, 's> {
    pub draft: &'d mut Draft<'s>,
    pub table: usize,
    /// Distinguishes the draws of `random()` in different columns.
    pub column: String,
    pub draws: usize,
}

impl<'d, 's> RowNames<'d, 's> {
    pub fn new(draft: &'d mut Draft<'s>, table: usize, column: String) -> Self {
        Self { draft, table, column, draws: 0 }
    }

    /// A word that is no column: `row`, `nth`, `as_of` or a parameter.
    fn word(&mut self, name: &Name) -> Result<Option<Term>, Diagnostic> {
        Ok(match name.text.as_str() {
            "row" => Some(self.counter(Input::Row)),
            "nth" => match self.draft.tables[self.table].per_link() {
                Some(link) => Some(self.counter(Input::Nth { link })),
                None if !self.draft.tables[self.table].broken_aliases.is_empty() => Some(Term::Broken),
                None => {
                    let message =
                        "`nth` counts the rows of one parent, but this table's rows are not made per parent";
                    return Err(Diagnostic::new(name.span, message).help(
                        "write `rows: {per: parent, ...}`, or use `row`, the row's number in the table",
                    ));
                }
            },
            word => match VersionCounter::named(word).filter(|_| self.has_history()) {
                Some(counter) => Some(self.counter(Input::Version(counter))),
                None => constant(self.draft, word),
            },
        })
    }

    fn has_history(&self) -> bool {
        self.draft.tables[self.table].history.is_some()
    }

    /// `version: {type: int, expr: version}`: a column that reads its own name means the counter of that name.
    fn is_own_counter(&self, name: &str) -> bool {
        name == self.column && self.has_history() && VersionCounter::named(name).is_some()
    }

    fn counter(&mut self, input: Input) -> Term {
        let same = |other: &Input| match (other, &input) {
            (Input::Version(one), Input::Version(other)) => one == other,
            _ => std::mem::discriminant(other) == std::mem::discriminant(&input),
        };
        let found = self.draft.tables[self.table].inputs.iter().position(same);
        let index = match found {
            Some(index) => index,
            None => self.draft.add_input(self.table, input, SqlType::BigInt),
        };
        Term::Input(index, SqlType::BigInt)
    }

    /// Whether the rows that refer to one parent by a link follow each other: they are made `per` it, or per something that is.
    fn lie_together(&self, link: usize) -> bool {
        let links = &self.draft.tables[self.table].links;
        match &links[link].kind {
            LinkKind::Per => true,
            LinkKind::Through { first, path } => {
                let mut table = links[*first].table;
                links[*first].kind == LinkKind::Per
                    && path.iter().all(|step| {
                        let link = &self.draft.tables[table].links[*step];
                        table = link.table;
                        link.kind == LinkKind::Per
                    })
            }
            _ => false,
        }
    }

    fn unknown(&self, name: &Name) -> Diagnostic {
        let of = &self.draft.tables[self.table];
        let known = of
            .columns
            .iter()
            .map(|column| column.name())
            .chain(self.draft.params.iter().map(|param| param.name.as_str()))
            .chain(["row", "nth", "as_of"]);
        let known: Vec<&str> = known.collect();
        Diagnostic::new(name.span, format!("unknown column `{}`", name.text)).suggest(&name.text, known)
    }
}

/// `as_of` or a parameter.
fn constant(draft: &Draft, name: &str) -> Option<Term> {
    if name == "as_of" {
        return Some(Term::Constant(Some(Scalar::Int(draft.as_of)), SqlType::Timestamptz));
    }
    match draft.params.iter().find(|param| param.name == name) {
        Some(param) => Some(Term::Constant(Some(param.value.clone()), param.sql_type.clone())),
        None if name == "scale" => Some(Term::Constant(Some(Scalar::Float(draft.scale)), SqlType::Double)),
        None => None,
    }
}

/// The input of a table that a path names: a column, or something of a parent; `None` if a problem with it is known.
fn path_input(draft: &mut Draft, table: usize, path: &[Name]) -> Result<Option<usize>, Diagnostic> {
    let (first, rest) = path.split_first().expect("a path has a first name");
    if rest.is_empty() {
        let of = &draft.tables[table];
        return match of.column_index(&first.text) {
            Some(column) => Ok((!of.columns[column].broken).then_some(column)),
            None if of.spec.broken => Ok(None),
            None => {
                let message = format!("unknown column `{}` in table `{}`", first.text, of.name());
                let known = of.columns.iter().map(|column| column.name());
                Err(Diagnostic::new(first.span, message).suggest(&first.text, known))
            }
        };
    }
    let of = &draft.tables[table];
    let Some(link) = of.link_index(&first.text) else {
        if of.broken_aliases.contains(&first.text) || of.spec.broken {
            return Ok(None);
        }
        let known: Vec<&str> =
            of.links.iter().flat_map(|link| link.aliases.iter().map(String::as_str)).collect();
        let message = format!("`{}` is not a reference of table `{}`", first.text, of.name());
        let problem = Diagnostic::new(first.span, message).suggest(&first.text, known.iter().copied());
        return Err(match known.is_empty() {
            true => problem.help(format!("table `{}` refers to no other table", of.name())),
            false => problem.help(format!("its references: {}", known.join(", "))),
        });
    };
    let parent = of.links[link].table;
    let input = path_input(draft, parent, rest)?;
    Ok(input.map(|input| draft.parent_input(table, link, input)))
}

impl Names for RowNames<'_, '_> {
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic> {
        let (first, rest) = path.split_first().expect("a path has a first name");
        let is_column = self.draft.tables[self.table].column_index(&first.text).is_some()
            && !(rest.is_empty() && self.is_own_counter(&first.text));
        if rest.is_empty() && !is_column {
            return match self.word(first)? {
                Some(term) => Ok(term),
                None => Err(self.unknown(first)),
            };
        }
        let own_name = self.draft.tables[self.table].name() == first.text;
        let is_own = own_name && self.draft.tables[self.table].link_index(&first.text).is_none();
        let path = if is_own && !rest.is_empty() { rest } else { path };
        Ok(match path_input(self.draft, self.table, path)? {
            Some(input) => Term::Input(input, self.draft.tables[self.table].input_types[input].clone()),
            None => Term::Broken,
        })
    }

    fn is_child(&self, name: &str) -> bool {
        self.draft.table_index(name).is_some_and(|child| {
            let of = &self.draft.tables[child];
            // A reference that was refused may have been meant for this table.
            !of.broken_aliases.is_empty() || of.links.iter().any(|link| link.table == self.table)
        })
    }

    fn child(&mut self, table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        let child = self.draft.table_index(&table.text).expect("`is_child` was asked before");
        Ok(Box::new(ChildNames {
            rows: RowNames::new(self.draft, child, self.column.clone()),
            name: table.text.clone(),
        }))
    }

    fn aggregate(&mut self, table: &Name, aggregate: Aggregate) -> Result<Term, Diagnostic> {
        let child = self.draft.table_index(&table.text).expect("`is_child` was asked before");
        let links = &self.draft.tables[child].links;
        let here = || links.iter().enumerate().filter(|(_, link)| link.table == self.table);
        // Rows that are made for this one belong to it first; then rows that refer to it themselves.
        let made = here().find(|(_, link)| matches!(link.kind, LinkKind::Per | LinkKind::Sample));
        let own = || {
            here().filter(|(_, link)| {
                !matches!(link.kind, LinkKind::Key | LinkKind::ValidAt { .. } | LinkKind::Through { .. })
            })
        };
        let by_moment = || here().filter(|(_, link)| link.kind.is_valid_at());
        let known = made.or_else(|| own().next()).or_else(|| by_moment().next());
        let Some((link, found)) = known.or_else(|| here().next()) else {
            return Ok(Term::Broken);
        };
        let other = own().nth(1).or_else(|| by_moment().nth(1).filter(|_| own().next().is_none()));
        if let (None, Some((_, other))) = (made, other) {
            let message = format!(
                "`{}` refers to this table in more than one way: by `{}` and by `{}`",
                table.text, found.aliases[0], other.aliases[0]
            );
            return Err(Diagnostic::new(table.span, message)
                .help("sum in a hidden column of a table between the two, or keep one reference"));
        }
        if found.kind == LinkKind::Key {
            let message = format!("the rows of `{}` that refer to a row here cannot be listed", table.text);
            return Err(Diagnostic::new(table.span, message).help(
                "its reference is computed by an expression; leave out its `expr`, or write a path such as `parent.column`",
            ));
        }
        let sql_type = aggregate.sql_type().clone();
        let aggregation = Aggregation { table: child, link, aggregate };
        let input =
            self.draft.add_input(self.table, Input::Children(Box::new(aggregation)), sql_type.clone());
        Ok(Term::Input(input, sql_type))
    }

    fn row_count(&self, table: &Name) -> Result<Term, Diagnostic> {
        let Some(found) = self.draft.table_index(&table.text) else {
            let known: Vec<&str> = self.draft.table_names().collect();
            let problem = Diagnostic::new(table.span, format!("unknown table `{}`", table.text));
            return Err(problem.suggest(&table.text, known));
        };
        let rows = Scalar::Int(self.draft.tables[found].rows as i64);
        Ok(Term::Constant(Some(rows), SqlType::BigInt))
    }

    fn window(&mut self, partition: &Name, window: Window) -> Result<Term, Diagnostic> {
        let of = &self.draft.tables[self.table];
        let Some(column) = of.column_index(&partition.text) else { return Err(self.unknown(partition)) };
        if of.columns[column].broken || !of.broken_aliases.is_empty() {
            return Ok(Term::Broken);
        }
        let is_it = |link: &usize| of.links[*link].columns == [column];
        let found = (0..of.links.len()).filter(is_it).find(|link| self.lie_together(*link));
        let Some(link) = found else {
            let message = format!("the rows with one `{}` do not follow each other", partition.text);
            return Err(Diagnostic::new(partition.span, message).help(
                "a window is over the rows made `per` a parent: partition by the column that refers to it, or by one that is \
                 computed from it by such steps, `account_id: {references: accounts, expr: statement.account_id}`",
            ));
        };
        let sql_type = window.sql_type().clone();
        let windowed = Windowed { link, window };
        let input = self.draft.add_input(self.table, Input::Window(Box::new(windowed)), sql_type.clone());
        Ok(Term::Input(input, sql_type))
    }

    fn draw_key(&mut self) -> Key {
        self.draws += 1;
        self.draft.key(self.table, &self.column, &format!("random {}", self.draws))
    }
}

/// The names inside an aggregate: the child's columns after the child's name, and constants.
struct ChildNames<'d, 's> {
    rows: RowNames<'d, 's>,
    name: String,
}

impl Names for ChildNames<'_, '_> {
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic> {
        match path {
            [table, rest @ ..] if table.text == self.name && !rest.is_empty() => self.rows.resolve(rest),
            [word] => constant(self.rows.draft, &word.text).ok_or_else(|| {
                let child = &self.name;
                Diagnostic::new(word.span, format!("`{}` is not a column of `{child}`", word.text))
                    .help(format!("inside the aggregate write `{child}.{}`", word.text))
            }),
            [first, ..] => Err(Diagnostic::new(
                first.span,
                format!("`{}` cannot be read inside an aggregate over `{}`", first.text, self.name),
            )),
            [] => unreachable!("a path has a first name"),
        }
    }

    fn is_child(&self, name: &str) -> bool {
        self.rows.is_child(name)
    }

    fn child(&mut self, table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        self.rows.child(table)
    }

    fn aggregate(&mut self, table: &Name, aggregate: Aggregate) -> Result<Term, Diagnostic> {
        self.rows.aggregate(table, aggregate)
    }

    fn row_count(&self, table: &Name) -> Result<Term, Diagnostic> {
        self.rows.row_count(table)
    }

    fn draw_key(&mut self) -> Key {
        self.rows.draw_key()
    }
}

/// The names of row counts: `scale` and parameters.
pub(super) struct CountNames<'d, 's> {
    pub draft: &'d Draft<'s>,
}

impl Names for CountNames<'_, '_> {
    fn resolve(&mut self, path: &[Name]) -> Result<Term, Diagnostic> {
        let name = &path[0];
        if path.len() == 1 && name.text == "scale" {
            return Ok(Term::Constant(Some(Scalar::Float(self.draft.scale)), SqlType::Double));
        }
        let found = if path.len() == 1 { constant(self.draft, &name.text) } else { None };
        found.ok_or_else(|| {
            let params = self.draft.params.iter().map(|param| param.name.as_str());
            let known = params.chain(["scale", "as_of"]);
            Diagnostic::new(name.span, format!("unknown name `{}` in a row count", name.text))
                .suggest(&name.text, known)
                .help("a row count is known before the first row: it can use `scale` and parameters")
        })
    }

    fn is_child(&self, _name: &str) -> bool {
        false
    }

    fn child(&mut self, table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
        Err(Diagnostic::new(table.span, "a row count cannot read tables"))
    }

    fn aggregate(&mut self, table: &Name, _aggregate: Aggregate) -> Result<Term, Diagnostic> {
        Err(Diagnostic::new(table.span, "a row count cannot read tables"))
    }

    fn row_count(&self, table: &Name) -> Result<Term, Diagnostic> {
        let help = "let both follow from `scale` or a parameter";
        Err(Diagnostic::new(table.span, "a row count cannot read another one").help(help))
    }

    fn draw_key(&mut self) -> Key {
        self.draft.key(0, "", "rows")
    }
}
