//! What has to be there before the first row, and what comes after the last: decided from what is asked and what is found.

use super::Load;
use super::aside::{self, Part};
use super::catalog::{self, Found};
use super::claim::Turn;
use super::columns::{self, Method};
use super::error::Error;
use super::grow::Grown;
use super::ledger::{Description, Last, Ledger, Phase, Share, Step};
use super::session::{Session, execute, qualified};
use crate::plan::{Object, ObjectKind, Stage, objects};
use crate::value::text::quote_identifier;
use postgres::Transaction;
use std::collections::BTreeMap;

/// What becomes of the tables themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objects {
    /// They are made where none of them is there, and used where all are.
    AsFound,
    /// They are made; none may be there.
    Create,
    /// They are dropped and made again.
    Clean {
        /// What is not there need not be dropped.
        if_exists: bool,
    },
    /// They are used; all have to be there.
    Use,
}

/// What becomes of rows that are there.
#[derive(Clone, Debug, PartialEq)]
pub enum Existing {
    /// There may be none.
    Refuse,
    /// They stay, and rows from this one on (from 0) come to them.
    Append {
        /// The first row.
        from: u64,
    },
    /// They go.
    Truncate,
    /// They are those of a smaller size: tables whose rows are the same get the new ones, others are emptied first.
    Grow(Vec<Grown>),
}

/// What is there.
pub(super) struct Target {
    pub schema: String,
    /// Whether the schema is.
    has_schema: bool,
    pub tables: BTreeMap<String, Found>,
    /// What they have that may be put aside.
    parts: Vec<Part>,
    /// Keys that an unfinished load has not made yet, or has put aside.
    owed: Vec<Step>,
}

/// What is done before the rows, which rows there are, and what is done after them.
pub(super) struct Setup {
    schema: String,
    /// Whether tables are made; then they are as the plan has them.
    pub makes_tables: bool,
    before: Vec<String>,
    pub shares: Vec<Share>,
    pub steps: Vec<Step>,
}

impl Target {
    /// Looks at all that a setup depends on.
    pub fn inspect(session: &mut Session, load: &Load) -> Result<Self, Error> {
        let mut target = Self::inspect_tables(session, load)?;
        if let Some(schema) = catalog::schema(session)? {
            target.parts = aside::parts(session, schema, &names(load))?;
        }
        if let Last::Unfinished(_) = Ledger::read(session)? {
            for phase in [Phase::Keys, Phase::ForeignKeys] {
                target.owed.extend(Ledger::steps(session, phase)?.into_iter().map(|(_, step)| step));
            }
        }
        if let Existing::Grow(grown) = &load.existing {
            target.expect_rows(session, grown)?;
        }
        Ok(target)
    }

    /// The schema as it is when no table is there that was not made from the plan.
    pub fn of_plan(schema: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            has_schema: true,
            tables: BTreeMap::new(),
            parts: Vec::new(),
            owed: Vec::new(),
        }
    }

    /// Looks at the tables only.
    pub fn inspect_tables(session: &mut Session, load: &Load) -> Result<Self, Error> {
        let schema = catalog::schema(session)?;
        let tables = match schema {
            Some(schema) => catalog::tables(session, schema, &names(load))?,
            None => BTreeMap::new(),
        };
        let name = session.schema().to_owned();
        Ok(Self { schema: name, has_schema: schema.is_some(), tables, parts: Vec::new(), owed: Vec::new() })
    }

    /// How a table takes its rows.
    pub fn method(&self, load: &Load, table: usize) -> Result<Method, Error> {
        match self.tables.get(&load.plan.tables[table].name) {
            None => Ok(columns::of_plan(load.plan, table)),
            Some(found) => columns::of_found(load.plan, table, found)
                .map_err(|problems| Error::Refused { problems, help: None }),
        }
    }

    /// A database that grows has to hold what it was left with.
    fn expect_rows(&self, session: &mut Session, grown: &[Grown]) -> Result<(), Error> {
        let mut problems = Vec::new();
        for of in grown.iter().filter(|of| self.tables.contains_key(&of.table)) {
            let sql = format!("SELECT count(*) FROM {}", session.qualified(&of.table));
            let rows = session.query("count the rows that are there", &sql, &[])?;
            let count = rows.first().map_or(0, |row| row.get::<_, i64>(0)) as u64;
            if count != of.old_rows {
                problems
                    .push(format!("table `{}` has {count} rows; the load left {}", of.table, of.old_rows));
            }
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Error::Refused { problems, help: Some("--truncate loads all of it again".into()) }),
        }
    }
}

