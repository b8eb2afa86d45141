//! Expressions tried from the outside: text in, values out.

mod fast;
mod table;

use super::*;
use crate::value::Data;
use table::{Lines, Table, compile, printed, span, values};

/// `postgresql.txt` has, line by line, an expression over the [`table`], and what PostgreSQL 15 gave for it: the type, and
/// the values of the three rows. Numerics are compared without zeros at the end, as quotients are held at a fixed scale.
#[test]
fn expressions_give_what_postgresql_gives() {
    let mut wrong = Vec::new();
    for line in include_str!("postgresql.txt").lines() {
        let (text, expected) = line.split_once(" => ").unwrap();
        let found = match values(text) {
            Ok((sql_type, values)) => {
                let values = values.join(" | ").replace('\n', "\\n");
                format!("{}: {values}", type_name(&sql_type))
            }
            Err(problem) => problem,
        };
        if plain(&found) != plain(expected) {
            wrong.push(format!("{text}\n   expected {expected}\n      found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Asks a server that `psql` reaches without being told how (PGHOST, PGUSER, ...) whether `postgresql.txt` is what it gives.
#[test]
#[ignore = "needs a PostgreSQL server"]
fn postgresql_gives_what_the_table_says() {
    let labels = "create type pg_temp.status as enum ('open', 'paid', 'shipped');";
    let columns = table::columns();
    let row = |at: usize| {
        let cells =
            columns.iter().map(|(_, sql_type, values)| format!("'{}'::{}", values[at], temporary(sql_type)));
        cells.collect::<Vec<_>>().join(", ")
    };
    let nulls = vec!["null"; columns.len()].join(", ");
    let names: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
    let rows = format!(
        "create temp table t (id, {}) as select 1, {} union all select 2, {} union all select 3, {nulls};",
        names.join(", "),
        row(0),
        row(1)
    );
    let mut script = format!("set timezone = 'UTC'; set search_path = pg_temp, public; {labels} {rows}\n");
    for line in include_str!("postgresql.txt").lines() {
        let (text, _) = line.split_once(" => ").unwrap();
        script += &format!(
            "select replace(max(pg_typeof({text})::text), 'unknown', 'text') || ': ' || \
             string_agg(coalesce(replace(({text})::text, E'\\n', '\\n'), 'NULL'), ' | ' order by id) from t;\n"
        );
    }
    let mut psql = std::process::Command::new("psql")
        .args(["-qAtX", "-v", "ON_ERROR_STOP=1"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("psql starts");
    std::io::Write::write_all(&mut psql.stdin.take().unwrap(), script.as_bytes()).unwrap();
    let answers = String::from_utf8(psql.wait_with_output().unwrap().stdout).unwrap();
    let lines = include_str!("postgresql.txt").lines();
    let mut answers = answers.lines();
    for line in lines {
        let (text, expected) = line.split_once(" => ").unwrap();
        let found = answers.next().expect("an answer for each expression").replace("pg_temp.", "");
        assert_eq!(found, expected, "{text}");
    }
}

/// The type's name in the script, where the enum is a temporary one.
fn temporary(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Enum(_) => "pg_temp.status".into(),
        other => other.to_string(),
    }
}

/// The type without its modifiers, as pg_typeof says it.
fn type_name(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Numeric { .. } => "numeric".into(),
        SqlType::Varchar(_) => "character varying".into(),
        SqlType::Char(_) => "character".into(),
        SqlType::Enum(of) => of.name.clone(),
        SqlType::Array(of) => format!("{}[]", type_name(of)),
        other => other.to_string(),
    }
}

/// Quotients without zeros at the end.
fn plain(result: &str) -> String {
    let Some(values) = result.strip_prefix("numeric: ") else { return result.to_owned() };
    let plain = |value: &str| match value.contains('.') {
        true => value.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => value.to_owned(),
    };
    values.split(" | ").map(plain).collect::<Vec<_>>().join(" | ")
}

/// What is said of a wrong expression: the marked text, the message, the help.
fn messages(text: &str) -> Vec<String> {
    let problems = compile(text).err().unwrap_or_else(|| panic!("{text} compiled"));
    problems
        .iter()
        .map(|problem| {
            let place = problem.span.unwrap();
            let marked = &text[place.start as usize..place.end as usize];
            let help: Vec<&str> = problem.help.iter().map(String::as_str).collect();
            format!(
                "[{marked}] {}{}{}",
                problem.message,
                if help.is_empty() { "" } else { " / " },
                help.join(" / ")
            )
        })
        .collect()
}

#[test]
fn problems_are_told_at_their_place_with_what_to_try() {
    let cases = [
        ("lowr(t)", "[lowr] unknown function `lowr` / did you mean `lower`?"),
        (
            "i + t",
            "[i + t] operator does not exist: integer + text / a cast converts one to the type of the other: (...)::type",
        ),
        ("i + emial", "[emial] unknown column `emial`"),
        ("t and f", "[t] expected boolean, found text / a cast converts it: (...)::boolean"),
        ("e = 'payd'", "['payd'] `payd` is not a label of status; did you mean `paid`?"),
        ("e in ('paid', 'shiped')", "['shiped'] `shiped` is not a label of status; did you mean `shipped`?"),
        (
            "ts > '2026-13-01'",
            "['2026-13-01'] expected a timestamp such as 2026-01-31 13:05:00, found `2026-13-01`",
        ),
        ("case when f then 1 else day end", "[day] CASE types integer and date cannot be matched"),
        ("i::foo", "[i] unknown type `foo`"),
        ("now()", "[now] `now` would give other data on every run / use `as_of`, the spec's present"),
        (
            "current_date",
            "[current_date] `current_date` would give other data on every run / use `as_of`, the spec's present",
        ),
        (
            "round(d, 2)",
            "[d] round does not take double precision / round(number [, digits]) -> numeric or double precision / PostgreSQL rounds numeric only to digits: round(x::numeric, 2)",
        ),
        ("left(t)", "[left(t] left takes 2 arguments, found 1 / left(text, n) -> text"),
        ("1 +", "[1 +] expected an expression, found: the end of the expression"),
        ("", "[] an expression is expected here"),
        ("i i", "[i] expected the end of the expression, found `i`"),
        (
            "(select 1)",
            "[select 1] a query cannot stand in an expression / rows that refer to this one are summed up with sum(table.column), count(table), ...; `(select count(*) from table)` is how many rows a table has",
        ),
        (
            "sum(i)",
            "[sum(i] sum does not say over which table / name a column of a table whose rows refer to this one: sum(order_items.amount) / what refers to those rows is added up there first: a column of theirs that sums it, and here the sum of that column",
        ),
        (
            "count(*)",
            "[count] count(*) does not say over which table / name the table whose rows refer to this one: count(order_items)",
        ),
        ("extract(yaer from ts)", "[ts] unknown field `yaer` / did you mean `year`?"),
        ("interval '6 dogs'", "['6 dogs'] expected an interval such as 6 days, found `6 dogs`"),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = messages(text).join("\n");
            (found != *expected).then(|| format!("{text}\n   expected {expected}\n      found {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_problems_of_an_expression_are_told() {
    assert_eq!(messages("emial || lowr(t) || (i + day2)").len(), 3);
}

#[test]
fn places_are_those_of_the_source() {
    let place = Span { source: 3, start: 100, end: 120 };
    let problems = Expression::compile("i +\n  émial", place, &mut Table::default()).unwrap_err();
    assert_eq!(problems[0].span, Some(Span { source: 3, start: 106, end: 112 }));
}

#[test]
fn branches_see_only_the_rows_that_take_them() {
    for text in [
        "case when s <> 7 then 1 / (s - 7) else 0 end",
        "s = 7 or 1 / (s - 7) > 0",
        "s <> 7 and 1 / (s - 7) > 0",
        "coalesce(nullif(s, 7) * 0 + 1, 1 / s)",
        "case when false then 1 / 0 end",
    ] {
        assert!(values(text).is_ok(), "{text}");
    }
}

#[test]
fn a_failure_says_where_in_the_batch() {
    let failure = |text: &str| compile(text).unwrap().evaluate(&Lines::new()).unwrap_err();
    assert_eq!(failure("1 / (s + 3)"), Failure::at(1, "division by zero"));
    assert_eq!(failure("case when s < 0 then 1 / (s + 3) end"), Failure::at(1, "division by zero"));
    assert_eq!(failure("(s * 10000)::smallint"), Failure::at(0, "smallint out of range: 70000"));
    assert_eq!(failure("s * 10000::smallint").message, "smallint out of range");
    assert_eq!(failure("b * 10000000000").message, "bigint out of range");
    assert_eq!(failure("exp(d * 1000)").message, "value out of range: overflow");
    assert_eq!(failure("t::date").message, "expected a date such as 2026-01-31, found `Hello World`");
}

#[test]
fn assignments_round_and_check() {
    let assigned = |text: &str, sql_type: &SqlType| {
        let expression = compile(text).unwrap().assign_to(sql_type).map_err(|problem| problem.message)?;
        assert_eq!(expression.sql_type(), sql_type);
        let vector = expression.evaluate(&Lines::new()).map_err(|failure| failure.message)?;
        Ok::<_, String>(printed(sql_type, &vector).join(" | "))
    };
    let money = SqlType::numeric(6, 1);
    assert_eq!(assigned("n", &money).unwrap(), "12.3 | -0.1 | NULL");
    assert_eq!(assigned("i", &money).unwrap(), "42.0 | -5.0 | NULL");
    assert_eq!(assigned("d", &money).unwrap(), "1.5 | -2.3 | NULL");
    assert_eq!(assigned("1.25", &money).unwrap(), "1.3 | 1.3 | 1.3");
    assert!(assigned("i * 10000", &money).unwrap_err().starts_with("numeric field overflow"));
    assert_eq!(assigned("n", &SqlType::Int).unwrap(), "12 | 0 | NULL");
    assert_eq!(
        assigned("day", &SqlType::Timestamp).unwrap(),
        "2026-02-28 00:00:00 | 2024-12-30 00:00:00 | NULL"
    );
    assert_eq!(assigned("i", &SqlType::Varchar(Some(5))).unwrap(), "42 | -5 | NULL");
    let short = SqlType::Varchar(Some(5));
    assert_eq!(
        assigned("t", &short).unwrap_err(),
        "value too long for type character varying(5): `Hello World`"
    );
    assert_eq!(assigned("t::varchar(5)", &short).unwrap(), "Hello |  | NULL");
    let status = table::columns()[16].1.clone();
    assert_eq!(assigned("case when f then 'paid' else 'open' end", &status).unwrap(), "paid | open | open");
    assert!(assigned("case when f then 'payd' else 'open' end", &status).unwrap_err().contains("`payd`"));
    assert_eq!(assigned("'2026-01-01'", &SqlType::Date).unwrap(), "2026-01-01 | 2026-01-01 | 2026-01-01");
    assert!(assigned("f", &SqlType::Int).unwrap_err().contains("expected integer, found boolean"));
    let uuid = assigned("'00000000-0000-0000-0000-0000000000' || right('0' || abs(s), 2)", &SqlType::Uuid);
    assert!(uuid.unwrap().starts_with("00000000-0000-0000-0000-000000000007"));
}

#[test]
fn constants_are_folded() {
    let constant = |text: &str| compile(text).unwrap().constant();
    assert_eq!(constant("1 + 2 * 3"), Some(Some(Scalar::Int(7))));
    assert_eq!(constant("lower('A') || 1"), Some(Some(Scalar::Text("a1".into()))));
    assert_eq!(constant("case when 1 < 2 then 10 end"), Some(Some(Scalar::Int(10))));
    assert_eq!(constant("null + 1"), Some(None));
    assert_eq!(constant("i + 1"), None);
    assert_eq!(constant("1 / 0"), None);
    assert_eq!(constant("random()"), None);
    assert_eq!(
        compile("1 + 0.2").unwrap().sql_type(),
        &SqlType::Numeric { precision: 2, scale: 1, bare: true }
    );
}

#[test]
fn money_stays_in_64_bits() {
    let price = compile("round(s * n * (1 + 0.2), 2)").unwrap();
    assert_eq!(price.sql_type().layout(), crate::value::Layout::Int);
    assert_eq!(price.inputs(), [0, 3]);
}

#[test]
fn draws_differ_by_row_and_by_place() {
    let expression = compile("array[random(), random()]").unwrap();
    let vector = expression.evaluate(&Lines::new()).unwrap();
    let Data::List(list) = &vector.data else { panic!("an array") };
    let draws = list.values.floats();
    assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
    for (at, draw) in draws.iter().enumerate() {
        assert!(!draws[..at].contains(draw), "{draws:?}");
    }
    let uuid =
        printed(&SqlType::Uuid, &compile("gen_random_uuid()").unwrap().evaluate(&Lines::new()).unwrap());
    assert!(uuid[0] != uuid[1] && uuid.iter().all(|uuid| uuid.as_bytes()[14] == b'4'), "{uuid:?}");
}

/// Groups: the first two rows of each three go to group 0, the null row to group 1; group 2 has no rows.
fn aggregated(text: &str) -> (SqlType, String) {
    let mut names = Table::default();
    let expression = Expression::compile(text, span(text), &mut names).unwrap();
    assert_eq!(expression.inputs(), [100], "{text}");
    let aggregate = &names.aggregates[0];
    let mut accumulator = aggregate.start(3);
    for _ in 0..2 {
        accumulator.update(&Lines::new(), &Groups::new(&[0, 0, 1])).unwrap();
    }
    let vector = accumulator.finish().unwrap();
    (aggregate.sql_type().clone(), printed(aggregate.sql_type(), &vector).join(" | "))
}

#[test]
fn aggregates_follow_sql() {
    for (text, sql_type, expected) in [
        ("count(lines)", "bigint", "4 | 2 | 0"),
        ("count(lines.*)", "bigint", "4 | 2 | 0"),
        ("count(lines.i)", "bigint", "4 | 0 | 0"),
        ("count(distinct lines.i)", "bigint", "2 | 0 | 0"),
        ("count(lines) filter (where lines.i > 0)", "bigint", "2 | 0 | 0"),
        ("sum(lines.i)", "bigint", "74 | NULL | NULL"),
        ("sum(lines.b)", "numeric", "19999999986 | NULL | NULL"),
        ("sum(lines.n)", "numeric", "24.58 | NULL | NULL"),
        ("sum(lines.s * lines.n)", "numeric", "173.06 | NULL | NULL"),
        ("sum(lines.n) filter (where lines.f)", "numeric", "24.68 | NULL | NULL"),
        ("sum(lines.d)", "double precision", "-1.5 | NULL | NULL"),
        ("avg(lines.i)", "numeric", "18.50000000000000000000 | NULL | NULL"),
        ("avg(lines.d)", "double precision", "-0.375 | NULL | NULL"),
        ("min(lines.day)", "date", "2024-12-30 | NULL | NULL"),
        ("max(lines.t)", "text", "Hello World | NULL | NULL"),
        ("max(lines.n)", "numeric(10,2)", "12.34 | NULL | NULL"),
        ("min(lines.e)", "status", "open | NULL | NULL"),
        ("bool_or(lines.f)", "boolean", "true | NULL | NULL"),
        ("every(lines.f)", "boolean", "false | NULL | NULL"),
        ("sum(1 / (lines.s - 7)) filter (where lines.s <> 7)", "bigint", "0 | NULL | NULL"),
    ] {
        let (found_type, found) = aggregated(text);
        assert_eq!((found_type.to_string().as_str(), found.as_str()), (sql_type, expected), "{text}");
    }
}

#[test]
fn aggregates_stand_in_expressions() {
    let mut names = Table::default();
    let text = "round(coalesce(sum(lines.n), 0) * (1 + 0.2), 2) + count(lines)";
    let expression = Expression::compile(text, span(text), &mut names).unwrap();
    assert_eq!(expression.inputs(), [100, 101]);
    assert_eq!(expression.sql_type().scale(), Some(2));
}

#[test]
fn batches_of_any_size_give_the_same() {
    let text = "case when s > 0 then round(n * 1.2, 2) || t else upper(e::text) end";
    let expression = compile(text).unwrap();
    let one = printed(&SqlType::Text, &expression.evaluate(&Lines::new()).unwrap());
    let many = printed(&SqlType::Text, &expression.evaluate(&Lines::repeated(500)).unwrap());
    assert!(many.chunks(3).all(|chunk| chunk == one));
}

#[test]
fn the_tables_of_functions_are_in_order() {
    let aggregates: Vec<&str> = AGGREGATES.iter().map(|(name, ..)| *name).collect();
    for (at, function) in FUNCTIONS.iter().enumerate() {
        assert!(function.signature.starts_with(function.name), "{}", function.name);
        assert!(!function.summary.ends_with('.'), "{}", function.name);
        assert!(FUNCTIONS[..at].iter().all(|other| other.name != function.name), "{} twice", function.name);
    }
    assert!(aggregates.iter().all(|name| functions::is_aggregate(name)));
}

#[test]
fn dictionaries_give_what_plain_texts_give() {
    let texts = ["paid", "open", "shipped", "open"];
    let span = Span::default();
    struct One(Rows, std::rc::Rc<Vector>);
    impl Batch for One {
        fn rows(&self) -> &Rows {
            &self.0
        }
        fn input(&self, _index: usize) -> Result<std::rc::Rc<Vector>, Failure> {
            Ok(self.1.clone())
        }
    }
    struct Status;
    impl Names for Status {
        fn resolve(&mut self, _path: &[Name]) -> Result<Term, Diagnostic> {
            Ok(Term::Input(0, table::columns()[16].1.clone()))
        }
        fn is_child(&self, _name: &str) -> bool {
            false
        }
        fn child(&mut self, _table: &Name) -> Result<Box<dyn Names + '_>, Diagnostic> {
            unreachable!()
        }
        fn aggregate(&mut self, _table: &Name, _aggregate: Aggregate) -> Result<Term, Diagnostic> {
            unreachable!()
        }
        fn draw_key(&mut self) -> Key {
            unreachable!()
        }
    }
    let valid = Some(vec![true, true, true, false]);
    let rows = Rows::Range { start: 0, len: 4 };
    let plain = Vector::new(Data::Text(texts.iter().collect()), valid.clone());
    let values = std::sync::Arc::new(["open", "paid", "shipped"].into_iter().collect());
    let coded = Vector::new(Data::Dict { codes: vec![1, 0, 2, 0], values }, valid);
    for text in [
        "e = 'paid'",
        "e > 'open'",
        "e in ('open', 'paid')",
        "e not in ('open')",
        "upper(e::text)",
        "e || '!'",
        "greatest(e, 'paid')",
    ] {
        let expression = Expression::compile(text, span, &mut Status).unwrap();
        let of = |vector: &Vector| {
            let batch = One(rows.clone(), std::rc::Rc::new(vector.clone()));
            printed(expression.sql_type(), &expression.evaluate(&batch).unwrap())
        };
        assert_eq!(of(&plain), of(&coded), "{text}");
    }
}
