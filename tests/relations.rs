//! What references promise, held against plain second computations: a spec in, rows out.

use datagen::diagnostic::{Diagnostic, Severity, Sources};
use datagen::generate::{Options, Worker};
use datagen::plan::{Overrides, Plan, plan};
use datagen::spec::Spec;
use std::collections::{BTreeMap, BTreeSet};

fn planned(text: &str) -> Plan {
    try_plan(text).unwrap_or_else(|told| panic!("{told}"))
}

fn try_plan(text: &str) -> Result<Plan, String> {
    let mut sources = Sources::new();
    let source = sources.add("test.yaml", text);
    let show = |sources: &Sources, problems: Vec<Diagnostic>| -> String {
        problems.iter().map(|problem| sources.render(problem, false)).collect()
    };
    let spec = Spec::parse(&mut sources, source).map_err(|bad| show(&sources, bad.problems))?;
    plan(&spec, &Overrides::default()).map_err(|problems| show(&sources, problems))
}

/// A column of whole numbers, with its nulls.
fn column(plan: &Plan, table: &str, column: &str) -> Vec<Option<i64>> {
    try_column(plan, table, column).unwrap_or_else(|failure| panic!("{failure}"))
}

fn try_column(plan: &Plan, table: &str, column: &str) -> Result<Vec<Option<i64>>, String> {
    let table = plan.tables.iter().position(|of| of.name == table).expect("the table is there");
    let of = &plan.tables[table];
    let at = of.columns.iter().position(|of| of.name == column).expect("the column is there");
    let mut worker = Worker::new(plan, Options::default());
    let mut values = Vec::new();
    for start in (0..of.rows).step_by(1_000) {
        let end = of.rows.min(start + 1_000);
        let batch = worker.batch(table, start..end, &[at]).map_err(|failure| failure.to_string())?.remove(0);
        values.extend((0..batch.len()).map(|at| batch.is_valid(at).then(|| batch.ints()[at])));
    }
    Ok(values)
}

/// A column without nulls.
fn ints(plan: &Plan, table: &str, name: &str) -> Vec<i64> {
    column(plan, table, name).into_iter().map(|value| value.expect("is not null")).collect()
}