fn names<'a>(load: &Load<'a>) -> Vec<&'a str> {
    load.tables.iter().map(|table| load.plan.tables[*table].name.as_str()).collect()
}

/// The tables that are there and lose their rows.
fn emptied<'a>(load: &'a Load) -> Vec<&'a str> {
    match &load.existing {
        Existing::Refuse | Existing::Append { .. } => Vec::new(),
        Existing::Truncate => names(load),
        existing @ Existing::Grow(_) => existing.again().map(|(table, _)| table).collect(),
    }
}

impl Setup {
    /// Decides. Nothing has been changed when it refuses.
    pub fn of(load: &Load, target: &Target) -> Result<Self, Error> {
        let makes = match load.objects {
            Objects::AsFound => target.tables.is_empty(),
            Objects::Create | Objects::Clean { .. } => true,
            Objects::Use => false,
        };
        let mut setup = Setup {
            schema: target.schema.clone(),
            makes_tables: makes,
            before: Vec::new(),
            shares: Vec::new(),
            steps: Vec::new(),
        };
        if makes {
            setup.make_tables(load, target)?
        } else {
            setup.use_tables(load, target)?
        }
        setup.add_shares(load);
        setup.add_steps(load);
        for table in load.tables {
            let name = &load.plan.tables[*table].name;
            let sql = format!("ANALYZE {}", qualified(&setup.schema, name));
            setup.steps.push(Step { phase: Phase::Rest, name: format!("analyze {name}"), sql });
        }
        Ok(setup)
    }

    fn make_tables(&mut self, load: &Load, target: &Target) -> Result<(), Error> {
        if let Objects::Clean { if_exists } = load.objects {
            self.drop_all(load, target, if_exists)?;
        } else if !target.tables.is_empty() {
            let problems =
                target.tables.keys().map(|name| format!("table `{name}` is there already")).collect();
            let help = "--clean drops and makes them; --data-only loads into them".to_owned();
            return Err(Error::Refused { problems, help: Some(help) });
        }
        if matches!(load.existing, Existing::Grow(_)) {
            return Err(Error::refused("there are no tables to grow"));
        }
        if !target.has_schema {
            self.before.push(format!("CREATE SCHEMA {}", quote_identifier(&self.schema)));
        }
        self.before.extend(statements(load, Stage::BeforeData).map(|(_, sql)| sql));
        Ok(())
    }

    /// All of a kind in one command, so that it does not matter which needs which; what others need is not dropped with it.
    fn drop_all(&mut self, load: &Load, target: &Target, if_exists: bool) -> Result<(), Error> {
        let missing: Vec<String> = names(load)
            .into_iter()
            .filter(|name| !if_exists && !target.tables.contains_key(*name))
            .map(|name| format!("table `{name}` is not there to be dropped"))
            .collect();
        if !missing.is_empty() {
            let help = "--clean --if-exists drops what is there".to_owned();
            return Err(Error::Refused { problems: missing, help: Some(help) });
        }
        let objects = objects(load.plan, load.tables);
        let named = |kind: ObjectKind| -> Vec<&str> {
            let of_kind = objects.iter().filter(|object| object.kind == kind);
            of_kind.map(|object| object.name.as_str()).collect()
        };
        for (kind, list) in [
            ("TABLE", names(load)),
            ("SEQUENCE", named(ObjectKind::Sequence)),
            ("DOMAIN", named(ObjectKind::Domain)),
            ("TYPE", named(ObjectKind::Type)),
        ] {
            let list: Vec<String> = list.into_iter().map(|name| qualified(&self.schema, name)).collect();
            if !list.is_empty() {
                self.before.push(format!("DROP {kind} IF EXISTS {}", list.join(", ")));
            }
        }
        Ok(())
    }

    /// All differences are told at once.
    fn use_tables(&mut self, load: &Load, target: &Target) -> Result<(), Error> {
        let mut problems = Vec::new();
        for table in load.tables {
            let name = &load.plan.tables[*table].name;
            match target.tables.get(name) {
                None => problems.push(format!("there is no table `{name}`")),
                Some(found) => {
                    problems.extend(columns::of_found(load.plan, *table, found).err().unwrap_or_default())
                }
            }
        }
        if !problems.is_empty() {
            let help = "--clean --if-exists drops the spec's tables and makes them anew".to_owned();
            return Err(Error::Refused { problems, help: Some(help) });
        }
        if load.existing == Existing::Refuse {
            let filled = target.tables.iter().filter(|(_, found)| found.has_rows);
            let problems: Vec<String> =
                filled.map(|(name, _)| format!("table `{name}` holds rows")).collect();
            if !problems.is_empty() {
                let help = "--truncate empties the tables first, --append adds to them".to_owned();
                return Err(Error::Refused { problems, help: Some(help) });
            }
        }
        let emptied = emptied(load);
        self.put_aside(load, target, &emptied);
        self.steps.extend(target.owed.iter().cloned());
        if !emptied.is_empty() {
            let emptied: Vec<String> = emptied.iter().map(|name| qualified(&self.schema, name)).collect();
            self.before.push(format!("TRUNCATE {}", emptied.join(", ")));
        }
        Ok(())
    }

