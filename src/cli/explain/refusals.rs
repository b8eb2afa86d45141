//! What messages mean: the themes of refusals, found by words of a message.
//!
//! A message says what is wrong at its place and what to try there; this is the page behind it, for those who ask why there
//! is such a rule. A test holds the themes to the messages of `tests/refusals`: each message has a theme, and each theme's name is
//! told by a message.

use super::plain;

/// A theme of messages.
pub struct Refusal {
    /// Words that such messages contain, without what is quoted in them. Several are apart by ` | `;
    /// the first are the theme's name.
    pub words: &'static str,
    /// Why it is refused, in a sentence.
    pub means: &'static str,
    /// What to do about it.
    pub try_this: &'static str,
}

impl Refusal {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.all_words().next().expect("a split has a first part")
    }

    fn all_words(&self) -> impl Iterator<Item = &'static str> {
        self.words.split(" | ")
    }

    /// The longest of its words that a message has, in letters; 0 if it has none.
    fn letters_in(&self, message: &str) -> usize {
        let told = self.all_words().filter(|words| message.contains(&plain(words)));
        told.map(|words| words.len()).max().unwrap_or(0)
    }
}

/// The theme of a message: the one that has the longest words in common with it.
pub fn theme(message: &str) -> Option<&'static Refusal> {
    let message = plain(message);
    let letters = |refusal: &&Refusal| refusal.letters_in(&message);
    REFUSALS.iter().rev().max_by_key(letters).filter(|best| letters(best) > 0)
}

/// Whether some words of a message are those of a theme.
pub fn is_quoted(name: &str, asked: &str) -> bool {
    let is_theme = theme(asked).is_some_and(|refusal| refusal.name() == name);
    let is_part = |refusal: &Refusal| refusal.all_words().any(|words| plain(words).contains(asked));
    is_theme || asked.len() > 4 && REFUSALS.iter().any(|refusal| refusal.name() == name && is_part(refusal))
}

const fn refusal(words: &'static str, means: &'static str, try_this: &'static str) -> Refusal {
    Refusal { words, means, try_this }
}

