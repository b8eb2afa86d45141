//! The statements of a script, one after the other, into what they declare.

use super::elements::{self, Declared, folded};
use super::schema::{Column, Domain, Element, Identity, IdentityKind, Index, Schema, Sequence, Table};
use super::split::{Statement, at_commas, statements};
use super::words::{Name, Words};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::plan::index_element;
use sqlparser::ast::{DataType, Expr, ObjectName};

/// Statements that make nothing a spec could say, and whose absence nobody misses.
const QUIET: [&str; 22] = [
    "SET", "SELECT", "BEGIN", "COMMIT", "START", "END", "USE", "PRAGMA", "LOCK", "UNLOCK", "DROP", "ANALYZE",
    "VACUUM", "TRUNCATE", "DELETE", "UPDATE", "INSERT", "COPY", "REPLACE", "DO", "SHOW", "RESET",
];

const PRIVILEGES: &str = "privileges (GRANT, REVOKE)";

/// Reads a script into the schema.
pub fn read(text: &str, source: u32, schema: &mut Schema, warnings: &mut Vec<Diagnostic>) {
    for statement in statements(text, source) {
        let mut reader = Reader { schema, warnings, span: first_line(&statement) };
        reader.statement(&statement);
    }
}

/// Warnings point at the first line of a statement.
fn first_line(statement: &Statement) -> Span {
    let length = statement.text.lines().next().map_or(0, |line| line.trim_end().len());
    statement.span.part(0, length)
}

struct Reader<'s> {
    schema: &'s mut Schema,
    warnings: &'s mut Vec<Diagnostic>,
    span: Span,
}

