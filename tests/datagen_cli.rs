//! The JSON schemas of `datagen-cli`: they load into PostgreSQL unchanged, and hold what their words mean.

mod support;

use std::fs;
use std::process::Output;
use support::postgres::Database;
use support::{package, run, stdout, write_spec};

/// The database of a schema in `tests/datagen_cli/`.
fn loaded(name: &str) -> Database {
    let path = format!("tests/datagen_cli/{name}.json");
    load(&path)
}

fn load(path: &str) -> Database {
    let database = Database::new();
    let script = stdout(&["generate", "-i", path, "--quiet", "--format", "copy"]);
    database.load(&script).unwrap_or_else(|told| panic!("{path}: {told}"));
    database
}

/// A schema with one table `t` of these columns, loaded.
fn table(columns: &str, rest: &str) -> (Database, tempfile::TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "schema.json", &schema(columns, rest));
    (load(&path), directory)
}

fn schema(columns: &str, rest: &str) -> String {
    format!(
        r#"{{"version": "1.0", "database": {{"name": "d"}}, "tables": {{"t": {{"columns": {{{columns}}}, "row_count": 500 {rest}}}}}}}"#
    )
}

fn validated(columns: &str, rest: &str) -> (Output, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = write_spec(directory.path(), "schema.json", &schema(columns, rest));
    let output = run(&["validate", &path]);
    let told = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    (output, told)
}

/// No row of `t` breaks the condition, and there are rows.
#[track_caller]
fn holds(database: &Database, table: &str, condition: &str) {
    let sql = format!("select count(*) filter (where not ({condition})), count(*) from {table}");
    let answer = database.query(&sql);
    let (broken, rows) = answer.split_once('|').expect("two counts");
    assert!(rows != "0" && broken == "0", "{table}: {condition}: {broken} of {rows} rows break it");
}

#[test]
fn every_schema_loads_in_both_script_formats() {
    for entry in fs::read_dir(package().join("tests/datagen_cli")).expect("schemas") {
        let path = entry.expect("an entry").path();
        let path = path.to_str().expect("UTF-8");
        for format in ["insert", "copy"] {
            let database = Database::new();
            let script = stdout(&["generate", "-i", path, "--quiet", "--format", format]);
            database.load(&script).unwrap_or_else(|told| panic!("{path} as {format}: {told}"));
        }
    }
}

#[test]
fn a_shop_is_believable() {
    let shop = loaded("ecommerce");
    holds(&shop, "customers", "email ~ '^[a-z0-9._-]+@[a-z.]+$' and updated_at >= created_at");
    holds(&shop, "orders", "order_number ~ ('^ORD-' || extract(year from created_at) || '-[0-9]{6}$')");
    holds(
        &shop,
        "products",
        "price between 999 and 999999 and price = trunc(price) and sku ~ '^PRD-[0-9]{8}$'",
    );
    holds(&shop, "reviews", "rating between 1 and 5");
    // What happens to a row happens after it came to be.
    let early = "select count(*) from orders o join customers c on c.id = customer_id where o.created_at < c.created_at";
    assert_eq!(shop.query(early), "0");
    let early = "select count(*) from reviews r join products p on p.id = product_id where r.created_at < p.created_at";
    assert_eq!(shop.query(early), "0");
    // A tree: parents first, and some roots.
    holds(&shop, "categories", "parent_id is null or parent_id < id");
    assert!(
        shop.query("select count(*) from categories where parent_id is null")
            .parse::<u32>()
            .expect("a count")
            > 1
    );
    let weights =
        shop.query("select round(100.0 * count(*) filter (where rating = 5) / count(*)) from reviews");
    assert!((35..=45).contains(&weights.parse::<i32>().expect("a share")), "{weights}% of ratings are 5");
}

