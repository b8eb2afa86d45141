//! What a database needs for a plan's data, object by object, each with the objects that it needs.
//!
//! Hidden tables and columns never appear, nor does what would need them.

use super::Stage;
use super::statements::{
    columns, counting, definition, drop_constraint, enum_name, foreign_key, without_extension,
};
use crate::column::Sequence;
use crate::plan::{Plan, Table};
use crate::spec::SequenceSpec;
use crate::value::text::{quote_identifier, quote_literal};

/// Something that one statement creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// What lists call it, without quotes; a table's own objects begin with the table's name.
    pub name: String,
    /// Creates it: a statement with its semicolon.
    pub create: String,
    /// Removes it, likewise; `None` where it goes with something else.
    pub drop: Option<String>,
    /// Objects that have to be there first: indexes into the list.
    pub needs: Vec<usize>,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// An extension, where the server has it.
    Extension,
    /// An enumerated or composite type.
    Type,
    /// A domain.
    Domain,
    /// A sequence that no column owns.
    Sequence,
    /// A table: index into the plan's.
    Table(usize),
    /// A comment on a table or a column.
    Comment,
    /// A primary key or a unique constraint.
    Key,
    /// A CHECK constraint.
    Check,
    /// An index.
    Index,
    /// A foreign key.
    ForeignKey {
        /// Rows may refer to rows that come later: it can be deferred.
        deferrable: bool,
    },
    /// The number at which a sequence goes on, after those in a table's rows.
    SequenceValue {
        /// Whose rows: index into the plan's tables.
        table: usize,
    },
}

impl ObjectKind {
    /// Where in a script it stands.
    pub fn stage(self) -> Stage {
        match self {
            Self::Extension | Self::Type | Self::Domain | Self::Sequence | Self::Table(_) | Self::Comment => {
                Stage::BeforeData
            }
            Self::SequenceValue { .. } => Stage::Data,
            Self::Key | Self::Check | Self::Index | Self::ForeignKey { .. } => Stage::AfterData,
        }
    }
}

/// The longest name that PostgreSQL keeps whole, in bytes.
const LONGEST_NAME: usize = 63;

/// All that these tables (indexes into the plan's, in writing order) consist of, each object after those that it needs.
pub fn objects(plan: &Plan, tables: &[usize]) -> Vec<Object> {
    let mut list = List { plan, tables, objects: Vec::new(), places: Vec::new() };
    plan.extensions.iter().for_each(|name| list.extension(name));
    list.types();
    plan.sequences.iter().for_each(|(of, _)| list.sequence(of));
    tables.iter().for_each(|table| list.table(*table));
    // Keys before foreign keys, which need them.
    list.each(List::keys);
    list.each(List::checks);
    list.each(List::indexes);
    list.each(List::foreign_keys);
    list.each(List::identities);
    list.own_sequences();
    list.objects
}

/// The objects of the tables that are written, in the making.
struct List<'p> {
    plan: &'p Plan,
    tables: &'p [usize],
    objects: Vec<Object>,
    /// Tables, by their indexes in the plan, and where their objects are.
    places: Vec<(usize, usize)>,
}

