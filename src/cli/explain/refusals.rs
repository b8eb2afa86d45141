//! What messages mean: the themes of refusals, found by words of a message.
//!
//! A message says what is wrong at its place and what to try there; this is the page behind it, for those who ask why there
//! is such a rule. A test holds each entry's words to the messages of `tests/refusals`.

/// A theme of messages.
pub struct Refusal {
    /// Words that such messages contain, without what is quoted in them.
    pub words: &'static str,
    /// Why it is refused, in a sentence.
    pub means: &'static str,
    /// What to do about it.
    pub try_this: &'static str,
}

const fn refusal(words: &'static str, means: &'static str, try_this: &'static str) -> Refusal {
    Refusal { words, means, try_this }
}

/// All of them; one entry each.
pub static REFUSALS: &[Refusal] = &[
    refusal(
        "unknown key",
        "A mapping has a key that means nothing there. Nothing that a spec says is ignored, so this is refused.",
        "`datagen explain keys` lists all keys by where they stand. A key that is right elsewhere may stand one level too deep or \
         too high.",
    ),
    refusal(
        "unknown column",
        "An expression, a template, a key or an index names a column that the table does not have.",
        "In expressions a bare name is a column of the same table, a parameter, `row`, `nth` or `as_of`. A parent's column is read \
         through its reference: `customer.tier` for `customer_id`. Text stands in single quotes: `status = 'paid'`.",
    ),
    refusal(
        "unknown table",
        "A reference, `per` or an aggregate names a table that the spec does not have.",
        "Names are taken as written, upper and lower case apart.",
    ),
    refusal(
        "unknown type",
        "The type is no SQL type that datagen makes, nor one of the spec's `types`.",
        "`datagen explain types` lists them. In a mapping `type` holds the type alone; `not null` and `unique` are keys of their own.",
    ),
    refusal(
        "unknown provider",
        "`fake` names a kind of text that is not there.",
        "`datagen explain providers` lists them. For texts of your own use `values`, `template` or `pattern`.",
    ),
    refusal(
        "unknown distribution",
        "`distribution` names a shape that is not there.",
        "`datagen explain distributions` lists them. `even` is for references only.",
    ),
    refusal(
        "unknown function",
        "An expression calls a function that datagen does not compute.",
        "`datagen explain functions` and `datagen explain aggregates` list them, with PostgreSQL's names and meaning.",
    ),
    refusal(
        "both make the values of this column",
        "A column has at most one generator; nothing would say which of two is meant.",
        "Keep one. `min` and `max` together are one generator. `cases` chooses between several by a condition.",
    ),
    refusal(
        "has no effect",
        "A key does not apply to what it stands beside: `length` is for arrays and bytea, `locale` for `fake`, `distribution` for ranges \
         and references.",
        "Remove it, or use the generator that it is for.",
    ),
    refusal(
        "rows unique",
        "Unique columns are bijections from row numbers to values, so there must be as many values as rows; nothing is tried again.",
        "Widen the range, add values, use fewer rows, or leave out `unique`. `datagen explain unique` tells which generators can be unique.",
    ),
    refusal(
        "the column is unique, but rows",
        "The column's expression or template was computed for all rows, and gave a value twice.",
        "Let it read `row` or a unique column in a way that differs in every row, such as a template that ends in `-{row}`.",
    ),
    refusal(
        "cannot be null",
        "A column that is NOT NULL or part of the primary key was asked to hold nulls.",
        "Leave out `null`, or the constraint. A reference to `earlier` rows is null in the first row.",
    ),
    refusal(
        "is not a value of",
        "A literal cannot be read as the column's type, or lies beyond it.",
        "Dates are written 2026-01-31, timestamps 2026-01-31 12:00:00, intervals 3 days. Bounds may also be expressions: `as_of - \
         interval '30 days'`.",
    ),
    refusal(
        "is greater than max",
        "The lower bound lies above the upper one.",
        "Exchange them. Bounds that are expressions are looked at row by row.",
    ),
    refusal(
        "depends on itself",
        "Columns are computed from each other in a circle, perhaps across tables: a total that is summed from rows which read the total.",
        "The message spells out the circle; make one of its columns of something else. References to `earlier` rows end, so trees may \
         read their parents.",
    ),
    refusal(
        "row counts depend on each other",
        "Tables are made `per` each other in a circle, so no row count can be computed first.",
        "Give one of them a number of rows.",
    ),
    refusal(
        "several columns refer to",
        "Rows are made `per` a parent to which more than one column refers.",
        "Name the column: `rows: {per: addresses, through: shipping_address_id}`.",
    ),
    refusal(
        "is not unique, so rows cannot refer to it",
        "A foreign key refers to a primary key or a unique column, as in SQL.",
        "Refer to the key, or make the column `unique`.",
    ),
    refusal(
        "this is not valid YAML or JSON",
        "The text breaks the rules of YAML before it can be read as a spec.",
        "Inside `{}` and `[]` a comma ends a value: quote what has one, such as `type: \"numeric(8,2)\"`. A value that begins with a \
         special sign (`{`, `[`, `*`, `&`, `%`, `@`) or holds `: ` or ` #` is quoted too.",
    ),
    refusal(
        "a check can read only columns",
        "SQL's CHECK sees the columns of its own row as they are written; a check over others could not be declared.",
        "Copy what it needs into a column that is written, or leave out the check.",
    ),
    refusal(
        "so it has no noise",
        "Noise changes what is written alone. Keys, unique columns and references are what rows are found by, and hidden columns are not \
         written.",
        "Leave out `noise`. To have duplicates with other keys, write `duplicates` at the table.",
    ),
    refusal(
        "values far beyond the column's range",
        "An outlier lies beyond what is usual by one to ten times the width of that, and the type ends before.",
        "Say where outliers lie: `outlier: {share: 1%, min: 5000, max: 30000}`; or give the column a wider type.",
    ),
];