#[test]
fn a_blog_is_believable() {
    let blog = loaded("blog");
    holds(&blog, "posts", "(published_at is not null) = (status in ('published', 'archived'))");
    holds(&blog, "posts", "published_at >= created_at or published_at is null");
    let early =
        "select count(*) from comments c join posts p on p.id = post_id where c.created_at < p.created_at";
    assert_eq!(blog.query(early), "0");
    // The name and the address of a comment's author are one person's.
    let alike = "select count(*) > 1900 from comments \
                 where left(author_email, 1) = lower(left(author_name, 1))";
    assert_eq!(blog.query(alike), "t");
    assert_eq!(blog.query("select count(distinct (post_id, tag_id)) from post_tags"), "1500");
}

#[test]
fn a_service_is_believable() {
    let service = loaded("saas");
    let mixed = "select count(*) from billing_invoices i join subscriptions s on s.id = subscription_id \
                 where i.tenant_id <> s.tenant_id";
    assert_eq!(service.query(mixed), "0", "an invoice is of its subscription's tenant");
    holds(
        &service,
        "billing_invoices",
        "due_at between issued_at + interval '14 days' and issued_at + interval '30 days'",
    );
    holds(
        &service,
        "billing_invoices",
        "(paid_at is not null) = (status = 'paid') and coalesce(paid_at >= issued_at, true)",
    );
    holds(&service, "subscriptions", "end_date > start_date or end_date is null");
    holds(&service, "usage_metrics", "recorded_at = date_trunc('hour', recorded_at)");
    holds(&service, "usage_metrics", "recorded_at between '2024-01-01' and '2025-01-01'");
    holds(&service, "users", "last_login_at >= created_at or last_login_at is null");
}

#[test]
fn a_forum_is_believable() {
    let forum = loaded("forum");
    let answers = "from comments c join comments p on p.id = c.parent_id";
    assert_eq!(forum.query(&format!("select count(*) > 500 {answers}")), "t");
    assert_eq!(
        forum.query(&format!("select count(*) {answers} where p.thread_id <> c.thread_id")),
        "0",
        "an answer is in the thread of what it answers"
    );
    assert_eq!(
        forum.query(&format!("select count(*) {answers} where p.created_at > c.created_at")),
        "0",
        "an answer comes later"
    );
    holds(&forum, "threads", "updated_at >= greatest(created_at, published_at, archived_at)");
    // Too long for the column, and still unique.
    holds(&forum, "boards", "slug ~ '^[a-z]{4,5}(-[a-z]{4})?$'");
    let methods = "select string_agg(amname, ' ' order by relname) from pg_class c join pg_am a on a.oid = relam \
                   where relname in ('threads_body_idx', 'threads_created_at_idx', 'threads_title_idx')";
    let has_trigrams = forum.query("select count(*) from pg_extension where extname = 'pg_trgm'") == "1";
    assert_eq!(forum.query(methods), if has_trigrams { "gin brin gin" } else { "brin" });
}

#[test]
fn a_school_is_believable() {
    let school = loaded("school");
    holds(&school, "students", "age = extract(year from age(timestamp '2026-01-01', birthday))");
    holds(&school, "students", "graduated_on >= enrolled_on or graduated_on is null");
    holds(
        &school,
        "lessons",
        "extract(hour from starts_at) between 9 and 16 and extract(minute from starts_at) = 0",
    );
    holds(
        &school,
        "lessons",
        "ends_at between starts_at + interval '30 minutes' and starts_at + interval '3 hours'",
    );
    holds(&school, "enrollments", "score is null = (mark is null) and (mark <> 'A' or score >= 90)");
    assert_eq!(school.query("select count(distinct (building, number)) from rooms"), "25");
    assert_eq!(school.query("select count(distinct code) from courses"), "30");
}

