//! The command as people and scripts meet it: what it prints where, how it ends, what it leaves behind.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A table of a thousand rows, and one that refers to it.
const SHOP: &str = "\
version: 1
seed: 7
tables:
  customers:
    rows: 1000 * scale
    columns:
      id: bigint primary key
      name: {type: text, template: 'customer {row}'}
  orders:
    rows: 3000 * scale
    columns:
      id: bigint primary key
      customer_id: bigint references customers
";

/// Fails at row 500.
const DIVISION: &str = "\
version: 1
tables:
  t:
    rows: 1000
    columns:
      id: bigint primary key
      share: {type: int, expr: 1 / (row - 500)}
";

/// A directory with specs, in which commands run free of the caller's configuration.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("shop.yaml"), SHOP).expect("a spec");
        fs::write(directory.path().join("division.yaml"), DIVISION).expect("a spec");
        Self(directory)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datagen"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DATAGEN_")) {
            command.env_remove(name);
        }
        command.current_dir(self.path()).args(line.split_whitespace()).stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Ended {
        Ended::of(self.command(line).output().expect("the command starts"))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect(name)
    }

    /// What lies in a directory, hidden files too.
    fn names(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path().join(directory)).expect(directory);
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// How a command ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    out: String,
    told: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), told: text(output.stderr) }
    }

    /// It ended with that code, said these words on standard error and nothing on standard output.
    #[track_caller]
    fn refuses(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.told.contains("panicked"), "{}", self.told);
        for words in words {
            assert!(self.told.contains(words), "no {words:?} in:\n{}", self.told);
        }
        assert_eq!(self.out, "");
    }

    /// It did what it was asked.
    #[track_caller]
    fn fine(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.told);
        self
    }
}

#[test]
fn what_is_typed_wrong_is_a_usage_error() {
    let place = Place::new();
    let refused = |line: &str, words: &[&str]| place.run(line).refuses(1, words);
    refused("", &["Usage: datagen"]);
    refused("generat shop.yaml", &["unrecognized subcommand 'generat'", "'generate'"]);
    refused("generate --sed 1", &["unexpected argument '--sed'", "'--seed'"]);
    refused("generate", &["no spec is named", "--spec ecommerce"]);
    refused("generate missing.yaml", &["cannot read missing.yaml: No such file or directory"]);
    refused("generate ecommerce", &["cannot read ecommerce", "`--spec ecommerce`"]);
    refused("generate --spec ecomerce", &["unknown name `ecomerce`", "did you mean `ecommerce`?"]);
    refused("generate shop.yaml -f cvs", &["unknown name `cvs`", "did you mean `csv`?"]);
    refused("generate shop.yaml --table order", &["there is no table `order`", "did you mean `orders`?"]);
    refused("generate shop.yaml --rows orders=many", &["`many` is no whole number"]);
    refused("generate shop.yaml --rows order=5", &["order", "did you mean `orders`?"]);
    refused("generate shop.yaml --param vat", &["expected NAME=VALUE"]);
    refused("generate shop.yaml --param vat=1", &["vat"]);
    refused("generate shop.yaml --part 3", &["--parts"]);
    refused("generate shop.yaml --part 3 --parts 2", &["no part 3 of 2"]);
    refused("generate shop.yaml --jobs 0", &["at least 1"]);
    refused("generate shop.yaml -f csv", &["one file per table", "-o DIR", "--table NAME"]);
    refused("generate shop.yaml -f csv --schema-only --table orders", &["no schema part"]);
    refused("generate shop.yaml -f csv --compress snappy -o x/", &["csv", "none, gzip, zstd"]);
    refused("generate shop.yaml --schema-only --data-only", &["cannot be used with"]);
    refused("generate shop.yaml --row-group-bytes many -f parquet -o x/", &["at least 1, such as 64M"]);
    refused("generate shop.yaml --row-group-bytes 0 -f parquet -o x/", &["at least 1, such as 64M"]);
    refused("generate shop.yaml --row-group-bytes 1k --row-group-rows 9", &["cannot be used with"]);
    refused(
        "generate shop.yaml --row-group-bytes 64M -f csv -o x/",
        &["csv files have no row groups", "parquet"],
    );
    refused(
        "generate shop.yaml --parquet-encoding plain -f csv -o x/",
        &["csv files have no encodings", "parquet"],
    );
    refused("generate shop.yaml --parquet-encoding plan -f parquet -o x/", &["did you mean `plain`?"]);
    refused("generate shop.yaml --spec ecommerce", &["cannot be used with"]);
    refused("generate shop.yaml -q -v", &["cannot be used with"]);
    refused("list provider", &["did you mean `providers`?"]);
}