/// All of them; one entry each.
pub static REFUSALS: &[Refusal] = &[
    refusal(
        "unknown key | names what was named before",
        "A mapping has a key that means nothing there. Nothing that a spec says is ignored, so this is refused.",
        "`datagen explain keys` lists all keys by where they stand. A key that is right elsewhere may stand one level too deep or \
         too high.",
    ),
    refusal(
        "unknown column | has no column | names nothing to combine",
        "An expression, a template, a key or an index names a column that the table does not have.",
        "In expressions a bare name is a column of the same table, a parameter, `row`, `nth` or `as_of`. A parent's column is read \
         through its reference: `customer.tier` for `customer_id`. Text stands in single quotes: `status = 'paid'`.",
    ),
    refusal(
        "unknown table | is neither a table nor a column | has no primary key of | has no columns | is bigint, but | is text, but \
         | two tables are called the same | the spec has no",
        "A reference, `per` or an aggregate names a table that the spec does not have.",
        "Names are taken as written, upper and lower case apart.",
    ),
    refusal(
        "unknown type | has no type | has no meaning here | is not an SQL column definition | must say how its value is made",
        "The type is no SQL type that datagen makes, nor one of the spec's `types`.",
        "`datagen explain types` lists them. In a mapping `type` holds the type alone; `not null` and `unique` are keys of their own.",
    ),
    refusal(
        "unknown provider | unknown locale | unknown brand | no IBANs of | has no parameter",
        "`fake` names a kind of text that is not there, or an argument or a locale that it does not have.",
        "`datagen explain providers` lists them. For texts of your own use `values`, `template` or `pattern`.",
    ),
    refusal(
        "unknown distribution | must be positive | mean is missing | the distribution has no values | is missing",
        "`distribution` names a shape that is not there, or that lacks what it needs.",
        "`datagen explain distributions` lists them. `even` is for references only.",
    ),
    refusal(
        "unknown function | operator does not exist | unrecognized encoding | the encoding must be written",
        "An expression calls a function that datagen does not compute.",
        "`datagen explain functions` and `datagen explain aggregates` list them, with PostgreSQL's names and meaning.",
    ),
    refusal(
        "a window | windows have no names | do not follow each other | before OVER | needs OVER | rows back | looks back | \
         cannot run along rows | window functions are for",
        "A window function looks from a row at those before it that have the same parent. Only rows that are made `per` a parent \
         follow each other, in the order of `nth`.",
        "Write `sum(amount) over (partition by account_id order by nth)`. What an aggregate or a row count needs of it stands in a \
         column of its own.",
    ),
    refusal(
        "both make the values of this column | both shape the values | cannot be part of a template | there are no cases",
        "A column has at most one generator; nothing would say which of two is meant.",
        "Keep one. `min` and `max` together are one generator. `cases` chooses between several by a condition.",
    ),
    refusal(
        "has no effect | have no effect | does not apply | do not apply | only an array has elements | stands at the elements \
         already | computes the reference",
        "A key does not apply to what it stands beside: `length` is for arrays and bytea, `locale` for `fake`, `distribution` for ranges \
         and references.",
        "Remove it, or use the generator that it is for.",
    ),
    refusal(
        "rows unique | allows | cannot be unique | unique values have no shares | is not unique | are not unique | cannot \
         be made unique | it has one value | lengths of unique texts | can make one text in more than one way | may \
         repeat | each at most once",
        "Unique columns are bijections from row numbers to values, so there must be as many values as rows; nothing is tried again.",
        "Widen the range, add values, use fewer rows, or leave out `unique`. `datagen explain unique` tells which generators can be unique.",
    ),
    refusal(
        "an index needs | does not index | index can be unique | the condition of an index | not the same each \
         time | unknown index method",
        "Indexes are made by the database after the data, which only takes what it can index: by a method that knows the types, over \
         what never changes.",
        "`datagen explain indexes` and docs/spec.md tell what an index may be over.",
    ),
    refusal(
        "is taken",
        "Tables, keys and indexes share one name space in a database; a script that gives a name twice would not load.",
        "Give one of them another name, or none: names that are left out are found by themselves.",
    ),
    refusal(
        "the column is unique, but rows | the index is unique, but rows | nothing shows that this index is unique",
        "The column's expression or template was computed for all rows, and gave a value twice.",
        "Let it read `row` or a unique column in a way that differs in every row, such as a template that ends in `-{row}`.",
    ),
    refusal(
        "cannot be null | is about the whole reference | says already which rows refer to none",
        "A column that is NOT NULL or part of the primary key was asked to hold nulls.",
        "Leave out `null`, or the constraint. A reference to `earlier` rows is null in the first row.",
    ),
    refusal(
        "is not a value of | is not a value | is not an interval | is a share between | must be a share | is not a label of | \
         must be a weight | must be a number | is integer, but | is not a number",
        "A literal cannot be read as the column's type, or lies beyond it.",
        "Dates are written 2026-01-31, timestamps 2026-01-31 12:00:00, intervals 3 days. Bounds may also be expressions: `as_of - \
         interval '30 days'`.",
    ),
    refusal(
        "is greater than max | no values between min and max",
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
        "several columns refer to | does not refer to | in more than one way | stands for two references | is about the whole reference | the reference 1",
        "Rows are made `per` a parent to which more than one column refers.",
        "Name the column: `rows: {per: addresses, through: shipping_address_id}`.",
    ),
    refusal(
        "is not unique, so rows cannot refer to it",
        "A foreign key refers to a primary key or a unique column, as in SQL.",
        "Refer to the key, or make the column `unique`.",
    ),
    refusal(
        "this is not valid YAML or JSON | one YAML document | unclosed | duplicate mapping key",
        "The text breaks the rules of YAML before it can be read as a spec.",
        "Inside `{}` and `[]` a comma ends a value: quote what has one, such as `type: \"numeric(8,2)\"`. A value that begins with a \
         special sign (`{`, `[`, `*`, `&`, `%`, `@`) or holds `: ` or ` #` is quoted too.",
    ),
    refusal(
        "a check can read only columns | an index can read only columns | the database does not know",
        "SQL's CHECK and the expressions of indexes see the columns of their own row as they are written; those over others could not be declared.",
        "Copy what it needs into a column that is written, or leave out the check or the index.",
    ),
    refusal(
        "must be a list | must be a mapping | must be true | must be nearest | must be cut | must be above | must be a text | has no default value",
        "A key takes a value of another form than is written there.",
        "`datagen explain KEY` tells what a key takes. In YAML `- ` begins an item of a list, `name: ` an entry of a mapping; \
         `[a, b]` and `{a: 1}` are the same on one line.",
    ),
    refusal(
        "expected an expression | expected | found text | found boolean | a condition is true or false | this quote is \
         never closed | does not say over which table | value too long",
        "An expression cannot be read, or works on values of another type than it is given. Types are fixed when the spec is \
         planned; numbers and booleans are not made from texts without a cast.",
        "Text stands in single quotes, casts are written `x::int`. In YAML an expression that holds `: ` or ` #`, or begins \
         with a quote, is quoted as a whole. `datagen explain functions` lists what there is.",
    ),
    refusal(
        "formats dates and times | formats numbers | unknown code | unknown format | for a brace",
        "A template's placeholder has a format that its value cannot take.",
        "Numbers take `08`, `.2` and `,`, dates and times take `%Y-%m-%d`, anything takes `upper`, `lower`, `title`, \
         `capital`, `initial` and `slug`. A brace of the text is written twice. docs/text.md has all.",
    ),
    refusal(
        "with `one_way` | `one_way` is | `one_way` cannot find",
        "A reference with `one_way` draws its parent without a way back, so nothing may look for a parent's rows.",
        "Leave out `one_way`: an ordinary reference costs some 20 ns more a row and can be summed over. docs/relations.md has what \
         goes with it.",
    ),
    refusal(
        "does not index",
        "An index has a method that does not know the type of one of its columns, so that PostgreSQL would refuse it.",
        "`btree` is for what has an order, `hash` for one column of what can be equal, `gin` for jsonb and arrays. Without \
         `method` an index is `btree`.",
    ),
    refusal(
        "this pattern cannot be used | the pattern",
        "The regular expression cannot be turned round into texts that match it.",
        "Classes, groups, alternatives and repetitions can be; what looks at the text around it cannot. docs/text.md tells \
         what each part stands for.",
    ),
    refusal(
        "the grammar | unknown grammar | the rule | unknown pool | a pool | pieces of | filler text | the alphabet | is not \
         an alphabet | a length is at most | texts of up to | character varying(8) holds | must be a number of bytes | these \
         values need | lengths of",
        "Texts of grammars, pools and alphabets are measured before the first row, so that none is too long or never ends.",
        "Widen the column or set `length`; each rule needs a text that ends. docs/text.md has grammars, pools and lengths.",
    ),
    refusal(
        "different elements | elements of arrays | elements could be alike | makes JSON | JSON documents",
        "Elements of an array and members of a document are made like columns, but do not stand in a row of their own.",
        "Let the column hold what needs rows (order, uniqueness, a series), and the document read it by `expr`. docs/text.md \
         has JSON and arrays.",
    ),
    refusal(
        "makes text, the column is | makes numbers | the column is text",
        "The generator makes values that the column's type cannot hold.",
        "Change the type, or make the value by `expr` with a cast.",
    ),
    refusal(
        "is for references to the same table | a tree | references to earlier rows | references are spread evenly over \
         earlier rows | the first row has no earlier row | no two rows share | tree's form",
        "`earlier` lets rows refer to earlier rows of their own table, so that they make a tree.",
        "The column refers to its own table and allows nulls, since the first row has nobody before it. docs/relations.md \
         shows trees, also within groups.",
    ),
    refusal(
        "leads to no group | within itself | within a group | groups no rows | in none of these groups | rows of a group \
         | must be a plain reference | so often need | for them to refer to | parents share its rows alike | stay within \
         a group | stay within one group | lead to groups | share a group | among up to | does not say within what",
        "`within` keeps a reference to the rows of the same group, and `distinct` keeps rows of a group apart. Both need a \
         column of the row that leads to the group: a reference that every row has.",
        "Where a path leads to the group, give it a column that reads it over one reference: `ward_id: {references: wards, expr: bed.ward_id, hidden: true}`, \
         and `within: ward_id`. docs/relations.md tells what goes together.",
    ),
    refusal(
        "cannot be chosen by value | satisfies the condition | has a weight above 0 | the weight | is about the choice of a \
         parent | says already how popular | leaves nothing to choose | nothing to choose | a unique reference | a moment \
         chooses | cannot choose by | works for up to | a weight is a number | is null where the reference is | to a row here \
         cannot be listed",
        "A reference chooses its parent in one way: by chance and popularity, by `where` and `weight`, also `within` a \
         group, or by a moment.",
        "Keep one of them. Rows that are made `per` a parent have it already.",
    ),
    refusal(
        "one of several tables | holds names of tables | says which table a row refers to | no table has a positive weight | \
         tables with their shares",
        "A column with `one_of` refers to several tables, and its `type_column` says to which.",
        "The tables' keys have one column and the same type, and the type column is a text without values of its own. \
         docs/relations.md has an example.",
    ),
    refusal(
        "must refer to a row of | has no row with the key | are not known before its rows are made | which has none",
        "A reference has a value that no row of the parent has, so a database would refuse the row.",
        "Give the parent rows, or that key. Written rows may refer to parents that are written down too, or count.",
    ),
    refusal(
        "a row must be | cells for | values for | cannot give | cannot be read | is read into two columns | cannot read | the \
         file has no column | names the places of lists | its values | cannot separate cells | is unique, but rows | twice",
        "Rows that are written down, in the spec or in a CSV file, are held to the table's columns, types and keys.",
        "Paths are relative to the spec; `columns` maps names, `ignore` leaves columns of the file out. A column that the \
         rows name has no generator. docs/rows.md has both forms.",
    ),
    refusal(
        "both say how many rows | both decide how many rows | is a number, an expression with | unknown name | names no \
         number of rows | must be a list of rows | the number of rows must be | are more rows than can be counted | not known \
         before the first row | both say how many | rows of this shape",
        "A table's number of rows is known before the first row is made, so that any row can be made alone and parts know \
         where they begin.",
        "It is a number, an expression of `scale` and parameters, or a shape such as `per` or `sample`. docs/rows.md lists \
         the shapes.",
    ),
    refusal(
        "is for rows made per a parent | rows are not made per parent | not made per parent | needs rows that are made \
         per parent | a row that is made for a parent | the mean | rows are made for a parent",
        "Rows that are made `per` a parent have it from the beginning, and their counts keep to `min`, `max` and `mean`.",
        "`rows: {per: orders, min: 1, max: 7, mean: 2}`. `nth` and `per parent` are for such tables. docs/rows.md tells how \
         counts are dealt.",
    ),
    refusal(
        "a sample | is a table, and a column of this table | a factor is | in a cross product | repeats in a cross product | \
         is not a scale | scales must ascend | cannot be combined: it is not a reference | from scales to rows | would repeat \
         some",
        "Samples, cross products and points of `scale` count rows of what they are made of.",
        "A sample takes no row twice, a factor stands once, scales ascend. docs/rows.md has the shapes.",
    ),
    refusal(
        "cannot be combined | it has weights",
        "A key of several columns is unique because its columns are made as combinations, which their other keys would undo.",
        "Leave out the distribution or the weights, or write `distinct` at one of the references. `datagen explain unique` \
         and docs/spec.md tell what makes keys unique.",
    ),
    refusal(
        "versions of entities | an entity | is the same in all versions | the key | a version begins | entities begin | \
         history | is not a number of versions | begin before they begin | would not change together | versions it chooses \
         from | chooses among the versions | with what else chooses a parent | between the last start and the end | no number of versions | but versions begin \
         in | one moment, or two | is null in an entity's last version | exclusive or inclusive | whose versions | the table \
         has no",
        "In a table with `history` rows are versions of entities, whose periods tile the time from their start on.",
        "The business key tells entities apart, `from` and `to` are the table's own columns without generators, and `changes` \
         says which values a new version draws again. docs/history.md has all of it.",
    ),
    refusal(
        "the calendar | unknown calendar | says nothing | a calendar spans | is no weekday | is no month | is no hour | is no \
         day | opening hours | weights of hours | with a calendar | no weekday has | must be a span of the day | must be a \
         weekday | must be the growth | hours begin between | drawn by a calendar",
        "A calendar gives moments weights; between the bounds some weight has to be left.",
        "`{hours: {8-17: 3}, weekdays: {sat-sun: 0}}`; opening hours follow each other and begin on a `step`. `datagen list \
         calendars` shows those that are built in, docs/time.md the language.",
    ),
    refusal(
        "cannot ascend | would not ascend | that ascend | come too close | moments of one parent | one parent's rows after \
         the other's | have no order of rows | too close to be a step apart",
        "Values in order lie in equal parts between their bounds, so the bounds are the same for all rows, or for all rows of \
         one parent.",
        "`ascending: true` takes fixed bounds, `ascending: per parent` bounds that read the parent. docs/time.md tells the \
         rest.",
    ),
    refusal(
        "hold the moments of the rows | is not after | the jitter | with so much jitter | no column for the dates | no column \
         holds the moments | are the first date and the last | the last date lies before | a step leads forward | must be an \
         interval | need an end | hold the moments | column for the dates | are the first date",
        "Rows in steps of time, and rows for dates, have a first moment, a distance and an end, and a column that holds them.",
        "`{every: 15 minutes, from: 2024-01-01, to: 2024-02-01}` or `{dates: [2024-01-01, as_of]}`; the first date or \
         timestamp without a generator holds the moments, or `column` names it. docs/time.md and docs/rows.md.",
    ),
    refusal(
        "a series | the values of the series | nothing says when | a trend says | a walk | a level | differs between the \
         rows of a series | the beginning differs | does not say when | not a date or a timestamp | must be a rate | must \
         be a proportion | must be a time | is not below 0 | the beginning | calm and wild times | clustering | the \
         memory of clusters | steps of the walk",
        "A `series` makes numbers from a row's moment: a level, and what is added to it in the course of time.",
        "It needs a `level` and a column that says when (`at`), and belongs to one series per table or per parent. \
         docs/time.md lists its parts.",
    ),
    refusal(
        "a step | be its step | counts from | a date has no parts of days | is not a number of numeric | step of dates | \
         nearest, down or up | cut or clip | bounds of double precision",
        "Values lie a `step` apart, counted from the lower bound, on numbers that the type can hold.",
        "Dates step by whole days, times by parts of a day, numbers by multiples of the type's last digit; bounds are \
         literals. docs/values.md has steps, `round` and `outside`.",
    ),
    refusal(
        "has a positive weight | is negative | the weight is negative | values in bands | nulls would take rows away | the \
         shares | negative | no band | no value",
        "Weights say how likely a value, a band or a table is, relative to the others; `quota` makes the shares exact.",
        "Weights are 0 or more, and at least one is more.",
    ),
    refusal(
        "cannot be correlated | correlations | is correlated with itself | must be a coefficient",
        "`correlation` lets two columns rise together, by one draw for each of them.",
        "Both columns lie between fixed bounds or have a distribution; coefficients are from -1 to 1 and possible together. \
         docs/values.md tells how it works.",
    ),
    refusal(
        "in the group | disagree about | null together | null by itself | cannot be exact",
        "Columns of one null group are null in the same rows; `exact` is for a column that is null by itself.",
        "At least two columns of the table name the group, with the same `share` or `rows`. docs/values.md has both forms.",
    ),
    refusal(
        "leads back to itself | unknown template | what this extends | two templates | to remove in what this extends | \
         means, but there is no",
        "`include`, `extends`, `use` and parameters are resolved before the text is read as a spec; what they name has to be \
         there.",
        "Names are those of the extended or included text. docs/reuse.md tells what is changed, added and removed.",
    ),
    refusal(
        "unknown version",
        "The spec says that it is written in a version of the language that this datagen does not know.",
        "Write `version: 1`.",
    ),
    refusal(
        "the sequence reaches | out of range | sequence",
        "A number that counts, or is computed from its row, leaves the range of its type.",
        "Use a wider type, a smaller `start` or `step`, or fewer rows.",
    ),
    refusal(
        "needs | both",
        "A key stands without another one that it belongs to.",
        "The message names what is missing; `datagen explain KEY` shows what the key goes with.",
    ),
    refusal(
        "so it has no noise | duplicates have values of their own | so it has no duplicates | unknown noise | names no \
         kind of noise | as must be null or empty | typos | copies must be | is empty | has no empty value | cannot be \
         blank | can be repeated | cannot repeat the other | is of the primary key | so it has no gaps",
        "Noise changes what is written alone. Keys, unique columns and references are what rows are found by, and hidden columns are not \
         written.",
        "Leave out `noise`. To have duplicates with other keys, write `duplicates` at the table.",
    ),
    refusal(
        "values far beyond the column's range | outliers | range is not known",
        "An outlier lies beyond what is usual by one to ten times the width of that, and the type ends before.",
        "Say where outliers lie: `outlier: {share: 1%, min: 5000, max: 30000}`; or give the column a wider type.",
    ),
];