impl Reader<'_> {
    fn statement(&mut self, statement: &Statement) {
        let mut words = Words::new(statement.text);
        let first = words.peek();
        let is_read = match first.as_str() {
            "CREATE" => self.create(&mut words, statement),
            "ALTER" => self.alter(&mut words, statement),
            "COMMENT" => self.comment(&mut words),
            "GRANT" | "REVOKE" => self.privileges(),
            word => QUIET.contains(&word),
        };
        if !is_read {
            let head: Vec<&str> = statement.text.split_whitespace().take(4).collect();
            self.schema.leave_out(head.join(" "), self.span);
        }
    }

    /// Told once.
    fn privileges(&mut self) -> bool {
        if self.schema.left_out.iter().all(|left_out| left_out.what != PRIVILEGES) {
            self.schema.leave_out(PRIVILEGES, self.span);
        }
        true
    }

    fn warn(&mut self, span: Span, message: String) {
        self.warnings.push(Diagnostic::new(span, message).severity(Severity::Warning));
    }

    /// False when the statement is nothing that can be said.
    fn create(&mut self, words: &mut Words, statement: &Statement) -> bool {
        words.eat("CREATE");
        words.eat_all("OR REPLACE");
        while ["TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "FOREIGN"]
            .iter()
            .any(|word| words.eat(word))
        {}
        let is_unique = words.eat("UNIQUE");
        match words.peek().as_str() {
            "TABLE" => self.create_table(words, statement),
            "INDEX" => self.create_index(words, is_unique, statement),
            "TYPE" => self.create_type(words),
            "DOMAIN" => self.create_domain(words),
            "SEQUENCE" => self.create_sequence(words),
            // Names without content.
            "SCHEMA" | "DATABASE" | "EXTENSION" => true,
            _ => self.create_other(words),
        }
    }

    /// A view, a function, a trigger: named, so that the reader knows what is missing.
    fn create_other(&mut self, words: &mut Words) -> bool {
        let mut kind = words.peek().to_lowercase();
        words.skip_one();
        if kind == "materialized" || kind == "event" || kind == "constraint" || kind == "recursive" {
            kind = format!("{kind} {}", words.peek().to_lowercase());
            words.skip_one();
        }
        let Some(name) = words.name() else { return false };
        let on = loop {
            if words.eat("ON") {
                break words.name();
            }
            if !words.skip_one() {
                break None;
            }
        };
        let has_table = ["trigger", "policy", "rule", "constraint trigger"].contains(&kind.as_str());
        match on.filter(|_| has_table) {
            Some(on) => {
                let what = format!("{kind} {} on {}", name.name, on.name);
                self.schema.leave_out_of(&on.name, what, self.span);
            }
            None => self.schema.leave_out(format!("{kind} {}", name.name), self.span),
        }
        true
    }

    fn create_table(&mut self, words: &mut Words, statement: &Statement) -> bool {
        words.eat("TABLE");
        words.eat_all("IF NOT EXISTS");
        let Some(name) = words.name() else { return false };
        let schema = name.schema.clone().filter(|schema| schema != "public");
        let mut table = Table { name: self.free_name(&name), schema, ..Table::default() };
        if words.eat_all("PARTITION OF") {
            table.is_partition = true;
            self.schema.tables.push(table);
            return true;
        }
        let Some(elements) = words.group() else { return false };
        let offset = elements.as_ptr() as usize - statement.text.as_ptr() as usize;
        for (start, element) in at_commas(elements) {
            let line = element.lines().next().map_or(0, |line| line.trim_end().len());
            let span = statement.span.part(offset + start, offset + start + line);
            self.element(&mut table, element, span);
        }
        self.table_options(&mut table, *words);
        self.schema.tables.push(table);
        true
    }

    /// The table's name without its schema; with it where another table has that name.
    fn free_name(&self, name: &Name) -> String {
        let is_taken = self.schema.tables.iter().any(|table| table.name == name.name);
        match (&name.schema, is_taken) {
            (Some(schema), true) => format!("{schema}_{}", name.name),
            _ => name.name.clone(),
        }
    }

    fn element(&mut self, table: &mut Table, element: &str, span: Span) {
        const CONSTRAINTS: [&str; 11] = [
            "CONSTRAINT",
            "PRIMARY",
            "UNIQUE",
            "FOREIGN",
            "CHECK",
            "EXCLUDE",
            "LIKE",
            "KEY",
            "INDEX",
            "FULLTEXT",
            "SPATIAL",
        ];
        let mut words = Words::new(element);
        if words.eat("LIKE") {
            let parent = words.name();
            self.inherit(table, parent, "LIKE");
            return;
        }
        if CONSTRAINTS.contains(&words.peek().as_str()) && !is_column_named_like_it(element) {
            match elements::constraint(element) {
                Some(declared) => self.declare(table, declared, span),
                None => self.leave_out_of(table, element, span),
            }
            return;
        }
        let mut declared = Vec::new();
        let column = elements::column(element, &mut declared).unwrap_or_else(|| {
            self.warn(
                span,
                format!("{}: this column definition cannot be read; it becomes text", table.name),
            );
            unread(element, self.schema.origin)
        });
        if column.name.is_empty() {
            return;
        }
        table.columns.push(column);
        for declared in declared {
            self.declare(table, declared, span);
        }
    }

    fn declare(&mut self, table: &mut Table, declared: Declared, span: Span) {
        match declared {
            Declared::PrimaryKey(name, columns) => {
                table.key_name = name;
                table.primary_key = columns;
            }
            Declared::Unique(name, columns) => table.uniques.push((name, columns)),
            Declared::Check(name, expression) => table.checks.push((name, expression)),
            Declared::ForeignKey(key) => table.foreign_keys.push(key),
            Declared::Index(name, columns) => {
                let elements = columns.into_iter().map(Element::Column).collect();
                table.indexes.push(Index { name, elements, condition: None, is_unique: false, method: None });
            }
            Declared::LeftOut(what) => self.leave_out_of(table, &what, span),
        }
    }

    fn leave_out_of(&mut self, table: &mut Table, what: &str, span: Span) {
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        table.notes.push(format!("left out: {what}"));
        self.schema.leave_out_of(&table.name, format!("{}: {what}", table.name), span);
    }

    /// What follows the columns.
    fn table_options(&mut self, table: &mut Table, mut words: Words) {
        loop {
            if words.eat("INHERITS") {
                let parents = words.group().unwrap_or("");
                for (_, parent) in at_commas(parents) {
                    self.inherit(table, Words::new(parent).name(), "INHERITS");
                }
            } else if words.eat_all("PARTITION BY") {
                let method = words.peek();
                words.skip_one();
                let columns = words.group().unwrap_or("");
                let origin = self.schema.origin;
                let note =
                    format!("partitioned by {method} ({columns}) in the {origin}; here it is one table");
                table.notes.push(note);
            } else if words.eat("COMMENT") {
                words.eat("=");
                table.comment = words.text();
            } else if !words.skip_one() {
                return;
            }
        }
    }

    /// Columns that come from another table, which stand first.
    fn inherit(&mut self, table: &mut Table, parent: Option<Name>, how: &str) {
        let Some(parent) = parent else { return };
        table.notes.push(format!("{how} {}: a table of its own here", parent.name));
        let Some(of) = self.schema.tables.iter().find(|of| of.name == parent.name) else { return };
        let inherited =
            of.columns.iter().filter(|column| table.columns.iter().all(|own| own.name != column.name));
        let mut columns: Vec<Column> = inherited.cloned().collect();
        if how == "LIKE" {
            columns.iter_mut().for_each(|column| column.default = None);
        } else {
            table.checks.extend(of.checks.iter().cloned());
        }
        table.columns.splice(0..0, columns);
    }

    fn create_index(&mut self, words: &mut Words, is_unique: bool, statement: &Statement) -> bool {
        words.eat("INDEX");
        words.eat("CONCURRENTLY");
        words.eat_all("IF NOT EXISTS");
        let name = if words.peek() == "ON" { None } else { words.name().map(|name| name.name) };
        if !words.eat("ON") {
            return false;
        }
        words.eat("ONLY");
        let Some(table) = words.name() else { return false };
        let method =
            words.eat("USING").then(|| words.identifier()).flatten().filter(|method| method != "btree");
        let Some(group) = words.group() else { return false };
        let elements: Option<Vec<Element>> =
            at_commas(group).into_iter().map(|(_, part)| element(part)).collect();
        let condition = words.eat("WHERE").then(|| elements::parse_expression(words.rest()));
        let unsaid = match (&elements, &condition) {
            (None, _) => Some("such elements".to_owned()),
            (_, Some(None)) => Some("such a condition".into()),
            (_, Some(_)) => None,
            _ => words.rest().split_whitespace().next().map(str::to_owned),
        };
        if let Some(unsaid) = unsaid {
            let shown = statement.text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.schema.leave_out_of(
                &table.name,
                format!("{shown} (an index here has no {unsaid})"),
                self.span,
            );
            return true;
        }
        let Some(of) = self.schema.table_mut(&table.name) else { return true };
        let (elements, condition) = (elements.unwrap_or_default(), condition.flatten());
        of.indexes.push(Index { name, elements, condition, is_unique, method });
        true
    }

    fn create_type(&mut self, words: &mut Words) -> bool {
        words.eat("TYPE");
        let Some(name) = words.name() else { return false };
        if !words.eat_all("AS ENUM") {
            self.schema.leave_out(format!("type {}", name.name), self.span);
            return true;
        }
        let Some(labels) = words.group() else { return false };
        let labels =
            at_commas(labels).into_iter().filter_map(|(_, label)| Words::new(label).text()).collect();
        self.schema.enums.push((name.name, labels));
        true
    }

    fn create_domain(&mut self, words: &mut Words) -> bool {
        words.eat("DOMAIN");
        let Some(name) = words.name() else { return false };
        words.eat("AS");
        let mut declared = Vec::new();
        let Some(column) = elements::column(&format!("value {}", words.rest()), &mut declared) else {
            return false;
        };
        let checks = declared.into_iter().filter_map(|declared| match declared {
            Declared::Check(_, expression) => Some(expression),
            _ => None,
        });
        self.schema.domains.push(Domain {
            name: name.name,
            data_type: column.data_type,
            is_not_null: column.is_not_null,
            default: column.default,
            checks: checks.collect(),
        });
        true
    }

    fn create_sequence(&mut self, words: &mut Words) -> bool {
        words.eat("SEQUENCE");
        words.eat_all("IF NOT EXISTS");
        let Some(name) = words.name() else { return false };
        let (start, step) = elements::sequence_options_of(words.rest());
        self.schema.sequences.push(Sequence { name, start, step, owner: None });
        true
    }

    fn alter(&mut self, words: &mut Words, statement: &Statement) -> bool {
        words.eat("ALTER");
        if words.eat("SEQUENCE") {
            return self.alter_sequence(words);
        }
        if !words.eat("TABLE") {
            // Owners, and properties of what is left out anyway.
            return true;
        }
        words.eat_all("IF EXISTS");
        words.eat("ONLY");
        let Some(name) = words.name() else { return false };
        words.eat("*");
        let Some(at) =
            self.schema.tables.iter().rposition(|table| table.name == name.name || is_twin(table, &name))
        else {
            // Owners of views and sequences are set this way too.
            return words.peek() == "OWNER";
        };
        let mut table = std::mem::take(&mut self.schema.tables[at]);
        let rest = words.rest();
        let offset = rest.as_ptr() as usize - statement.text.as_ptr() as usize;
        for (start, action) in at_commas(rest) {
            let line = action.lines().next().map_or(0, |line| line.trim_end().len());
            let span = statement.span.part(offset + start, offset + start + line);
            self.action(&mut table, action, span);
        }
        self.schema.tables[at] = table;
        true
    }

    fn alter_sequence(&mut self, words: &mut Words) -> bool {
        words.eat_all("IF EXISTS");
        let Some(name) = words.name() else { return false };
        if !words.eat_all("OWNED BY") {
            return true;
        }
        let Some(column) = words.name() else { return false };
        // `public.orders.id`: what `name` takes for a schema is the table.
        let owner = column.schema.map(|table| (table, column.name));
        match self.schema.sequences.iter_mut().find(|sequence| sequence.is_called(&name)) {
            Some(sequence) => sequence.owner = owner,
            None => self.schema.sequences.push(Sequence { name, start: 1, step: 1, owner }),
        }
        true
    }

    fn action(&mut self, table: &mut Table, action: &str, span: Span) {
        let mut words = Words::new(action);
        if words.eat_all("ATTACH PARTITION") {
            if let Some(partition) = words.name() {
                let found = self.schema.tables.iter_mut().find(|of| of.name == partition.name);
                found.into_iter().for_each(|of| of.is_partition = true);
            }
            return;
        }
        if words.eat("ADD") {
            words.eat("COLUMN");
            words.eat_all("IF NOT EXISTS");
            self.element(table, words.rest(), span);
            return;
        }
        if words.eat("ALTER") {
            words.eat("COLUMN");
            let Some(name) = words.identifier() else { return };
            if !self.alter_column(table, &name, &mut words) {
                self.leave_out_of(table, action, span);
            }
            return;
        }
        // Owners, row security, clustering, storage: nothing about rows. Row security hides rows only from others.
        const QUIET: [&str; 10] = [
            "OWNER", "CLUSTER", "REPLICA", "SET", "VALIDATE", "DISABLE", "INHERIT", "RESET", "RENAME", "DROP",
        ];
        if !QUIET.contains(&words.peek().as_str()) {
            self.leave_out_of(table, action, span);
        }
    }

    /// False when it is nothing that can be said.
    fn alter_column(&mut self, table: &mut Table, name: &str, words: &mut Words) -> bool {
        let Some(column) = table.column_mut(name) else { return true };
        if words.eat_all("SET DEFAULT") {
            column.default = elements::parse_expression(words.rest());
            return column.default.is_some();
        }
        if words.eat_all("SET NOT NULL") {
            column.is_not_null = true;
            return true;
        }
        if words.eat_all("ADD GENERATED") {
            let kind = if words.eat("ALWAYS") { IdentityKind::Always } else { IdentityKind::ByDefault };
            while words.peek() != "" {
                words.skip_one();
            }
            let (start, step) = elements::sequence_options_of(words.group().unwrap_or(""));
            column.identity = Some(Identity { kind, start, step });
            return true;
        }
        ["SET STATISTICS", "SET STORAGE", "SET COMPRESSION", "DROP", "SET ("]
            .iter()
            .any(|quiet| words.eat_all(quiet))
    }

    fn comment(&mut self, words: &mut Words) -> bool {
        words.eat_all("COMMENT ON");
        let is_table = words.eat("TABLE");
        let is_column = !is_table && words.eat("COLUMN");
        if !(is_table || is_column) {
            return true;
        }
        let Some(name) = words.name() else { return false };
        words.eat("IS");
        let text = words.text();
        if is_table {
            self.schema.table_mut(&name.name).into_iter().for_each(|table| table.comment = text.clone());
        } else if let Some(table) = name.schema.and_then(|table| self.schema.table_mut(&table)) {
            table.column_mut(&name.name).into_iter().for_each(|column| column.comment = text.clone());
        }
        true
    }
}