    /// Rows may come before those they refer to, and making keys and indexes of all rows at the end is faster than entering
    /// each as it comes.
    fn put_aside(&mut self, load: &Load, target: &Target, emptied: &[&str]) {
        for part in &target.parts {
            let mut tables = load.tables.iter().map(|table| &load.plan.tables[*table]);
            let of = tables.find(|table| table.name == part.table).expect("only they were asked for");
            let has_rows = target.tables[&of.name].has_rows && !emptied.contains(&part.table.as_str());
            if part.goes(of, has_rows) {
                self.before.push(part.drop(&self.schema));
                self.steps.push(part.step(&self.schema));
            }
        }
    }

    fn add_shares(&mut self, load: &Load) {
        for table in load.tables {
            let of = &load.plan.tables[*table];
            let first = match &load.existing {
                Existing::Append { from } => *from,
                Existing::Grow(grown) => {
                    let grown = grown.iter().find(|grown| grown.table == of.name);
                    grown.filter(|grown| grown.again.is_none()).map_or(0, |grown| grown.old_rows)
                }
                Existing::Refuse | Existing::Truncate => 0,
            };
            self.shares.push(Share { table: of.name.clone(), rows: first.min(of.rows)..of.rows });
        }
    }

    /// Keys and the like belong to tables that are made; sequences go on in any case.
    fn add_steps(&mut self, load: &Load) {
        let stages = if self.makes_tables { &[Stage::AfterData, Stage::Data][..] } else { &[Stage::Data] };
        for (kind, sql) in stages.iter().flat_map(|stage| statements(load, *stage)) {
            let phase = match kind {
                ObjectKind::SequenceValue { .. } => Phase::Rest,
                ObjectKind::ForeignKey { .. } => Phase::ForeignKeys,
                _ => Phase::Keys,
            };
            self.steps.push(Step { phase, name: title(&sql), sql });
        }
    }

    /// Does it, with the beginning of the ledger, in a transaction.
    pub fn run(
        self,
        transaction: &mut Transaction,
        description: &Description,
        chunk_rows: u64,
    ) -> Result<Turn, Error> {
        self.prepare(transaction)?;
        Ledger::begin(transaction, &self.schema, description, chunk_rows, &self.shares, &self.steps)
    }

    /// Does what comes before the rows.
    pub fn prepare(&self, transaction: &mut Transaction) -> Result<(), Error> {
        for sql in &self.before {
            execute(transaction, &title(sql), sql)?;
        }
        Ok(())
    }
}

/// What creates the objects of a stage, each without its semicolon.
fn statements(load: &Load, stage: Stage) -> impl Iterator<Item = (ObjectKind, String)> {
    let of_stage =
        objects(load.plan, load.tables).into_iter().filter(move |object| object.kind.stage() == stage);
    of_stage.map(|Object { kind, create, .. }| (kind, create.trim_end_matches(';').to_owned()))
}

/// What a statement does, in its first words: ``create table orders``.
fn title(sql: &str) -> String {
    let line: Vec<&str> = sql.split_whitespace().collect();
    match line.iter().position(|word| ["CONSTRAINT", "PRIMARY", "UNIQUE"].contains(word)) {
        _ if sql.starts_with("SELECT pg_catalog.setval") => "set a sequence".into(),
        _ if sql.starts_with("DO $$") => "make what needs an extension".into(),
        Some(_) if line[0] == "ALTER" => {
            let name = line.iter().position(|word| *word == "CONSTRAINT").and_then(|at| line.get(at + 1));
            let table = line.iter().skip(2).find(|word| **word != "ONLY").unwrap_or(&"");
            format!(
                "add {} to {table}",
                name.map_or("the primary key".into(), |name| format!("constraint {name}"))
            )
        }
        _ => {
            let words: Vec<&str> = line
                .iter()
                .copied()
                .take_while(|word| !word.starts_with('(') && *word != "AS")
                .take(4)
                .collect();
            words.join(" ").to_lowercase()
        }
    }
}
