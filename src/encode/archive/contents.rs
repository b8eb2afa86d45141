//! The head of an archive and its table of contents, as pg_dump writes them (`pg_backup_archiver.c`).
//!
//! Written is version 1.14, which PostgreSQL 12 to 18 restore. Every entry has a number that others name when they need it: a table's
//! data have that of the table in the plan, whichever tables are written; all else has numbers after those.

use super::deflate;
use crate::encode::Compression;
use crate::encode::copy::statement;
use crate::plan::{Object, ObjectKind, Plan, Section, Stage, objects};

/// The beginning of an archive: all of it but the data.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Head and table of contents.
    pub(super) bytes: Vec<u8>,
    /// Where in `bytes` it is said where the data are, table by table: written over once that is known.
    pub(super) places: Vec<usize>,
    /// Whether the data are compressed.
    pub(super) is_deflated: bool,
}

/// Where an archive has its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Behind the table of contents.
    Behind,
    /// In files beside it.
    Beside,
}

/// What an archive begins with, its version, and how many bytes its numbers and places have.
const MAGIC: [u8; 10] = [b'P', b'G', b'D', b'M', b'P', 1, 14, 0, 4, 8];

/// The formats whose data follow. A table of contents beside its data says that it is a tar file's, as pg_dump has it.
const CUSTOM: u8 = 1;
const TAR: u8 = 3;

/// The first second of the year 2000, in the manner of C's `struct tm`: no clock decides a byte of what is written.
const CREATED: [i64; 7] = [0, 0, 0, 1, 0, 100, 0];

/// Sections of `pg_restore --section`; comments stand in that of what they are about.
const NO_SECTION: i64 = 1;
const PRE_DATA: i64 = 2;
const DATA: i64 = 3;
const POST_DATA: i64 = 4;

/// What is known of where an entry's data are.
const PLACE_UNKNOWN: u8 = 1;
pub(super) const PLACE_KNOWN: u8 = 2;
const NO_DATA: u8 = 3;

/// The schema that everything is created in.
const SCHEMA: &str = "public";

impl Contents {
    /// The contents of an archive of these tables (indexes into the plan's, in writing order).
    pub fn new(
        plan: &Plan,
        tables: &[usize],
        section: Section,
        storage: Storage,
        compression: Compression,
    ) -> Self {
        let is_deflated = compression != Compression::None;
        let mut writer = Writer { bytes: Vec::new(), places: Vec::new(), storage };
        writer.head(is_deflated);
        let objects = objects(plan, tables);
        let entries = Entries { plan, tables, objects: &objects, is_deflated }.listed(section);
        writer.int(entries.len() as i64);
        entries.iter().for_each(|entry| writer.entry(entry));
        Self { bytes: writer.bytes, places: writer.places, is_deflated }
    }

    /// Its bytes, before the data have their places.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The number of a table's data.
pub(super) fn data_number(table: usize) -> i64 {
    table as i64 + 1
}

/// The name of the file that a table's data have beside a table of contents, without `.gz`.
///
/// Data that are not compressed have another name, since pg_restore prefers a file without `.gz` to one with it: what was left
/// from an earlier run must not be taken for these.
pub fn data_file(table: usize, is_deflated: bool) -> String {
    format!("{}.{}", data_number(table), if is_deflated { "dat" } else { "copy" })
}

/// A line of the table of contents.
#[derive(Default)]
struct Entry {
    number: i64,
    name: String,
    /// What it is, as pg_dump calls it.
    kind: &'static str,
    section: i64,
    create: String,
    drop: String,
    /// How its data are put in, and which file has them, if it has any.
    data: Option<(String, String)>,
    /// The schema that it is created in: pg_restore sets the search path to it.
    schema: Option<&'static str>,
    needs: Vec<i64>,
}

/// What entries are made of.
struct Entries<'p> {
    plan: &'p Plan,
    tables: &'p [usize],
    objects: &'p [Object],
    is_deflated: bool,
}