#[test]
fn help_and_version_are_no_errors() {
    let place = Place::new();
    let help = place.run("generate --help").fine();
    for words in ["Examples:", "Output:", "Speed:", "--rows-per-insert", "insert, copy,"] {
        assert!(help.out.contains(words), "no {words:?} in:\n{}", help.out);
    }
    assert_eq!(place.run("--version").fine().out, format!("datagen {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn data_goes_to_standard_output_and_all_else_to_standard_error() {
    let place = Place::new();
    let ended = place.run("generate shop.yaml --format csv --table orders").fine();
    assert_eq!(ended.out.lines().next(), Some("id,customer_id"));
    assert_eq!(ended.out.lines().count(), 3_001);
    assert!(ended.told.starts_with("3,000 rows, "), "{}", ended.told);
    assert!(ended.told.contains("rows/s"), "{}", ended.told);

    let quiet = place.run("generate shop.yaml --format csv --table orders --quiet").fine();
    assert_eq!((quiet.out, quiet.told.as_str()), (ended.out, ""));

    let verbose = place.run("generate shop.yaml -v -o shop.sql").fine();
    assert!(verbose.told.contains("customers  1,000 rows"), "{}", verbose.told);
    assert_eq!(verbose.out, "");
}

#[test]
fn a_dry_run_says_what_would_be_made() {
    let place = Place::new();
    let ended = place.run("generate shop.yaml --scale 0.5 --rows orders=10k --dry-run -o x.sql").fine();
    let expected = "\
customers  500 rows, 2 columns
orders     10,000 rows, 2 columns
2 tables, 10,500 rows, seed 7
";
    assert_eq!(ended.out, expected);
    assert_eq!(place.names("."), ["division.yaml", "shop.yaml"]);
}

#[test]
fn a_directory_gets_a_file_per_table() {
    let place = Place::new();
    place.run("generate shop.yaml --format csv -o new/data").fine();
    assert_eq!(place.names("new/data"), ["customers.csv", "orders.csv"]);
    place.run("generate shop.yaml --format jsonl --compress gzip -o zipped/ --table orders").fine();
    assert_eq!(place.names("zipped"), ["orders.jsonl.gz"]);
}

#[test]
fn a_directory_of_scripts_loads_in_the_order_of_names_and_joins_to_the_whole() {
    let place = Place::new();
    place.run("generate shop.yaml --format copy -o script/").fine();
    let names = place.names("script");
    assert_eq!(names, ["0-schema.sql", "1-customers.sql", "2-orders.sql", "3-constraints.sql"]);
    place.run("generate shop.yaml --format copy -o whole.sql").fine();
    let joined: String = names.iter().map(|name| place.read(&format!("script/{name}"))).collect();
    assert!(joined == place.read("whole.sql"));
}

#[test]
fn a_file_name_for_several_tables_is_refused() {
    let place = Place::new();
    let ended = place.run("generate shop.yaml -o data.csv");
    assert_eq!(ended.code, Some(1), "{}", ended.told);
    assert!(ended.told.contains("data.csv is one file, and there are 2 tables"), "{}", ended.told);
}

#[test]
fn the_name_of_a_file_decides_its_format() {
    let place = Place::new();
    place.run("generate shop.yaml --table orders -o orders.csv").fine();
    assert!(place.read("orders.csv").starts_with("id,customer_id\n"));
    place.run("generate shop.yaml --table orders -o orders.CSV.gz").fine();
    assert_eq!(fs::read(place.path().join("orders.CSV.gz")).unwrap()[..2], [0x1f, 0x8b]);
    place.run("generate shop.yaml -o shop.sql -f copy").fine();
    assert!(place.read("shop.sql").contains("COPY "));
}

#[test]
fn parts_in_a_directory_sort_and_join_to_the_whole() {
    let place = Place::new();
    let options = "generate shop.yaml --scale 40 --format csv";
    place.run(&format!("{options} -o whole/")).fine();
    for part in 1..=10 {
        place.run(&format!("{options} -o parts/ --part {part} --parts 10")).fine();
    }
    let orders: Vec<String> =
        place.names("parts").into_iter().filter(|name| name.starts_with("orders.")).collect();
    assert_eq!((orders[0].as_str(), orders.len()), ("orders.01-of-10.csv", 10));
    let joined: String = orders.iter().map(|name| place.read(&format!("parts/{name}"))).collect();
    assert!(joined == place.read("whole/orders.csv"));
}

#[test]
fn standard_input_is_a_spec_too() {
    let place = Place::new();
    for line in ["generate - --table orders -f csv -q", "generate -i - --table orders -f csv -q"] {
        let mut child =
            place.command(line).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
        child.stdin.take().unwrap().write_all(SHOP.as_bytes()).expect("takes its spec");
        let ended = Ended::of(child.wait_with_output().expect("ends")).fine();
        assert_eq!(ended.out.lines().count(), 3_001);
    }
}

#[test]
fn a_wrong_spec_ends_with_2_and_all_its_problems() {
    let place = Place::new();
    fs::write(place.path().join("bad.yaml"), SHOP.replace("rows:", "row:").replace("seed", "sed")).unwrap();
    let words = ["bad.yaml:2:1", "did you mean `seed`?", "bad.yaml:5:5", "bad.yaml:10:5", "in bad.yaml"];
    place.run("generate bad.yaml").refuses(2, &words);
    place.run("preview bad.yaml").refuses(2, &words);
    place.run("validate bad.yaml").refuses(2, &words);
}

#[test]
fn validate_says_ok_or_gives_a_program_the_places() {
    let place = Place::new();
    assert_eq!(place.run("validate shop.yaml").fine().out, "shop.yaml: ok, 2 tables, 4,000 rows\n");

    fs::write(place.path().join("bad.yaml"), SHOP.replace("seed", "sed")).unwrap();
    let ended = place.run("validate --json bad.yaml");
    assert_eq!((ended.code, ended.told.as_str()), (Some(2), ""));
    let report: serde_json::Value = serde_json::from_str(&ended.out).expect("JSON");
    assert_eq!(report["valid"], false);
    let problem = &report["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["column"]),
        (&"bad.yaml".into(), &2.into(), &1.into())
    );
    assert_eq!(problem["help"][0], "did you mean `seed`?");
    let report = place.run("validate --json shop.yaml").fine().out;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&report).expect("JSON")["valid"], true);
}

