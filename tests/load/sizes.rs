//! From one size to another: the database is then what the spec gives at the new size.

use super::support::cluster::Cluster;
use super::support::postgres::Database;
use super::{SHOP, contents, load, refused, shop};
use std::fs;

fn in_database(database: &Database) -> Vec<String> {
    contents(|sql| database.query(sql))
}

#[test]
fn a_grown_database_is_what_the_new_size_gives() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    load(&[&shop, "--to", &url, "--seed", "8"]);
    // Rows that stay have their old transaction.
    let before = database.query("select max(xmin::text::bigint) from products");
    let told = load(&[&shop, "--to", &url, "--grow", "--scale", "3", "--chunk-rows", "100"]);
    assert!(told.contains("products: 300 rows stay\n"), "{told}");
    assert!(
        told.contains("orders: loaded again, since column `customer_id` has another value in row 1\n"),
        "{told}"
    );
    assert!(
        told.contains("customers: loaded again, since column `email` has another value in row 1"),
        "{told}"
    );
    let kept = format!("select count(*) from products where xmin::text::bigint <= {before}");
    assert_eq!(database.query(&kept), "300");

    let whole = Database::new();
    load(&[&shop, "--to", &whole.url(), "--seed", "8", "--scale", "3"]);
    assert_eq!(in_database(&database), in_database(&whole));

    // Smaller again, with one table said by its rows.
    let told = load(&[&shop, "--to", &url, "--grow", "--scale", "1", "--rows", "products=350"]);
    assert!(told.contains("products: loaded again, since it gets fewer rows, 350 instead of 900"), "{told}");
    let whole = Database::new();
    load(&[&shop, "--to", &whole.url(), "--seed", "8", "--scale", "1", "--rows", "products=350"]);
    assert_eq!(in_database(&database), in_database(&whole));
}

#[test]
fn what_was_not_loaded_so_does_not_grow() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    let told = refused(4, &[&shop, "--to", &url, "--grow", "--scale", "2"]);
    assert!(told.contains("no load has been finished there that could grow"), "{told}");
    load(&[&shop, "--to", &url]);
    database.load(b"delete from orders where id = 5").unwrap();
    let told = refused(4, &[&shop, "--to", &url, "--grow", "--scale", "2"]);
    assert!(told.contains("table `orders` has 1499 rows; the load left 1500"), "{told}");
    fs::write(&shop, SHOP.replace("max: 99", "max: 98")).unwrap();
    let told = refused(4, &[&shop, "--to", &url, "--grow", "--scale", "2"]);
    assert!(told.contains("the spec is not the one that the database was loaded with"), "{told}");
    assert_eq!(database.query("select count(*) from products"), "300");
}

/// What is put aside and made again has another number than before.
const NUMBERS: &str = "select relname, c.oid from pg_class c join pg_index i on i.indexrelid = c.oid \
                       where relnamespace = 'public'::regnamespace and relname not like 'datagen\\_load%'";

#[test]
fn indexes_of_tables_that_are_emptied_are_made_anew_and_what_the_spec_does_not_have_stays() {
    let (_directory, shop) = shop();
    let database = Database::new();
    let url = database.url();
    load(&[&shop, "--to", &url]);
    let own = "create index orders_total on orders (total);
        alter table orders add unique (id, total), add check (total < 1000);
        alter table customers add exclude using btree (email with =);
        comment on constraint customers_email_key on customers is 'one account each';
        create view loyal as select c.id, c.full_name from customers c join orders o on o.customer_id = c.id group by c.id";
    database.load(own.as_bytes()).unwrap();
    let whole = Database::new();
    load(&[&shop, "--to", &whole.url(), "--scale", "2"]);
    whole.load(own.as_bytes()).unwrap();
    for how in [&["--grow"][..], &["--truncate"], &["--truncate", "--atomic"]] {
        let before = database.lines(NUMBERS);
        load(&[&[shop.as_str(), "--to", &url, "--scale", "2"], how].concat());
        assert_eq!(in_database(&database), in_database(&whole), "{how:?}");
        let after = database.lines(NUMBERS);
        let mut anew: Vec<&str> = after
            .iter()
            .filter(|line| !before.contains(line))
            .map(|line| line.split('|').next().unwrap())
            .collect();
        anew.sort_unstable();
        // Products stay when the database grows. The view needs the customers' key, and their unique constraint has a comment.
        let expected = if how == ["--grow"] {
            &["orders_pkey", "orders_status_idx"][..]
        } else {
            &["orders_pkey", "orders_status_idx", "products_pkey"]
        };
        assert_eq!(anew, expected, "{how:?}");
    }
}

#[test]
fn whoever_does_not_own_a_table_loads_into_it_with_its_indexes_in_place() {
    let (_directory, shop) = shop();
    let cluster = Cluster::started();
    let url = cluster.url("postgres");
    load(&[&shop, "--to", &url, "--table", "products", "--schema", "theirs"]);
    cluster.query(
        "postgres",
        "create role guest login; grant usage, create on schema theirs to guest;
         grant select, insert, truncate on theirs.products to guest; drop table theirs.datagen_load,
         theirs.datagen_load_table, theirs.datagen_load_chunk, theirs.datagen_load_step",
    );
    let key = "select indexrelid from pg_index where indrelid = 'theirs.products'::regclass";
    let before = cluster.query("postgres", key);
    let as_guest = url.replace("datagen@", "guest@");
    load(&[
        &shop,
        "--to",
        &as_guest,
        "--table",
        "products",
        "--schema",
        "theirs",
        "--truncate",
        "--scale",
        "2",
    ]);
    assert_eq!(cluster.query("postgres", "select count(*) from theirs.products"), "600");
    assert_eq!(cluster.query("postgres", key), before);
}

#[test]
fn only_the_tables_that_were_loaded_grow() {
    let (_directory, shop) = shop();
    let (database, whole) = (Database::new(), Database::new());
    let url = database.url();
    load(&[&shop, "--to", &url, "--table", "customers", "--table", "products"]);
    let told = load(&[&shop, "--to", &url, "--grow", "--scale", "2"]);
    assert!(told.contains("orders: not in the last load, stays as it is\n"), "{told}");
    assert!(told.contains("products: 300 rows stay\n"), "{told}");
    load(&[&shop, "--to", &whole.url(), "--table", "customers", "--table", "products", "--scale", "2"]);
    assert_eq!(in_database(&database), in_database(&whole));
    assert_eq!(database.query("select count(*) from products"), "600");
}
