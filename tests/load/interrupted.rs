//! Processes, servers and connections killed at any point: afterwards every row is there once.

use super::support::cluster::Cluster;
use super::support::datagen;
use super::{contents, load, refused, shop};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Numbers without a pattern that are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Small chunks, so that there is much to be interrupted in.
const PACE: [&str; 6] = ["--chunk-rows", "20", "--connections", "2", "--retry-for", "30"];

fn begin(arguments: &[&str]) -> Child {
    let mut command = datagen(&[&["load", "--quiet"], arguments, &PACE].concat());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the built command starts")
}

fn is_running(child: &mut Child) -> bool {
    child.try_wait().expect("a child can be asked").is_none()
}

fn expected(cluster: &Cluster, shop: &str) -> Vec<String> {
    cluster.query("postgres", "create database whole");
    load(&[shop, "--to", &cluster.url("whole"), "--quiet"]);
    contents(|sql| cluster.query("whole", sql))
}

/// Ends whatever connection of the load is found first, as a failing network would.
const CUT: &str = "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity \
                   where application_name = 'datagen' order by random() limit 1) one";

#[test]
fn thirty_kills_lose_and_double_no_row() {
    let (_directory, shop) = shop();
    let mut cluster = Cluster::started();
    let expected = expected(&cluster, &shop);
    let mut chance = Chance(42);
    let (mut processes, mut servers, mut connections, mut loads) = (0, 0, 0, 0);
    while processes < 20 || servers < 6 || connections < 6 {
        loads += 1;
        let database = format!("killed{loads}");
        cluster.query("postgres", &format!("create database {database}"));
        let url = cluster.url(&database);
        let arguments = [shop.as_str(), "--to", &url, "--resume"];
        let mut child = begin(&arguments);
        loop {
            std::thread::sleep(Duration::from_millis(20 + chance.below(250)));
            if !is_running(&mut child) {
                break;
            }
            match chance.below(10) {
                0..6 => {
                    child.kill().expect("it runs");
                    child.wait().expect("it ends");
                    processes += 1;
                    child = begin(&arguments);
                }
                6..8 => {
                    cluster.query("postgres", CUT);
                    connections += 1;
                }
                _ => {
                    cluster.kill();
                    std::thread::sleep(Duration::from_millis(chance.below(100)));
                    cluster.start();
                    servers += 1;
                }
            }
        }
        let output = child.wait_with_output().expect("it has ended");
        // A server that went away before the first connection was there is a mistake, not an interruption.
        if !output.status.success() {
            load(&arguments);
        }
        assert_eq!(contents(|sql| cluster.query(&database, sql)), expected, "load {loads}");
        assert!(loads < 100, "kills come too late: {processes}, {servers}, {connections}");
    }
}

#[test]
fn an_interrupted_growth_goes_on_too() {
    let (_directory, shop) = shop();
    let cluster = Cluster::started();
    let url = cluster.url("postgres");
    load(&[&shop, "--to", &url]);
    let arguments = [shop.as_str(), "--to", &url, "--grow", "--scale", "4", "--resume"];
    let mut kills = 0;
    for wait in [40, 80, 120, 160, 200, 240, 280] {
        let mut child = begin(&arguments);
        std::thread::sleep(Duration::from_millis(wait));
        kills += usize::from(is_running(&mut child));
        child.kill().expect("a child can be killed");
        child.wait().expect("it ends");
    }
    load(&arguments);
    assert!(kills > 0);
    cluster.query("postgres", "create database whole");
    load(&[&shop, "--to", &cluster.url("whole"), "--scale", "4"]);
    let [grown, whole] = ["postgres", "whole"].map(|database| contents(|sql| cluster.query(database, sql)));
    assert_eq!(grown, whole);
}

#[test]
fn in_one_transaction_there_is_all_or_nothing() {
    let (_directory, shop) = shop();
    let cluster = Cluster::started();
    let url = cluster.url("postgres");
    let arguments = [shop.as_str(), "--to", &url, "--atomic", "--scale", "100"];
    let mut command = datagen(&[&["load", "--quiet"], &arguments[..]].concat());
    let mut child = command.stderr(Stdio::null()).spawn().expect("the built command starts");
    let copying = "select count(*) from pg_stat_activity where query like 'COPY%'";
    while cluster.query("postgres", copying) == "0" {
        assert!(is_running(&mut child), "it is killed while it loads");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    assert_eq!(cluster.query("postgres", tables), "0");
    load(&[&shop, "--to", &url, "--atomic"]);
    assert_eq!(cluster.query("postgres", "select count(*) from orders"), "1500");
}

#[test]
fn what_is_resumed_has_to_be_the_same() {
    let (_directory, shop) = shop();
    let cluster = Cluster::started();
    let url = cluster.url("postgres");
    let arguments = [shop.as_str(), "--to", &url, "--resume"];
    let mut child = begin(&arguments);
    let marked = "select count(*) from pg_tables where tablename = 'datagen_load'";
    while cluster.query("postgres", marked) == "0" {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let told = refused(1, &[&arguments[..], &["--seed", "4", "--scale", "2"]].concat());
    assert!(told.contains("the unfinished load had another seed, another scale"), "{told}");
    let told = load(&arguments);
    assert!(told.starts_with(|first: char| first.is_ascii_digit()), "{told}");
    let told = load(&arguments);
    assert!(told.contains("the load was finished before"), "{told}");
}

#[test]
fn a_server_that_stays_away_is_given_up() {
    let (_directory, shop) = shop();
    let mut cluster = Cluster::started();
    let url = cluster.url("postgres");
    let arguments = ["load", "--quiet", &shop, "--to", &url, "--chunk-rows", "5", "--retry-for", "1"];
    let mut child = datagen(&arguments).stderr(Stdio::piped()).spawn().expect("the built command starts");
    let begun = "select count(*) from pg_tables where tablename = 'datagen_load'";
    while cluster.query("postgres", begun) == "0" {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(is_running(&mut child), "440 transactions take a while");
    cluster.kill();
    let output = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("Connection refused") && told.contains("--resume"), "{told}");
    cluster.start();
    load(&[&shop, "--to", &url, "--resume"]);
    assert_eq!(cluster.query("postgres", "select count(*) from orders"), "1500");
}