impl<'p> List<'p> {
    fn written(&self) -> impl Iterator<Item = &'p Table> {
        self.tables.iter().map(|table| &self.plan.tables[*table])
    }

    /// Adds what a table has, for each of them.
    fn each(&mut self, add: fn(&mut Self, usize, &'p Table)) {
        let (plan, tables) = (self.plan, self.tables);
        tables.iter().for_each(|table| add(self, *table, &plan.tables[*table]));
    }

    fn add(
        &mut self,
        kind: ObjectKind,
        name: impl Into<String>,
        create: String,
        drop: Option<String>,
        needs: Vec<usize>,
    ) {
        self.objects.push(Object { kind, name: name.into(), create, drop, needs });
    }

    /// Where the table's object is; it has been added.
    fn place(&self, table: usize) -> usize {
        let found = self.places.iter().find(|(of, _)| *of == table);
        found.expect("tables stand before what belongs to them").1
    }

    /// Where an object of that name is, if there is one.
    fn named(&self, kinds: &[ObjectKind], name: &str) -> Option<usize> {
        self.objects.iter().position(|object| kinds.contains(&object.kind) && object.name == name)
    }

    /// A server that does not have the extension can do without it: nothing in the data needs one.
    fn extension(&mut self, name: &str) {
        let quoted = quote_identifier(name);
        let create =
            without_extension(&format!("CREATE EXTENSION IF NOT EXISTS {quoted}"), "extension", name);
        self.add(ObjectKind::Extension, name, create, Some(format!("DROP EXTENSION {quoted};")), Vec::new());
    }

    /// The enumerated types that written columns have, and all that are declared.
    fn types(&mut self) {
        let used = |name: &str| {
            let mut columns = self.written().flat_map(Table::visible);
            columns.any(|(_, column)| enum_name(&column.sql_type) == Some(name))
        };
        let used: Vec<_> = self.plan.types.iter().filter(|of| used(&of.name)).collect();
        for of in used {
            let labels: Vec<String> = of.labels.iter().map(|label| quote_literal(label)).collect();
            let name = quote_identifier(&of.name);
            let create = format!("CREATE TYPE {name} AS ENUM (\n    {}\n);", labels.join(",\n    "));
            self.add(ObjectKind::Type, &of.name, create, Some(format!("DROP TYPE {name};")), Vec::new());
        }
        // They may be made of each other, and of the types above.
        for of in &self.plan.declared_types {
            let (kind, word) = match of.ddl.trim_start().get(..6) {
                Some(word) if word.eq_ignore_ascii_case("domain") => (ObjectKind::Domain, "DOMAIN"),
                _ => (ObjectKind::Type, "TYPE"),
            };
            let drop = format!("DROP {word} {};", quote_identifier(&of.name.value));
            let before = (0..self.objects.len()).collect();
            self.add(kind, &of.name.value, format!("CREATE {};", of.ddl), Some(drop), before);
        }
    }

    fn sequence(&mut self, of: &SequenceSpec) {
        let name = quote_identifier(&of.name.value);
        let mut sql =
            format!("CREATE SEQUENCE {name}\n    START WITH {}\n    INCREMENT BY {}", of.start, of.increment);
        let options = [("MINVALUE", of.min), ("MAXVALUE", of.max)];
        for (option, value) in options.into_iter().filter_map(|(option, value)| Some((option, value?))) {
            sql += &format!("\n    {option} {value}");
        }
        if let Some(cache) = of.cache.filter(|cache| *cache > 1) {
            sql += &format!("\n    CACHE {cache}");
        }
        if of.cycles {
            sql += "\n    CYCLE";
        }
        let drop = format!("DROP SEQUENCE {name};");
        self.add(ObjectKind::Sequence, &of.name.value, sql + ";", Some(drop), Vec::new());
    }

    fn table(&mut self, at: usize) {
        let table = &self.plan.tables[at];
        let name = quote_identifier(&table.name);
        let columns: Vec<String> = table.visible().map(|(at, _)| definition(table, at)).collect();
        let create = format!("CREATE TABLE {name} (\n    {}\n);", columns.join(",\n    "));
        let needs = self.needed_by(at, table);
        let place = self.objects.len();
        self.places.push((at, place));
        self.add(ObjectKind::Table(at), &table.name, create, Some(format!("DROP TABLE {name};")), needs);
        if let Some(comment) = &table.comment {
            let create = format!("COMMENT ON TABLE {name} IS {};", quote_literal(comment));
            self.add(ObjectKind::Comment, format!("TABLE {}", table.name), create, None, vec![place]);
        }
        for (_, column) in table.visible() {
            if let Some(comment) = &column.comment {
                let of = quote_identifier(&column.name);
                let create = format!("COMMENT ON COLUMN {name}.{of} IS {};", quote_literal(comment));
                let of = format!("COLUMN {}.{}", table.name, column.name);
                self.add(ObjectKind::Comment, of, create, None, vec![place]);
            }
        }
    }

    /// The types of a table's columns, and the sequences that they take numbers from.
    fn needed_by(&self, at: usize, table: &Table) -> Vec<usize> {
        let types = [ObjectKind::Type, ObjectKind::Domain];
        let of_columns = table.visible().filter_map(|(_, column)| {
            let name = column.declared_type.as_deref().or(enum_name(&column.sql_type))?;
            self.named(&types, name)
        });
        let sequences =
            self.plan.sequences.iter().filter(|(_, column)| column.is_some_and(|(of, _)| of == at));
        let sequences = sequences.filter_map(|(of, _)| self.named(&[ObjectKind::Sequence], &of.name.value));
        let mut needs: Vec<usize> = of_columns.chain(sequences).collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    fn keys(&mut self, at: usize, table: &'p Table) {
        let (name, needs) = (quote_identifier(&table.name), vec![self.place(at)]);
        if let Some(columns) = columns(table, &table.primary_key, quote_identifier) {
            // Without a name PostgreSQL gives its usual one, `orders_pkey`, or the next that is free.
            let given = table.key_name.as_ref();
            let usual = format!("{}_pkey", table.name);
            let constraint =
                given.map(|name| format!("CONSTRAINT {} ", quote_identifier(name))).unwrap_or_default();
            let create = format!("ALTER TABLE ONLY {name}\n    ADD {constraint}PRIMARY KEY ({columns});");
            let known = given.or(Some(&usual).filter(|usual| self.is_free(usual)));
            let drop = known.map(|key| drop_constraint(table, key));
            let listed = format!("{} {}", table.name, given.unwrap_or(&usual));
            self.add(ObjectKind::Key, listed, create, drop, needs.clone());
        }
        for unique in &table.uniques {
            if let Some(columns) = columns(table, &unique.columns, quote_identifier) {
                let constraint = quote_identifier(&unique.name);
                let create =
                    format!("ALTER TABLE ONLY {name}\n    ADD CONSTRAINT {constraint} UNIQUE ({columns});");
                let listed = format!("{} {}", table.name, unique.name);
                let drop = drop_constraint(table, &unique.name);
                self.add(ObjectKind::Key, listed, create, Some(drop), needs.clone());
            }
        }
    }

    /// Whether PostgreSQL can give something this name: it is short enough, and nothing else has it.
    fn is_free(&self, name: &str) -> bool {
        let mut names = self.written().flat_map(|table| {
            let uniques = table.uniques.iter().map(|unique| &unique.name);
            let indexes = table.indexes.iter().map(|index| &index.name);
            uniques.chain(indexes).chain(&table.key_name).chain(std::iter::once(&table.name))
        });
        name.len() <= LONGEST_NAME && !names.any(|other| other == name)
    }

    fn checks(&mut self, at: usize, table: &'p Table) {
        let needs = vec![self.place(at)];
        for check in table.checks.iter().filter(|check| check.is_declared) {
            let (name, constraint) = (quote_identifier(&table.name), quote_identifier(&check.name));
            let condition = &check.expression;
            let create = format!("ALTER TABLE {name}\n    ADD CONSTRAINT {constraint} CHECK ({condition});");
            let listed = format!("{} {}", table.name, check.name);
            let drop = drop_constraint(table, &check.name);
            self.add(ObjectKind::Check, listed, create, Some(drop), needs.clone());
        }
    }

    fn indexes(&mut self, at: usize, table: &'p Table) {
        let (name, needs) = (quote_identifier(&table.name), vec![self.place(at)]);
        for index in &table.indexes {
            let listed = match index.expressions.is_empty() {
                true => columns(table, &index.columns, quote_identifier),
                false => Some(index.expressions.join(", ")),
            };
            let Some(listed) = listed else { continue };
            let unique = if index.unique { "UNIQUE " } else { "" };
            let method = quote_identifier(index.method.as_deref().unwrap_or("btree"));
            let of = quote_identifier(&index.name);
            let condition = index.condition.as_ref();
            let condition = condition.map(|condition| format!(" WHERE ({condition})")).unwrap_or_default();
            let create = |columns: &str| {
                format!("CREATE {unique}INDEX {of} ON {name} USING {method} ({columns}){condition}")
            };
            let create = match index.operator_class {
                None => create(&listed) + ";",
                Some(class) => {
                    let column =
                        |at: &usize| format!("{} {class}", quote_identifier(&table.columns[*at].name));
                    let columns: Vec<String> = index.columns.iter().map(column).collect();
                    without_extension(&create(&columns.join(", ")), "index", &index.name)
                }
            };
            let drop = format!("DROP INDEX {of};");
            self.add(ObjectKind::Index, &index.name, create, Some(drop), needs.clone());
        }
    }

    /// The foreign keys whose both ends are written.
    fn foreign_keys(&mut self, at: usize, table: &'p Table) {
        for key in &table.foreign_keys {
            let parent = &self.plan.tables[key.table];
            if let (true, Some(own), Some(referenced)) = (
                self.tables.contains(&key.table),
                columns(table, &key.columns, quote_identifier),
                columns(parent, &key.referenced, quote_identifier),
            ) {
                let mut needs = vec![self.place(at), self.place(key.table)];
                needs.sort_unstable();
                needs.dedup();
                // Which of the parent's keys it is does not matter: they are all there when foreign keys come.
                needs.extend(self.keys_of(key.table));
                let kind = ObjectKind::ForeignKey { deferrable: key.deferrable };
                let listed = format!("{} {}", table.name, key.name);
                let drop = drop_constraint(table, &key.name);
                self.add(kind, listed, foreign_key(table, key, parent, &own, &referenced), Some(drop), needs);
            }
        }
    }

    /// Where the primary key and the unique constraints of a table are.
    fn keys_of(&self, table: usize) -> Vec<usize> {
        let needs = [self.place(table)];
        let is_one =
            |at: &usize| self.objects[*at].kind == ObjectKind::Key && self.objects[*at].needs == needs;
        (0..self.objects.len()).filter(is_one).collect()
    }

    /// Lets the sequences of columns go on after the largest value that was loaded.
    fn identities(&mut self, at: usize, table: &'p Table) {
        let (name, needs) = (quote_identifier(&table.name), vec![self.place(at)]);
        for (place, column) in table.visible().filter(|(_, column)| column.identity.is_some()) {
            let (of, quoted) = (quote_literal(&column.name), quote_identifier(&column.name));
            let create = format!(
                "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {of}), \
                 (SELECT {} FROM {name}), false);",
                quote_literal(&name),
                match counting(table, place) {
                    None => format!("greatest(max({quoted}), 0)::bigint + 1"),
                    Some(Sequence { start, step }) =>
                        format!("coalesce(max({quoted})::bigint + {step}, {start})"),
                }
            );
            let listed = format!("{}_{}_seq", table.name, column.name);
            self.add(ObjectKind::SequenceValue { table: at }, listed, create, None, needs.clone());
        }
    }

    /// The same for sequences that stand on their own.
    fn own_sequences(&mut self) {
        for (of, column) in &self.plan.sequences {
            let Some((at, column)) = column.filter(|(table, _)| self.tables.contains(table)) else {
                continue;
            };
            let table = &self.plan.tables[at];
            let last = if of.increment > 0 { "max" } else { "min" };
            let (name, increment) = (quote_literal(&quote_identifier(&of.name.value)), of.increment);
            let column = quote_identifier(&table.columns[column].name);
            let create = format!(
                "SELECT pg_catalog.setval({name}, \
                 (SELECT coalesce({last}({column})::bigint + {increment}, {}) FROM {}), false);",
                of.start,
                quote_identifier(&table.name)
            );
            let needs = vec![self.place(at)];
            self.add(ObjectKind::SequenceValue { table: at }, &of.name.value, create, None, needs);
        }
    }
}
