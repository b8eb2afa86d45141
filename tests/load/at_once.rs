//! Two loads at once, and what a load finds when it comes back from being away.

use super::support::cluster::Cluster;
use super::support::datagen;
use super::{contents, load, refused, shop};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn begin(arguments: &[&str]) -> Child {
    let mut command = datagen(&[&["load"], arguments].concat());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the built command starts")
}

/// Waits until a query answers `t`.
fn until(cluster: &Cluster, sql: &str) {
    let started = Instant::now();
    while cluster.query("postgres", sql) != "t" {
        assert!(started.elapsed() < Duration::from_secs(60), "never came true: {sql}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill starts");
    assert!(status.success(), "{name}");
}

fn ended(child: Child) -> (Output, String) {
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, told)
}

/// A load into the database `postgres` that is in the middle of its rows, and stands still.
fn standing_still(cluster: &Cluster, shop: &str) -> Child {
    let mut child =
        begin(&[shop, "--to", &cluster.url("postgres"), "--chunk-rows", "5", "--connections", "2"]);
    until(cluster, "select to_regclass('datagen_load_chunk') is not null");
    until(cluster, "select count(*) > 9 from datagen_load_chunk");
    signal(&child, "-STOP");
    assert!(child.try_wait().expect("a child can be asked").is_none(), "440 transactions take a while");
    child
}

fn whole(cluster: &Cluster, name: &str, arguments: &[&str]) -> Vec<String> {
    cluster.query("postgres", &format!("create database {name}"));
    load(&[arguments, &["--to", &cluster.url(name)]].concat());
    contents(|sql| cluster.query(name, sql))
}

/// The tables of a schema, each with its constraints and a hash of its rows.
fn tables(cluster: &Cluster, schema: &str) -> Vec<String> {
    let in_schema = format!("'{schema}'::regnamespace");
    let names = format!(
        "select relname from pg_class where relnamespace = {in_schema} and relkind = 'r' \
         and relname not like 'datagen\\_load%' order by 1"
    );
    let hash = "count(*) || ' ' || md5(string_agg(t::text, chr(10) order by t::text))";
    let described = |table: &str| {
        let rows = cluster.query("postgres", &format!("select {hash} from {schema}.{table} t"));
        let constraints = format!(
            "select conname, contype from pg_constraint where conrelid = '{schema}.{table}'::regclass order by 1"
        );
        format!("{table} {rows} {}", cluster.query("postgres", &constraints))
    };
    cluster.query("postgres", &names).lines().map(described).collect()
}

#[test]
fn two_schemas_are_loaded_side_by_side() {
    let (_directory, shop) = shop();
    // The second has types of its own, which are made in each schema.
    for spec in [shop.as_str(), "examples/02-types.yaml"] {
        let cluster = Cluster::started();
        let url = cluster.url("postgres");
        let to = |schema| [spec, "--to", &url, "--schema", schema, "--chunk-rows", "50"];
        for child in ["one", "two"].map(|schema| begin(&to(schema))) {
            let (output, told) = ended(child);
            assert!(output.status.success(), "{told}");
        }
        load(&to("alone"));
        let expected = tables(&cluster, "alone");
        assert!(!expected.is_empty());
        assert_eq!(tables(&cluster, "one"), expected, "{spec}");
        assert_eq!(tables(&cluster, "two"), expected, "{spec}");
    }
}

#[test]
fn a_second_load_into_a_schema_is_refused_while_the_first_goes_on() {
    let (_directory, shop) = shop();
    let cluster = Cluster::started();
    let expected = whole(&cluster, "whole", &[&shop]);
    let first = standing_still(&cluster, &shop);
    let url = cluster.url("postgres");
    for how in [&[][..], &["--resume"], &["--truncate"], &["--append"], &["--clean", "--atomic"]] {
        let told = refused(4, &[&[shop.as_str(), "--to", &url], how].concat());
        assert!(told.contains("error: another load into schema `public` is going on"), "{how:?}: {told}");
        assert!(told.contains("pg_terminate_backend ends its server processes: "), "{how:?}: {told}");
    }
    signal(&first, "-CONT");
    let (output, told) = ended(first);
    assert!(output.status.success(), "{told}");
    assert_eq!(contents(|sql| cluster.query("postgres", sql)), expected);
}

#[test]
fn a_load_that_comes_back_does_not_meddle_with_the_one_in_its_place() {
    let (_directory, shop) = shop();
    for how in [&["--resume"][..], &["--truncate", "--scale", "2"]] {
        let cluster = Cluster::started();
        let scale = if how.contains(&"--scale") { "2" } else { "1" };
        let expected = whole(&cluster, "whole", &[&shop, "--scale", scale]);
        let first = standing_still(&cluster, &shop);
        let cut = "select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where application_name = 'datagen'";
        until(&cluster, cut);
        load(&[&[shop.as_str(), "--to", &cluster.url("postgres")], how].concat());
        signal(&first, "-CONT");
        let (output, told) = ended(first);
        assert_eq!(output.status.code(), Some(4), "{how:?}: {told}");
        let words = "while this load had no connection, another took its place in schema `public`";
        assert!(told.contains(words), "{how:?}: {told}");
        assert_eq!(contents(|sql| cluster.query("postgres", sql)), expected, "{how:?}");
    }
}

#[test]
fn a_connection_that_is_lost_while_the_tables_are_prepared_is_replaced() {
    let (_directory, shop) = shop();
    let mut cluster = Cluster::new();
    cluster.configure("postgresql.conf", "max_prepared_transactions = 1");
    cluster.start();
    let expected = whole(&cluster, "whole", &[&shop]);
    let url = cluster.url("postgres");
    load(&[&shop, "--to", &url]);
    cluster.query("postgres", "truncate customers, orders, products");
    // A prepared transaction holds a lock that the preparation waits for.
    cluster.query("postgres", "begin; lock table orders in access share mode; prepare transaction 'held'");
    // Only the load waits for standbys, when there are to be some.
    cluster.query("postgres", "alter database postgres set synchronous_commit = local");
    let child = begin(&[&shop, "--to", &format!("{url}?options=-csynchronous_commit%3Don"), "--data-only"]);
    let cut = |waits: &str| {
        let sql = "select coalesce(bool_or(pg_terminate_backend(pid)), false) from pg_stat_activity \
                   where application_name = 'datagen' and wait_event";
        until(&cluster, &format!("{sql} {waits}"));
    };
    cut("= 'relation'");
    // The next try is committed, and waits for a standby that never says that it has it.
    cluster.query("postgres", "alter system set synchronous_standby_names = 'nobody'");
    cluster.query("postgres", "select pg_reload_conf()");
    // The server's processes read their settings in their own time.
    std::thread::sleep(Duration::from_millis(200));
    cluster.query("postgres", "rollback prepared 'held'");
    cut("= 'SyncRep'");
    cluster.query("postgres", "alter system reset synchronous_standby_names");
    cluster.query("postgres", "select pg_reload_conf()");
    let (output, told) = ended(child);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("; tried again "), "{told}");
    assert_eq!(contents(|sql| cluster.query("postgres", sql)), expected);
}