/// A table that got its schema's name before its own, since another has that.
fn is_twin(table: &Table, name: &Name) -> bool {
    name.schema.as_ref().is_some_and(|schema| table.name == format!("{schema}_{}", name.name))
}

/// `key text`, `index int` and `fulltext tsvector` are columns; constraints go on with a parenthesis, a name or a second word of theirs.
fn is_column_named_like_it(element: &str) -> bool {
    let mut words = Words::new(element);
    let first = words.peek();
    if !["KEY", "INDEX", "CHECK", "LIKE", "FULLTEXT", "SPATIAL"].contains(&first.as_str()) {
        return false;
    }
    words.skip_one();
    if ["FULLTEXT", "SPATIAL"].contains(&first.as_str()) && ["KEY", "INDEX"].contains(&words.peek().as_str())
    {
        return false;
    }
    // `KEY name (columns)` of MySQL has a group that ends it.
    let mut ahead = words;
    ahead.skip_one();
    !words.rest().starts_with('(') && !ahead.rest().starts_with('(')
}

/// What an index is over, as far as a spec can say it.
fn element(part: &str) -> Option<Element> {
    let (expression, ending) = index_element(part);
    let mut words = Words::new(expression);
    match words.identifier() {
        Some(name)
            if words.rest().is_empty() && (ending.is_empty() || ending.eq_ignore_ascii_case("asc")) =>
        {
            Some(Element::Column(name))
        }
        _ => Some(Element::Expression(Box::new(elements::parse_expression(expression)?), ending.to_owned())),
    }
}

/// A column of which only the name is known.
fn unread(element: &str, origin: &str) -> Column {
    let mut words = Words::new(element);
    let name = words.identifier().unwrap_or_default();
    Column {
        name,
        data_type: DataType::Text,
        is_not_null: element.to_ascii_uppercase().contains("NOT NULL"),
        default: None,
        identity: None,
        generated: None,
        comment: None,
        notes: vec![format!("in the {origin}: {}", element.split_whitespace().collect::<Vec<_>>().join(" "))],
    }
}

/// The name of a type that the parser does not know by itself.
pub fn custom_name(data_type: &DataType) -> Option<String> {
    match data_type {
        DataType::Custom(ObjectName(parts), modifiers) if modifiers.is_empty() => {
            parts.last().and_then(|part| part.as_ident()).map(folded)
        }
        _ => None,
    }
}

/// The sequence of a default `nextval('public.orders_id_seq'::regclass)`.
pub fn nextval(default: &Expr) -> Option<Name> {
    let text = default.to_string();
    let rest = text.to_lowercase().starts_with("nextval(").then(|| &text[8..])?;
    let quoted = Words::new(rest).text()?;
    Words::new(&quoted).name()
}