#[test]
fn a_value_that_cannot_be_computed_ends_with_3_and_leaves_no_file() {
    let place = Place::new();
    place.run("generate division.yaml -o out.sql").refuses(3, &["division by zero", "t.share", "row 500"]);
    assert_eq!(place.names("."), ["division.yaml", "shop.yaml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_fails_ends_with_4_and_its_name() {
    let place = Place::new();
    place.run("generate shop.yaml -o no/such/file.sql").refuses(4, &["cannot create no/such/file.sql"]);
    place
        .run("generate shop.yaml -o /dev/full")
        .refuses(4, &["cannot write /dev/full: No space left on device"]);
    place.run("generate shop.yaml -f csv -o shop.yaml/x/").refuses(4, &["cannot create directory"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = place.command("generate shop.yaml").stdout(full).output().expect("starts");
    Ended::of(output).refuses(4, &["cannot write standard output: No space left on device"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    let mut child = place
        .command("generate shop.yaml --scale 10000 -f csv --table orders")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut line = String::new();
    // The pipe closes at the end of this statement.
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).expect("a line");
    assert_eq!(line, "id,customer_id\n");
    let ended = Ended::of(child.wait_with_output().expect("ends"));
    assert_eq!((ended.code, ended.told.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_with_130_and_leaves_no_file() {
    let place = Place::new();
    let mut child = place
        .command("generate shop.yaml --scale 1000000 -f csv -o data/")
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let data = place.path().join("data");
    let deadline = Instant::now() + Duration::from_secs(60);
    while fs::read_dir(&data).map_or(0, |entries| entries.count()) == 0 {
        assert!(Instant::now() < deadline, "the run never began");
        std::thread::sleep(Duration::from_millis(10));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).expect("text");
    assert_eq!(child.wait().expect("ends").code(), Some(130));
    assert!(told.contains("interrupted"), "{told}");
    assert!(place.names("data").is_empty());
}

#[test]
fn flags_stand_over_the_environment_and_that_over_the_file() {
    let place = Place::new();
    let file = "default_spec: shop.yaml\ndefault_format: jsonl\nlog_level: error\n";
    fs::write(place.path().join(".datagen.yaml"), file).unwrap();
    let first = |command: &mut Command| {
        let ended = Ended::of(command.output().expect("starts")).fine();
        assert_eq!(ended.told, "");
        ended.out.lines().next().map(str::to_owned).unwrap_or_default()
    };
    let mut of_file = place.command("generate --table customers");
    assert!(first(&mut of_file).starts_with("{\"id\""));
    let mut of_environment = place.command("generate --table customers");
    assert_eq!(first(of_environment.env("DATAGEN_DEFAULT_FORMAT", "csv")), "id,name");
    let mut of_flag = place.command("generate --table customers --format jsonl");
    assert!(first(of_flag.env("DATAGEN_DEFAULT_FORMAT", "csv")).starts_with("{\"id\""));
}

#[test]
fn a_wrong_configuration_is_a_usage_error_with_a_place() {
    let place = Place::new();
    fs::write(place.path().join(".datagen.yaml"), "worker: 2\n").unwrap();
    let words = ["unknown key `worker`", ".datagen.yaml:1:1", "did you mean `workers`?"];
    place.run("validate shop.yaml").refuses(1, &words);
    place.run("validate shop.yaml --config other.yaml").refuses(1, &["cannot read other.yaml"]);
}

#[test]
fn a_preview_shows_the_first_rows_of_each_table() {
    let place = Place::new();
    let shown = place.run("preview shop.yaml -n 3").fine().out;
    for words in ["customers (the first 3 of 1,000 rows)", "orders (the first 3 of 3,000 rows)", "customer 3"]
    {
        assert!(shown.contains(words), "no {words:?} in:\n{shown}");
    }
    assert!(!shown.contains("customer 4"), "{shown}");
    let one = place.run("preview shop.yaml --table customers").fine().out;
    assert!(one.contains("customer 5") && !one.contains("orders"), "{one}");
}

#[test]
fn lists_name_what_specs_and_options_can_say() {
    let place = Place::new();
    for (list, name) in [
        ("providers", "first_name"),
        ("distributions", "zipf"),
        ("types", "timestamptz"),
        ("functions", "coalesce"),
        ("functions", "sum"),
        ("locales", "en"),
        ("specs", "ecommerce"),
        ("formats", "parquet"),
        ("settings", "DATAGEN_WORKERS"),
    ] {
        let listed = place.run(&format!("list {list}")).fine().out;
        assert!(listed.contains(name), "no {name} in:\n{listed}");
        assert!(place.run("list").fine().out.contains(list));
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|problem| panic!("{problem} in:\n{text}"))
}

#[test]
fn built_in_specs_are_listed_and_shown_with_their_rows() {
    let place = Place::new();
    let list = place.run("spec list").fine().out;
    let words: Vec<&str> = list.lines().next().unwrap_or_default().split_whitespace().collect();
    assert_eq!(words[..5].join(" "), "ecommerce 12 tables 1,001,495 rows", "{list}");

    let specs = json(&place.run("spec list --json").fine().out);
    let names: Vec<&str> =
        specs.as_array().unwrap().iter().filter_map(|spec| spec["name"].as_str()).collect();
    assert!(names.contains(&"ecommerce") && names.contains(&"tpch"), "{names:?}");
    for spec in specs.as_array().unwrap() {
        let name = spec["name"].as_str().unwrap();
        let shown = json(&place.run(&format!("spec show {name} --json")).fine().out);
        let plan = place.run(&format!("generate --spec {name} --dry-run")).fine().out;
        let tables = shown["tables"].as_array().unwrap();
        let rows: u64 = tables.iter().map(|table| table["rows"].as_u64().unwrap()).sum();
        assert_eq!((shown["rows"].as_u64(), spec["rows"].as_u64()), (Some(rows), Some(rows)), "{name}");
        assert_eq!(plan.lines().count(), tables.len() + 1, "{name}: {plan}");
        assert_eq!(shown["aliases"], spec["aliases"]);
    }
}

#[test]
fn a_built_in_spec_is_shown_for_people_under_any_of_its_names() {
    let place = Place::new();
    let shown = place.run("spec show ecommerce").fine().out;
    for words in
        ["ecommerce: a shop:", "also called ecom", "tax_rate", "0.08", "customers", "53,000", "11 columns"]
    {
        assert!(shown.contains(words), "no {words:?} in:\n{shown}");
    }
    for name in ["ecom", "E-Commerce", "shop"] {
        assert_eq!(place.run(&format!("spec show {name}")).fine().out, shown);
    }
    let rows = |line: &str| place.run(line).fine().out.lines().last().map(str::to_owned);
    assert_eq!(rows("generate --spec TPC-H --dry-run"), rows("generate --spec tpch --dry-run"));
}

#[test]
fn an_exported_spec_makes_the_same_data_as_the_built_in_one() {
    let place = Place::new();
    let text = place.run("spec export ecommerce").fine().out;
    place.run("spec export ecom -o mine.yaml").fine();
    assert!(place.read("mine.yaml") == text);
    let of = |spec: &str| place.run(&format!("generate {spec} --table brands -f csv")).fine().out;
    assert_eq!(of("mine.yaml"), of("--spec ecommerce"));

    fs::write(place.path().join("mine.yaml"), "mine").unwrap();
    place.run("spec export tpch -o mine.yaml").refuses(1, &["mine.yaml is there already", "--force"]);
    assert_eq!(place.read("mine.yaml"), "mine");
    place.run("spec export tpch -o mine.yaml --force").fine();
    assert!(place.read("mine.yaml").contains("lineitem"));
}

#[test]
fn a_built_in_spec_that_is_not_there_is_met_with_a_guess() {
    let place = Place::new();
    place.run("spec show ecomerce").refuses(1, &["unknown name `ecomerce`", "did you mean `ecommerce`?"]);
    place.run("spec export tcph").refuses(1, &["did you mean `tpch`?"]);
    place.run("spec show zoo").refuses(1, &["known are ecommerce, "]);
    place.run("spec").refuses(1, &["list", "show", "export"]);
}

#[test]
fn the_schema_is_json_and_completions_are_scripts() {
    let place = Place::new();
    let schema: serde_json::Value = serde_json::from_str(&place.run("schema").fine().out).expect("JSON");
    assert!(schema["properties"]["tables"].is_object(), "{schema:#}");
    assert!(place.run("completions bash").fine().out.contains("--rows-per-insert"));
}

#[test]
fn an_expression_as_deep_as_its_text_is_long_is_refused_not_a_crash() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let spec = |terms: usize| {
        let sum = vec!["id"; terms].join(" + ");
        let path = directory.path().join(format!("{terms}.yaml"));
        let text = format!(
            "tables: {{t: {{rows: 3, columns: {{id: int primary key, a: {{type: bigint, expr: {sum}}}}}}}}}"
        );
        std::fs::write(&path, text).expect("can be written");
        path
    };
    let run = |terms| {
        Command::new(env!("CARGO_BIN_EXE_datagen"))
            .args(["generate", "-f", "csv"])
            .arg(spec(terms))
            .output()
            .expect("starts")
    };
    let deep = run(5_000);
    assert_eq!(deep.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&deep.stderr).contains("nested too deeply"));
    let allowed = run(400);
    assert_eq!(String::from_utf8_lossy(&allowed.stdout), "id,a\n1,400\n2,800\n3,1200\n");
}