impl Entries<'_> {
    /// In the order in which they are restored by one connection.
    fn listed(&self, section: Section) -> Vec<Entry> {
        let mut entries = Vec::from(self.settings());
        let of_stage = |stage: Stage| {
            let numbered = self.objects.iter().enumerate();
            numbered.filter(move |(_, object)| object.kind.stage() == stage).map(|(at, _)| self.object(at))
        };
        if section != Section::Data {
            entries.extend(of_stage(Stage::BeforeData));
        }
        if section != Section::Schema {
            entries.extend(self.tables.iter().map(|table| self.data(*table)));
            entries.extend(of_stage(Stage::Data));
        }
        if section != Section::Data {
            entries.extend(of_stage(Stage::AfterData));
        }
        entries
    }

    /// What the data are written for.
    fn settings(&self) -> [Entry; 2] {
        let first = data_number(self.plan.tables.len());
        let entry = |number, kind: &'static str, create: &str| Entry {
            number,
            name: kind.into(),
            kind,
            section: PRE_DATA,
            create: create.into(),
            ..Entry::default()
        };
        [
            entry(first, "ENCODING", "SET client_encoding = 'UTF8';\n"),
            entry(first + 1, "STDSTRINGS", "SET standard_conforming_strings = 'on';\n"),
        ]
    }

    /// The number of an object.
    fn number(&self, at: usize) -> i64 {
        data_number(self.plan.tables.len()) + 2 + at as i64
    }

    fn object(&self, at: usize) -> Entry {
        let object = &self.objects[at];
        let needs = match object.kind {
            // The largest value is looked for among the rows.
            ObjectKind::SequenceValue { table } => vec![data_number(table)],
            _ => object.needs.iter().map(|needed| self.number(*needed)).collect(),
        };
        Entry {
            number: self.number(at),
            name: object.name.clone(),
            kind: kind_name(object.kind),
            section: match (object.kind, object.kind.stage()) {
                (ObjectKind::Comment, _) => NO_SECTION,
                (_, Stage::BeforeData) => PRE_DATA,
                (_, Stage::Data) => DATA,
                (_, Stage::AfterData) => POST_DATA,
            },
            create: format!("{}\n", object.create),
            drop: object.drop.as_ref().map(|drop| format!("{drop}\n")).unwrap_or_default(),
            data: None,
            schema: Some(SCHEMA),
            needs,
        }
    }

    fn data(&self, table: usize) -> Entry {
        let of_table = |object: &Object| object.kind == ObjectKind::Table(table);
        let place = self.objects.iter().position(of_table).expect("every written table is an object");
        let of = &self.plan.tables[table];
        let columns: Vec<usize> = of.visible().map(|(column, _)| column).collect();
        Entry {
            number: data_number(table),
            name: of.name.clone(),
            kind: "TABLE DATA",
            section: DATA,
            data: Some((statement(self.plan, table, &columns), data_file(table, self.is_deflated))),
            schema: Some(SCHEMA),
            needs: vec![self.number(place)],
            ..Entry::default()
        }
    }
}

/// What pg_dump calls it; pg_restore knows what to do by these words.
fn kind_name(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Extension => "EXTENSION",
        ObjectKind::Type => "TYPE",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Table(_) => "TABLE",
        ObjectKind::Comment => "COMMENT",
        ObjectKind::Key => "CONSTRAINT",
        ObjectKind::Check => "CHECK CONSTRAINT",
        ObjectKind::Index => "INDEX",
        ObjectKind::ForeignKey { .. } => "FK CONSTRAINT",
        ObjectKind::SequenceValue { .. } => "SEQUENCE SET",
    }
}

/// Writes an archive's numbers and texts.
struct Writer {
    bytes: Vec<u8>,
    places: Vec<usize>,
    storage: Storage,
}

impl Writer {
    fn head(&mut self, is_deflated: bool) {
        self.bytes.extend(MAGIC);
        self.bytes.push(if self.storage == Storage::Behind { CUSTOM } else { TAR });
        self.int(if is_deflated { i64::from(deflate::LEVEL) } else { 0 });
        CREATED.iter().for_each(|number| self.int(*number));
        let version = concat!("datagen ", env!("CARGO_PKG_VERSION"));
        // The database, and the versions of the server and of pg_dump.
        ["datagen", version, version].iter().for_each(|text| self.text(text));
    }

    fn entry(&mut self, entry: &Entry) {
        self.int(entry.number);
        self.int(i64::from(entry.data.is_some()));
        // Object identifiers, which nothing has yet.
        self.text("0");
        self.text("0");
        self.text(&entry.name);
        self.text(entry.kind);
        self.int(entry.section);
        self.text(&entry.create);
        self.text(&entry.drop);
        let (copy, file) = entry.data.as_ref().map_or(("", ""), |(copy, file)| (copy, file));
        self.text(copy);
        match entry.schema {
            Some(schema) => self.text(schema),
            None => self.nothing(),
        }
        // Tablespace and access method are the server's own, and the owner is who restores.
        self.nothing();
        self.nothing();
        self.text("");
        self.text("false");
        entry.needs.iter().for_each(|number| self.text(&number.to_string()));
        self.nothing();
        match self.storage {
            Storage::Behind => self.place(entry.data.is_some()),
            Storage::Beside => self.text(file),
        }
    }

    /// Where the data are: not known yet.
    fn place(&mut self, has_data: bool) {
        if has_data {
            self.places.push(self.bytes.len());
        }
        self.bytes.push(if has_data { PLACE_UNKNOWN } else { NO_DATA });
        self.bytes.extend([0; 8]);
    }

    fn int(&mut self, number: i64) {
        self.bytes.extend(int(number));
    }

    /// In place of a text, or after the last one.
    fn nothing(&mut self) {
        self.int(-1);
    }

    fn text(&mut self, text: &str) {
        self.int(text.len() as i64);
        self.bytes.extend(text.as_bytes());
    }
}

/// A number as archives have it: its sign, and its size in four bytes.
pub(super) fn int(number: i64) -> [u8; 5] {
    let size = u32::try_from(number.unsigned_abs()).expect("an archive's numbers and texts have 32 bits");
    let [a, b, c, d] = size.to_le_bytes();
    [u8::from(number < 0), a, b, c, d]
}