#[test]
fn coordinates_lie_in_the_row_s_city() {
    let (database, _directory) = table(
        r#""city": {"type": "varchar(60)", "generator": "city"}, "latitude": {"type": "numeric(9,6)"},
           "longitude": {"type": "numeric(9,6)"}, "home_city": {"type": "varchar(60)"}, "home_lat": {"type": "float8"},
           "lat": {"type": "int"}"#,
        "",
    );
    let near = "select count(*) > 20, max(abs(latitude - 40.7128)) < 0.05, max(abs(longitude + 74.006)) < 0.06 \
                from t where city = 'New York'";
    assert_eq!(database.query(near), "t|t|t");
    let near =
        "select count(*) > 20, max(abs(home_lat - 34.0522)) < 0.05 from t where home_city = 'Los Angeles'";
    assert_eq!(database.query(near), "t|t");
}

#[test]
fn time_series_may_be_part_of_a_key() {
    let text = |config: &str, rows: u32| {
        format!(
            r#"{{"version": "1.0", "tables": {{
            "a": {{"columns": {{"id": {{"type": "serial", "primary_key": true}}}}, "row_count": 9}},
            "m": {{"columns": {{"a_id": {{"type": "int", "nullable": false}}, "at": {{"type": "timestamp", "generator": "timeseries",
                "generator_config": {{{config}}}}}}}, "primary_key": ["a_id", "at"], "row_count": {rows},
                "foreign_keys": [{{"columns": ["a_id"], "referenced_table": "a", "referenced_columns": ["id"]}}]}}}}}}"#
        )
    };
    let week = r#""start": "2025-01-01", "end": "2025-01-08", "interval": "1h""#;
    for (config, rows, condition) in [
        (week.to_owned(), 1_500, "at = date_trunc('hour', at)"),
        (r#""interval": "1d""#.to_owned(), 2_000, "at = date_trunc('day', at)"),
        (format!(r#"{week}, "pattern": "business_hours""#), 30, "at = date_trunc('hour', at)"),
        // Forty hours are not enough, seconds are.
        (format!(r#"{week}, "pattern": "business_hours""#), 900, "extract(hour from at) between 9 and 16"),
        (format!(r#"{week}, "pattern": "daily_peak""#), 900, "at >= '2025-01-01'"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let database = load(&write_spec(directory.path(), "schema.json", &text(&config, rows)));
        holds(&database, "m", condition);
    }
}

#[test]
fn every_key_of_the_format_has_its_meaning() {
    let all = loaded("everything");
    holds(&all, "users", "email like '%@example.com' and length(phone) = 14");
    holds(&all, "users", "phone_e164 ~ '^\\+1[0-9]{10}$' and api_key ~ '^pk_[A-Za-z0-9]{32}$'");
    holds(&all, "users", "discount between 0 and 100 and level > 0 and status in ('active', 'banned')");
    holds(&all, "users", "home is null or ((home).city is not null and (home).postal_code is not null)");
    assert_eq!(all.query("select count(*) filter (where middle_name is null) > 60 from users"), "t");
    assert_eq!(all.query("select pg_typeof(home) from users limit 1"), "postal_address");
    assert_eq!(
        all.query(
            "select count(*) from pg_type where typname in ('order_status', 'percentage', 'positive_int')"
        ),
        "3"
    );
    // Numbers from the sequence, which goes on after them.
    assert_eq!(all.query("select min(id), max(id), nextval('ticket_seq') from tickets"), "1000|2495|2500");
    // Codes: shortened to the column, filled up, never cut, unique.
    assert_eq!(all.query("select max(length(code)), max(length(narrow)) from tickets"), "12|4");
    holds(&all, "tickets", "random_code ~ '^TX-[0-9]{6}$' and event_id ~ '^evt_[0-9]{10}_[0-9a-f-]{36}$'");
    holds(&all, "tickets", "mixed ~ '^tickets/[A-Z][a-z]+/[0-9]{2}/[0-9]+-[0-9a-f]{4}-[A-Za-z]{3}$'");
    // Cents, since the column does not hold the numbers.
    holds(&all, "tickets", "fee between 9.99 and 999.99");
    holds(
        &all,
        "tickets",
        "case when priority = 'low' then price between 10 and 99.99 when stars = 5 then price = 500 else price = 0 end",
    );
    holds(&all, "tickets", "views between 0 and 5000 and popularity between 1 and 1000 and stars in (1, 5)");
    holds(&all, "tickets", "closed_at >= opened_at or closed_at is null");
    holds(&all, "tickets", "(shipped_at is not null) = (status in ('shipped', 'delivered'))");
    holds(&all, "tickets", "(delivered_at is not null) = (status = 'delivered') and end_date > start_date");
    holds(&all, "tickets", "parent_id is null or parent_id < id");
    assert_eq!(all.query("select round(avg(hourly)) from tickets"), "12");
    assert_eq!(all.query("select count(distinct (user_id, ticket_id)) from user_tickets"), "400");
    let actions = "select confdeltype, confupdtype from pg_constraint where conname = 'tickets_user'";
    assert_eq!(all.query(actions), "c|a");
}

#[test]
fn moments_keep_to_their_hours() {
    let config = |more: &str| {
        format!(
            r#"{{"type": "timestamp", "generator": "timeseries", "generator_config":
               {{"start": "2024-01-01T00:00:00Z", "end": "2024-12-31T23:59:59Z" {more}}}}}"#
        )
    };
    let columns = format!(
        r#""office": {}, "quarters": {}, "peaks": {}, "own": {}, "zoned": {{"type": "timestamptz", "generator": "timeseries",
           "generator_config": {{"pattern": "business_hours"}}}}"#,
        config(r#", "pattern": "business_hours""#),
        config(r#", "pattern": "business_hours", "interval": "15m""#),
        config(r#", "pattern": "daily_peak""#),
        config(r#", "pattern": "daily_peak", "peak_hours": [3], "interval": "30 minutes""#),
    );
    let (database, _directory) = table(&columns, "");
    let at_work =
        |of: &str| format!("extract(hour from {of}) between 9 and 16 and extract(isodow from {of}) < 6");
    for of in ["office", "quarters", "zoned at time zone 'UTC'"] {
        holds(&database, "t", &at_work(of));
    }
    for of in ["office", "quarters", "peaks", "own"] {
        holds(&database, "t", &format!("{of} between '2024-01-01' and '2024-12-31 23:59:59'"));
    }
    holds(
        &database,
        "t",
        "extract(epoch from quarters)::bigint % 900 = 0 and extract(epoch from own)::bigint % 1800 = 0",
    );
    let weeks = "select count(distinct date_trunc('week', office)), min(office) < '2024-01-20', max(office) > '2024-12-10' from t";
    assert_eq!(
        database.query(weeks).split_once('|').map(|(_, edges)| edges.to_owned()).as_deref(),
        Some("t|t")
    );
    let share = database
        .query("select round(100.0 * count(*) filter (where extract(hour from own) = 3) / 500) from t");
    assert!((50..75).contains(&share.parse::<i32>().expect("a share")), "{share}%");
}

#[test]
fn lists_and_mappings_say_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let rows = |text: &str| {
        let path = write_spec(directory.path(), "schema.json", text);
        stdout(&["generate", "-i", &path, "--quiet", "--format", "csv", "--table", "t"])
    };
    let columns = r#""id": {"type": "serial"}, "email": {"type": "text", "unique": true}"#;
    let map = format!(
        r#"{{"version": "1.0", "tables": {{"t": {{"columns": {{{columns}}}, "primary_key": "id", "row_count": 9}}}}}}"#
    );
    let list = r#"{"version": "1.0", "tables": [{"name": "t", "primary_key": ["id"], "row_count": "9", "columns": [
        {"name": "id", "type": "serial"}, {"name": "email", "type": "text"}],
        "unique_constraints": [["email"]]}]}"#;
    assert_eq!(rows(&map), rows(list));
}

#[test]
fn what_was_read_otherwise_is_said() {
    for (columns, words) in [
        (
            r#""a": {"type": "numeric(5,2)", "generator": "integer_range", "generator_config": {"min": 0, "max": 99999}}"#,
            "smallest units: 0.00 to 999.99",
        ),
        (
            r#""a": {"type": "varchar(8)", "unique": true, "generator": "template", "generator_config": {"template": "ORDER-{{seq:6}}"}}"#,
            "shortened to `ORDE-{sequence:3}`",
        ),
        (
            r#""a": {"type": "varchar(6)", "unique": true, "generator": "pattern", "generator_config": {"pattern": "[A-Z]{2,9}[0-9]{4}"}}"#,
            "narrowed to `[A-Z]{2}[0-9]{4}`",
        ),
        (
            r#""a": {"type": "text", "unique": true, "pattern": {"regex": "(cat|cow)[0-9]{4}"}}"#,
            "can make one text in more than one way",
        ),
        (
            r#""a": {"type": "timestamp", "generator": "timeseries", "generator_config": {"pattern": "business_hours", "interval": "1d"}}"#,
            "these moments are whole hours",
        ),
        (
            r#""a": {"type": "text", "generator": "email", "generator_config": {"colour": 1}}"#,
            "unknown key `colour`",
        ),
        (
            r#""a": {"type": "text", "generator": "email", "distribution": {"type": "weighted", "weights": {"x": 1}}}"#,
            "this has no effect",
        ),
        (
            r#""a": {"type": "text", "rules": [{"if": {"b": 1}, "then": {"value": "x"}, "else": {"value": "y"}}, {"if": {"b": 2}, "then": {"value": "z"}}]}, "b": {"type": "int"}"#,
            "can never apply",
        ),
    ] {
        let (output, told) = validated(columns, "");
        assert!(output.status.success(), "{told}");
        assert!(told.contains("warning:") && told.contains(words), "expected `{words}` in\n{told}");
        assert!(told.contains("schema.json:1:"), "it has a place\n{told}");
    }
}

#[test]
fn indexes_are_declared_as_the_types_allow() {
    for (method, declared) in [("gin", "`btree`"), ("gist", "`btree`"), ("spgist", "left out")] {
        let of = if method == "spgist" { "json" } else { "varchar(50)" };
        let columns = format!(r#""a": {{"type": "{of}"}}"#);
        let rest = format!(r#", "indexes": [{{"columns": ["a"], "type": "{method}"}}]"#);
        let (output, told) = validated(&columns, &rest);
        assert!(output.status.success() && told.contains("warning:"), "{told}");
        assert!(told.contains(&format!("`{method}` does not index")) && told.contains(declared), "{told}");
        table(&columns, &rest);
    }
}

#[test]
fn nonsense_is_refused_with_what_to_write() {
    let config = |generator: &str, config: &str| {
        format!(r#""a": {{"type": "text", "generator": "{generator}", "generator_config": {{{config}}}}}"#)
    };
    for (columns, words) in [
        (config("emial", ""), "did you mean `email`?"),
        (config("weighted_enum", ""), "`values` to choose from are missing"),
        (config("weighted_enum", r#""values": ["a", "b"], "weights": [1]"#), "2 values have 1 weights"),
        (
            config("weighted_enum", r#""values": ["a", "b"], "weights": [1, -1]"#),
            "a weight is a number from 0 up",
        ),
        (
            config("weighted_enum", r#""values": ["a", "b"], "weights": [0, 0]"#),
            "no value has a positive weight",
        ),
        (config("template", r#""template": "A-{{yeer}}""#), "unknown placeholder `yeer`"),
        (config("template", r#""template": "A-{{seq:0}}""#), "a number of characters from 1 to 64"),
        (config("template", r#""template": "A-{{seq:2""#), "a `{` without `}`"),
        (config("pattern", ""), "`pattern` needs `pattern`"),
        (config("timeseries", r#""pattern": "hourly""#), "unknown pattern `hourly`"),
        (config("timeseries", r#""interval": "soon""#), "`soon` is not an interval"),
        (config("phone", r#""format": "mars""#), "unknown format `mars`"),
        (config("email", r#""domain": "not a domain""#), "is not a domain"),
        (r#""a": {"type": "text", "generator_config": {}}"#.into(), "`generator_config` needs `generator`"),
        (r#""a": {"type": "int", "distribution": {"type": "gauss"}}"#.into(), "unknown distribution `gauss`"),
        (
            r#""a": {"type": "text", "rules": [{"if": {}, "then": {"value": 1}}]}"#.into(),
            "`if` names no column",
        ),
        (
            r#""a": {"type": "text", "rules": [{"then": {"value": 1}}]}"#.into(),
            "a rule needs `if` and `then`",
        ),
        (r#""a": {"type": "text", "nullable": true, "not_null": true}"#.into(), "contradict each other"),
        (r#""a": {"type": "text", "nullabel": true}"#.into(), "unknown key `nullabel`"),
        (r#""a": {"type": "hstore"}"#.into(), "unknown type `hstore`"),
    ] {
        let (output, told) = validated(&columns, "");
        assert_eq!(output.status.code(), Some(2), "{columns}: {told}");
        assert!(told.contains(words), "{columns}: expected `{words}` in\n{told}");
    }
    let (_, told) =
        validated(r#""a": {"type": "int"}"#, r#", "check_constraints": [{"expression": "b > 0"}]"#);
    assert!(told.contains("unknown column `b`"), "{told}");
    let (_, told) = validated(r#""a": {"type": "int"}"#, r#", "rows": 5"#);
    assert!(told.contains("`rows` says what `row_count` says"), "{told}");
}

#[test]
fn columns_keep_to_what_their_checks_say() {
    let (database, _directory) = table(
        r#""a": {"type": "numeric(6,2)"}, "age": {"type": "int"}, "kind": {"type": "varchar(20)"},
           "rating": {"type": "int"}, "plate": {"type": "varchar(12)"}"#,
        r#", "check_constraints": ["a between 10 and 20", "age > 30 and age <= 40", "kind in ('x', 'y')",
            {"expression": "rating >= 1 AND rating <= 3"}, "plate ~ '^[A-Z]{2}-[0-9]{3}$'"]"#,
    );
    holds(&database, "t", "age between 31 and 40");
    assert_eq!(database.query("select string_agg(distinct kind, '' order by kind) from t"), "xy");
}

#[test]
fn unique_names_are_enough_for_the_rows() {
    let (database, _directory) = table(
        r#""id": {"type": "varchar(36)", "primary_key": true}, "slug": {"type": "varchar(100)", "unique": true},
           "username": {"type": "varchar(50)", "unique": true}, "email": {"type": "varchar(255)", "unique": true},
           "code": {"type": "char(3)", "unique": true}, "department": {"type": "varchar(40)", "unique": true},
           "status": {"type": "varchar(20)", "unique": true}, "title": {"type": "text", "unique": true},
           "phone": {"type": "varchar(20)", "unique": true}, "sku": {"type": "varchar(20)", "unique": true},
           "country": {"type": "varchar(60)", "unique": true}"#,
        "",
    );
    assert_eq!(database.query("select count(*) from t"), "500");
}

#[test]
fn keys_of_several_columns_are_unique_whatever_they_hold() {
    let (database, _directory) = table(
        r#""id": {"type": "serial", "primary_key": true}, "tenant": {"type": "int", "generator": "integer_range",
           "generator_config": {"min": 1, "max": 5}}, "email": {"type": "varchar(80)"}, "domain": {"type": "varchar(80)"},
           "kind": {"type": "varchar(9)", "generator": "weighted_enum", "generator_config": {"values": {"a": 9, "b": 1}}},
           "at": {"type": "timestamp"}"#,
        r#", "unique_constraints": [{"columns": ["tenant", "email"], "name": "x"}, {"columns": ["email", "domain"]},
            {"columns": ["kind", "at"]}]"#,
    );
    assert_eq!(database.query("select count(*) from t"), "500");
    let directory = tempfile::tempdir().expect("a directory");
    let text = r#"{"version": "1.0", "tables": {
        "a": {"columns": {"id": {"type": "serial", "primary_key": true}}, "row_count": 20},
        "b": {"columns": {"id": {"type": "serial", "primary_key": true}}, "row_count": 30},
        "ab": {"columns": {"a_id": {"type": "integer"}, "b_id": {"type": "integer"}, "term": {"type": "varchar(9)",
            "generator": "weighted_enum", "generator_config": {"values": {"spring": 1, "autumn": 2}}}},
            "primary_key": ["a_id", "b_id", "term"], "row_count": 400,
            "foreign_keys": [{"columns": ["a_id"], "referenced_table": "a", "referenced_columns": ["id"]},
                             {"columns": ["b_id"], "referenced_table": "b", "referenced_columns": ["id"]}]}}}"#;
    let database = load(&write_spec(directory.path(), "schema.json", text));
    assert_eq!(database.query("select count(distinct (a_id, b_id)) from ab"), "400");
}

#[test]
fn dates_named_alike_are_in_order() {
    let moments = ["timestamp", "timestamptz", "date"];
    for of in moments {
        let pairs = [
            ("start_date", "end_date"),
            ("issued_at", "due_at"),
            ("shipped_at", "delivered_at"),
            ("created_at", "updated_at"),
            ("valid_from", "valid_to"),
            ("check_in", "check_out"),
            ("departure_time", "arrival_time"),
            ("hire_date", "termination_date"),
            ("opened_at", "closed_at"),
            ("order_date", "ship_date"),
            ("ship_date", "delivery_date"),
            ("trial_start", "trial_end"),
            ("created_at", "published_at"),
            ("borrowed_at", "returned_at"),
            ("date_opened", "date_closed"),
            ("admission_date", "discharge_date"),
            ("period_start", "period_end"),
            ("created_at", "last_login_at"),
            ("requested_at", "approved_at"),
            ("sent_at", "read_at"),
        ];
        for nullable in [true, false] {
            let column = |name| format!(r#""{name}": {{"type": "{of}", "nullable": {nullable}}}"#);
            let tables = pairs.iter().enumerate().map(|(at, (earlier, later))| {
                let columns = format!("{}, {}", column(later), column(earlier));
                format!(r#""t{at}": {{"columns": {{{columns}}}, "row_count": 200}}"#)
            });
            let tables: Vec<String> = tables.collect();
            let text = format!(r#"{{"version": "1.0", "tables": {{{}}}}}"#, tables.join(", "));
            let directory = tempfile::tempdir().expect("a directory");
            let database = load(&write_spec(directory.path(), "schema.json", &text));
            for (at, (earlier, later)) in pairs.iter().enumerate() {
                let table = format!("t{at}");
                holds(&database, &table, &format!("coalesce({later} >= {earlier}, true)"));
                // A journey ends on the day on which it begins.
                if of == "date" && *earlier == "departure_time" {
                    continue;
                }
                let apart = format!("select count(*) from {table} where {later} > {earlier}");
                assert_ne!(database.query(&apart), "0", "{of}: {later} after {earlier}");
            }
        }
    }
}

#[test]
fn rows_may_be_given_on_the_command_line() {
    let path = "tests/datagen_cli/blog.json";
    let rows = stdout(&[
        "generate", "-i", path, "--quiet", "--format", "csv", "--table", "tags", "--rows", "tags=7",
    ]);
    assert_eq!(String::from_utf8(rows).expect("UTF-8").lines().count(), 8);
}