/// Of each key, how many rows refer to it.
fn counts(references: impl IntoIterator<Item = i64>) -> BTreeMap<i64, i64> {
    let mut counts = BTreeMap::new();
    references.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

const SHOP: &str = "
tables:
  customers:
    rows: 200
    columns: {id: int primary key, orders: {type: int, expr: count(orders)}}
  addresses:
    rows: ADDRESSES
    columns:
      id: int primary key
      customer_id: int not null references customers
      orders: {type: int, expr: count(orders)}
  orders:
    rows: ORDERS
    columns:
      id: int primary key
      customer_id: {references: customers, not_null: true}
      address_id: {references: addresses, within: customer_id, independent: true}
";

/// The group's rows in every shape that they can have.
fn shops() -> Vec<Plan> {
    let mut plans = Vec::new();
    for addresses in ["300", "{per: customers, min: 0, max: 4}"] {
        for orders in ["3000", "{per: customers, min: 0, max: 40}"] {
            plans.push(planned(&SHOP.replace("ADDRESSES", addresses).replace("ORDERS", orders)));
        }
    }
    plans
}

#[test]
fn a_row_within_a_group_refers_to_a_row_of_its_group() {
    for plan in shops() {
        let owners = ints(&plan, "addresses", "customer_id");
        let known: BTreeSet<i64> = owners.iter().copied().collect();
        let customers = ints(&plan, "orders", "customer_id");
        for (customer, address) in customers.iter().zip(column(&plan, "orders", "address_id")) {
            match address {
                Some(address) => assert_eq!(owners[address as usize - 1], *customer),
                None => assert!(!known.contains(customer), "customer {customer} has addresses"),
            }
        }
    }
}

#[test]
fn children_within_a_group_are_counted_from_the_parent() {
    for plan in shops() {
        let counted = counts(column(&plan, "orders", "address_id").into_iter().flatten());
        for (at, orders) in ints(&plan, "addresses", "orders").into_iter().enumerate() {
            assert_eq!(orders, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
        }
    }
}

#[test]
fn the_members_of_a_group_share_its_rows_about_alike() {
    let plan =
        planned(&SHOP.replace("ADDRESSES", "{per: customers, min: 2, max: 2}").replace("ORDERS", "40000"));
    let orders = ints(&plan, "addresses", "orders");
    let (mut first, mut all) = (0.0, 0.0);
    for pair in orders.chunks(2) {
        let share = pair[0] as f64 / (pair[0] + pair[1]) as f64;
        // A jitter of half a turn between two turns.
        assert!((0.24..0.76).contains(&share), "{pair:?}");
        (first, all) = (first + share, all + 1.0);
    }
    assert!((first / all - 0.5_f64).abs() < 0.04, "neither is preferred: {}", first / all);
}

#[test]
fn a_head_is_of_its_own_department() {
    let plan = planned(
        "
tables:
  departments:
    rows: 50
    columns: {id: int primary key, head_id: {references: employees, not_null: true, within: id}}
  employees:
    rows: {per: departments, min: 1, max: 30}
    columns:
      id: int primary key
      department_id: int not null references departments
      leads: {type: int, expr: count(departments)}
",
    );
    let of = ints(&plan, "employees", "department_id");
    let heads = ints(&plan, "departments", "head_id");
    for (at, head) in heads.iter().enumerate() {
        assert_eq!(of[*head as usize - 1], at as i64 + 1);
    }
    let leads = ints(&plan, "employees", "leads");
    for (at, count) in leads.into_iter().enumerate() {
        assert_eq!(count, i64::from(heads.contains(&(at as i64 + 1))));
    }
}

#[test]
fn a_required_reference_into_an_empty_group_ends_the_run_and_says_what_to_do() {
    let text =
        SHOP.replace("ADDRESSES", "20").replace("ORDERS", "100").replace("within", "not_null: true, within");
    let told = try_column(&planned(&text), "orders", "address_id").expect_err("most customers have none");
    assert!(told.contains("orders.address_id, row "), "{told}");
    assert!(told.contains("`customers` has no `addresses`") && told.contains("min: 1"), "{told}");
}

const SAAS: &str = "
tables:
  tenants: {rows: TENANTS, columns: {id: int primary key, tasks: {type: int, expr: count(tasks)}}}
  users: {rows: 60, columns: {id: int primary key, tenant_id: int not null references tenants}}
  projects: {rows: 40, columns: {id: int primary key, tenant_id: int not null references tenants}}
  tasks:
    rows: 2000
    columns:
      id: int primary key
      tenant_id: int not null references tenants
      project_id: PROJECT
      user_id: USER
";

fn saas(tenants: &str, project: &str, user: &str) -> Plan {
    planned(&SAAS.replace("TENANTS", tenants).replace("PROJECT", project).replace("USER", user))
}

#[test]
fn both_ways_of_a_diamond_lead_to_the_same_row() {
    let required = ["int not null references projects", "int not null references users"];
    let optional = ["{references: projects, null: 30%}", "{references: users, null: 20%}"];
    for (project, user) in [
        (required[0], required[1]),
        (optional[0], required[1]),
        (required[0], optional[1]),
        (optional[0], optional[1]),
    ] {
        // With 35 tenants some have no users, some no projects.
        for tenants in ["8", "35"] {
            let plan = saas(tenants, project, user);
            let own = ints(&plan, "tasks", "tenant_id");
            for (table, name) in [("projects", "project_id"), ("users", "user_id")] {
                let of = ints(&plan, table, "tenant_id");
                for (tenant, key) in own.iter().zip(column(&plan, "tasks", name)) {
                    assert!(
                        key.is_none_or(|key| of[key as usize - 1] == *tenant),
                        "{name} of another tenant"
                    );
                }
            }
            let counted = counts(own);
            for (at, tasks) in ints(&plan, "tenants", "tasks").into_iter().enumerate() {
                assert_eq!(tasks, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
            }
            assert!(plan.notes.iter().all(|note| note.severity == Severity::Note), "{:?}", plan.notes);
            assert_eq!(plan.notes.len(), 2, "both references are told of");
        }
    }
}

#[test]
fn nulls_asked_for_stay_as_they_are_in_a_diamond() {
    let plan = saas("8", "{references: projects, null: 30%}", "int not null references users");
    let nulls = column(&plan, "tasks", "project_id").iter().filter(|key| key.is_none()).count();
    assert!((500..700).contains(&nulls), "{nulls} of 2000");
}

#[test]
fn independent_references_and_others_of_another_name_are_left_alone() {
    for (project, user) in [
        (
            "{references: projects, not_null: true, independent: true}",
            "{references: users, not_null: true, independent: true}",
        ),
        (
            "{references: projects, not_null: true, distribution: {zipf: {s: 1}}}",
            "{references: users, null: 10%, independent: true}",
        ),
    ] {
        let plan = saas("8", project, user);
        let of = ints(&plan, "users", "tenant_id");
        let pairs = ints(&plan, "tasks", "tenant_id").into_iter().zip(column(&plan, "tasks", "user_id"));
        let other = pairs.filter(|(tenant, user)| user.is_some_and(|user| of[user as usize - 1] != *tenant));
        assert!(other.count() > 1_000, "users are of any tenant");
    }
    let text =
        SAAS.replace("PROJECT", "int not null references projects").replace("USER", "int references users");
    let renamed = text.replace("TENANTS", "8").replace("\n      tenant_id", "\n      billed_tenant_id");
    assert!(planned(&renamed).notes.is_empty(), "a tenant of another name is another tenant");
}

#[test]
fn a_diamond_that_cannot_be_held_is_told() {
    // Rows per tenant, and tenants without users: there is nobody to refer to.
    let text = SAAS.replace("rows: 2000", "rows: {per: tenants, min: 5, max: 9}").replace("TENANTS", "35");
    let plan = planned(&text.replace("PROJECT", "int").replace("USER", "int not null references users"));
    assert_eq!(column(&plan, "tasks", "user_id").len() as u64, plan.tables[3].rows);
    let warnings: Vec<_> = plan.notes.iter().filter(|note| note.severity == Severity::Warning).collect();
    assert_eq!(warnings.len(), 1, "{:?}", plan.notes);
    assert!(warnings[0].message.contains("has no `users`"), "{}", warnings[0].message);
}

#[test]
fn references_within_each_other_are_refused() {
    let text = "
tables:
  a: {rows: 5, columns: {id: int primary key, b_id: {references: b, within: id}}}
  b: {rows: 5, columns: {id: int primary key, a_id: {references: a, within: id}}}
";
    let told = try_plan(text).err().expect("needs itself");
    assert!(told.contains("depends on itself") && told.contains("a.b_id -> b.a_id -> a.b_id"), "{told}");
}
