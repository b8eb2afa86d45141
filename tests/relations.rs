//! What references promise, held against plain second computations: a spec in, rows out.

mod support;

use datagen::diagnostic::{Severity, Sources};
use datagen::generate::{Options, Worker};
use datagen::plan::{Overrides, Plan};
use std::collections::{BTreeMap, BTreeSet};
use support::front_door;

fn planned(text: &str) -> Plan {
    try_plan(text).unwrap_or_else(|told| panic!("{told}"))
}

fn try_plan(text: &str) -> Result<Plan, String> {
    front_door::try_plan(Sources::new(), text, &Overrides::default())
}

/// A column of whole numbers, with its nulls.
fn column(plan: &Plan, table: &str, column: &str) -> Vec<Option<i64>> {
    try_column(plan, table, column).unwrap_or_else(|failure| panic!("{failure}"))
}

fn try_column(plan: &Plan, table: &str, column: &str) -> Result<Vec<Option<i64>>, String> {
    let values = front_door::try_column(plan, table, column, Options::default());
    let values = values.map_err(|failure| failure.to_string())?;
    Ok((0..values.len()).map(|at| values.is_valid(at).then(|| values.ints()[at])).collect())
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
fn groupings() -> Vec<Plan> {
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
    for plan in groupings() {
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
    for plan in groupings() {
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

const CITIES: &str = "
tables:
  cities:
    rows: 300
    columns:
      id: int primary key
      size: {type: int, min: 0, max: 1000}
      open: {type: boolean, values: {true: 30, false: 70}}
      shops: {type: int, expr: count(shops)}
  shops:
    rows: 6000
    columns:
      id: int primary key
      city_id: CITY
      size_of_city: {type: int, expr: city.size}
";

fn cities(city: &str) -> Plan {
    planned(&CITIES.replace("CITY", city))
}

/// Of each city its shops, found from both sides.
fn shops(plan: &Plan) -> Vec<i64> {
    let counted = counts(column(plan, "shops", "city_id").into_iter().flatten());
    let shops: Vec<i64> = (1..=300).map(|city| counted.get(&city).copied().unwrap_or(0)).collect();
    assert_eq!(ints(plan, "cities", "shops"), shops, "both sides tell the same");
    shops
}

fn open(plan: &Plan) -> Vec<bool> {
    let cities = plan.tables.iter().position(|of| of.name == "cities").expect("is there");
    let batch = Worker::new(plan, Options::default()).batch(cities, 0..300, &[2]).expect("can be computed");
    batch[0].bools().to_vec()
}

#[test]
fn only_parents_that_satisfy_the_condition_are_referred_to() {
    for shape in ["", ", distribution: {zipf: {s: 1.1}}", ", distribution: even", ", null: 20%"] {
        let plan = cities(&format!("{{references: cities, where: open and size > 100{shape}}}"));
        let sizes = ints(&plan, "cities", "size");
        let eligible: Vec<bool> =
            open(&plan).iter().zip(&sizes).map(|(open, size)| *open && *size > 100).collect();
        let shops = shops(&plan);
        assert!((0..300).all(|city| eligible[city] || shops[city] == 0));
        let reached = shops.iter().filter(|count| **count > 0).count();
        let of = eligible.iter().filter(|eligible| **eligible).count();
        assert!(reached * 10 >= of * 9, "{reached} of {of} cities have shops");
        let total: i64 = shops.iter().sum();
        assert!(if shape.contains("null") { (4_600..5_000).contains(&total) } else { total == 6_000 });
    }
}

#[test]
fn children_fall_on_parents_in_proportion_to_the_weight() {
    for (weight, of) in [
        ("weight: size", (|size, _| size as f64) as fn(i64, bool) -> f64),
        ("weight: size, where: open", |size, open| if open { size as f64 } else { 0.0 }),
        ("weight: 'nullif(size, 500) / 2.0'", |size, _| if size == 500 { 0.0 } else { size as f64 }),
    ] {
        let plan = cities(&format!("{{references: cities, not_null: true, {weight}}}"));
        let open = open(&plan);
        let sizes = ints(&plan, "cities", "size");
        let weights: Vec<f64> = sizes.iter().zip(open).map(|(size, open)| of(*size, open)).collect();
        let total: f64 = weights.iter().sum();
        for (count, weight) in shops(&plan).into_iter().zip(weights) {
            let share = 6_000.0 * weight / total;
            assert!((count as f64 - share).abs() < 2.0, "{count} of {share}");
        }
    }
}

#[test]
fn a_unique_reference_can_be_chosen_by_value() {
    let text = CITIES.replace("rows: 6000", "rows: 50");
    let plan = planned(&text.replace("CITY", "{references: cities, unique: true, where: open}"));
    let (open, shops) = (open(&plan), shops(&plan));
    assert_eq!(shops.iter().sum::<i64>(), 50);
    assert!(shops.iter().zip(open).all(|(count, open)| *count <= i64::from(open)));
    let few = CITIES
        .replace("rows: 6000", "rows: 200")
        .replace("CITY", "{references: cities, unique: true, where: open}");
    let told = try_plan(&few).err().expect("there are not so many");
    assert!(told.contains("satisfy the condition"), "{told}");
}

#[test]
fn choices_may_stand_on_other_choices() {
    let plan = planned(&format!(
        "{}  reports:
    rows: 500
    columns:
      id: int primary key
      city_id: {{references: cities, where: count(shops) > 20}}
      shop_id: {{references: shops, where: city.open, weight: city.shops}}
",
        CITIES.replace("CITY", "{references: cities, where: open}")
    ));
    let shops_of = shops(&plan);
    assert!(ints(&plan, "reports", "city_id").iter().all(|city| shops_of[*city as usize - 1] > 20));
    let city_of = ints(&plan, "shops", "city_id");
    let open = open(&plan);
    assert!(
        ints(&plan, "reports", "shop_id").iter().all(|shop| open[city_of[*shop as usize - 1] as usize - 1])
    );
}

#[test]
fn where_nobody_can_be_chosen_optional_references_are_null() {
    let plan = cities("{references: cities, where: size > 5000}");
    assert!(column(&plan, "shops", "city_id").iter().all(Option::is_none));
    let told = try_plan(&CITIES.replace("CITY", "{references: cities, not_null: true, where: size > 5000}"));
    let told = told.err().expect("nobody can be chosen");
    assert!(
        told.contains("no row of `cities` satisfies the condition") && told.contains("test.yaml:14"),
        "{told}"
    );
}

#[test]
fn what_was_chosen_does_not_depend_on_the_order_of_columns() {
    let plain = cities("{references: cities, where: open, weight: size}");
    let text = CITIES.replace("CITY", "{references: cities, where: open, weight: size}");
    let more = planned(&text.replace(
        "      id: int primary key\n      city_id",
        "      note: text\n      id: int primary key\n      city_id",
    ));
    assert_eq!(column(&plain, "shops", "city_id"), column(&more, "shops", "city_id"));
}

const BASKETS: &str = "
tables:
  orders: {rows: 1500, columns: {id: int primary key}}
  products: {rows: PRODUCTS, columns: {id: int primary key, sold: {type: int, expr: count(items)}}}
  items:
    rows: ITEMS
    columns:
      id: int primary key
      order_id: int not null references orders
      product_id: {references: products, distinct: order_id MORE}
";

fn baskets(items: &str, products: u64, more: &str) -> Plan {
    let text = BASKETS.replace("ITEMS", items).replace("PRODUCTS", &products.to_string());
    planned(&text.replace(" MORE", more))
}

#[test]
fn no_product_stands_twice_in_an_order() {
    for items in ["{per: orders, min: 0, max: 9}", "{per: orders, min: 4, max: 4}", "5000"] {
        for (products, more) in [
            (40, ""),
            (1_000, ", distribution: {zipf: {s: 1.1}}"),
            (300, ", distribution: even, not_null: true"),
            (100, ", null: 20%"),
        ] {
            let plan = baskets(items, products, more);
            let sold = column(&plan, "items", "product_id");
            let mut seen = BTreeSet::new();
            for (order, product) in ints(&plan, "items", "order_id").into_iter().zip(&sold) {
                assert!(product.is_none_or(|product| seen.insert((order, product))), "{product:?} twice");
            }
            assert_eq!(more.contains("null: 20%"), sold.contains(&None));
            let counted = counts(sold.into_iter().flatten());
            for (at, sold) in ints(&plan, "products", "sold").into_iter().enumerate() {
                assert_eq!(sold, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
            }
        }
    }
}

#[test]
fn products_of_distinct_lines_are_as_popular_as_asked() {
    let plan = baskets("{per: orders, min: 1, max: 7}", 2_000, ", distribution: {zipf: {s: 0.8}}");
    let mut sold = ints(&plan, "products", "sold");
    sold.sort_unstable_by_key(|count| -count);
    let rows: i64 = sold.iter().sum();
    assert_eq!(rows as u64, plan.tables[2].rows, "each line is of a product");
    let total: f64 = (1..=2_000).map(|rank| libm::pow(rank as f64, -0.8)).sum();
    let share = |count: usize| sold[..count].iter().sum::<i64>() as f64 / rows as f64;
    for count in [5, 50, 500] {
        let expected: f64 = (1..=count).map(|rank| libm::pow(rank as f64, -0.8)).sum::<f64>() / total;
        assert!(
            (share(count) / expected - 1.0).abs() < 0.08,
            "the first {count}: {} of {expected}",
            share(count)
        );
    }
}

#[test]
fn a_group_may_take_all_parents_there_are() {
    let plan = baskets("{per: orders, min: 5, max: 5}", 5, ", distribution: {zipf: {s: 2}}");
    assert!(ints(&plan, "products", "sold").iter().all(|sold| *sold == 1_500), "each in every order");
}

#[test]
fn a_key_of_a_group_and_what_differs_in_it_is_unique() {
    let plan = planned(
        "
tables:
  students: {rows: 200, columns: {id: int primary key}}
  courses: {rows: 30, columns: {id: int primary key}}
  enrolments:
    rows: 1200
    primary_key: [student_id, course_id]
    columns:
      student_id: int references students
      course_id: {type: int, references: courses, distinct: student_id, distribution: {zipf: {s: 0.7}}}
",
    );
    let pairs: BTreeSet<(i64, i64)> = ints(&plan, "enrolments", "student_id")
        .into_iter()
        .zip(ints(&plan, "enrolments", "course_id"))
        .collect();
    assert_eq!(pairs.len(), 1_200);
    let courses = counts(pairs.into_iter().map(|(_, course)| course));
    assert!(courses.values().max() > Some(&80), "some courses are popular: {courses:?}");
}

/// How deep each row of a tree is; a root has 1.
fn depths(parents: &[Option<i64>]) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::new();
    for (row, parent) in parents.iter().enumerate() {
        depths.push(match parent {
            Some(parent) if *parent as usize <= row => depths[*parent as usize - 1] + 1,
            Some(parent) => panic!("row {} refers to the later row {parent}", row + 1),
            None => 1,
        });
    }
    depths
}

#[test]
fn trees_have_the_form_that_was_asked_for() {
    for (form, roots, deepest) in [
        ("true", 1, None),
        ("{roots: 7}", 7, None),
        ("{depth: 3}", 1, Some(3)),
        ("{depth: 4, roots: 5}", 5, Some(4)),
        ("{depth: 2, roots: 10%}", 50, Some(2)),
        ("{roots: 100%}", 500, Some(1)),
    ] {
        let plan = planned(&format!(
            "
tables:
  categories:
    rows: 500
    columns:
      id: int primary key
      parent_id: {{references: categories, earlier: {form}}}
      depth: {{type: int, expr: 'coalesce(parent.depth + 1, 1)'}}
      children: {{type: int, expr: count(categories)}}
"
        ));
        let parents = column(&plan, "categories", "parent_id");
        let depths = depths(&parents);
        assert_eq!(parents.iter().filter(|parent| parent.is_none()).count(), roots, "{form}");
        let most = depths.iter().copied().max();
        assert!(deepest.is_none_or(|deepest| most == Some(deepest)), "{form}: {most:?}");
        assert!(deepest.is_some() || most > Some(4), "{form}: {most:?}");
        let computed = ints(&plan, "categories", "depth");
        assert!(depths.iter().zip(computed).all(|(depth, computed)| *depth as i64 == computed));
        let counted = counts(parents.into_iter().flatten());
        for (at, children) in ints(&plan, "categories", "children").into_iter().enumerate() {
            assert_eq!(children, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
        }
    }
}

#[test]
fn comments_answer_earlier_comments_on_the_same_post() {
    for rows in ["600", "{per: posts, min: 0, max: 40}"] {
        for null in ["", ", null: 40%"] {
            let plan = planned(&format!(
                "
tables:
  posts: {{rows: 30, columns: {{id: int primary key}}}}
  comments:
    rows: {rows}
    columns:
      id: int primary key
      post_id: int not null references posts
      parent_id: {{references: comments, earlier: true, within: post_id{null}}}
      answers: {{type: int, expr: count(comments)}}
      depth: {{type: int, expr: 'coalesce(parent.depth + 1, 1)'}}
"
            ));
            let posts = ints(&plan, "comments", "post_id");
            let parents = column(&plan, "comments", "parent_id");
            let mut seen = BTreeSet::new();
            for (row, parent) in parents.iter().enumerate() {
                match parent {
                    Some(parent) => {
                        assert!(*parent <= row as i64);
                        assert_eq!(posts[*parent as usize - 1], posts[row]);
                    }
                    None => {
                        assert!(!null.is_empty() || !seen.contains(&posts[row]), "only the first has none")
                    }
                }
                seen.insert(posts[row]);
            }
            let computed = ints(&plan, "comments", "depth");
            assert!(
                depths(&parents).into_iter().zip(computed).all(|(depth, computed)| depth as i64 == computed)
            );
            let counted = counts(parents.into_iter().flatten());
            for (at, answers) in ints(&plan, "comments", "answers").into_iter().enumerate() {
                assert_eq!(answers, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
            }
        }
    }
}

#[test]
fn a_row_refers_to_one_of_several_tables_by_exact_shares() {
    for null in ["", ", null: 25%"] {
        let plan = planned(&format!(
            "
tables:
  posts: {{rows: 30, columns: {{id: int primary key, comments: {{type: int, expr: count(comments)}}}}}}
  photos:
    rows: 50
    columns:
      id: {{type: int, primary_key: true, sequence: {{start: 1000}}}}
      comments: {{type: int, expr: count(comments)}}
  comments:
    rows: 1000
    columns:
      id: int primary key
      subject_id: {{one_of: {{posts: 70, photos: {{weight: 30, as: Photo}}}}, type_column: kind{null}}}
      kind: text
      is_post: {{type: int, expr: \"case kind when 'posts' then 1 when 'Photo' then 0 end\"}}
      post_comments: {{type: int, expr: post.comments}}
"
        ));
        let subjects = column(&plan, "comments", "subject_id");
        let kinds = column(&plan, "comments", "is_post");
        let mut found: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (subject, kind) in subjects.iter().zip(&kinds) {
            match (subject, kind) {
                (Some(subject), Some(1)) => found.entry("posts").or_default().push(*subject),
                (Some(subject), Some(_)) => found.entry("photos").or_default().push(subject - 999),
                (None, None) => {}
                odd => panic!("{odd:?}"),
            }
        }
        let nulls = subjects.iter().filter(|subject| subject.is_none()).count();
        if null.is_empty() {
            assert_eq!((nulls, found["posts"].len()), (0, 700), "shares are exact");
        } else {
            assert!((200..300).contains(&nulls), "{nulls}");
        }
        for (table, rows) in [("posts", 30), ("photos", 50)] {
            let counted = counts(found[table].iter().copied());
            assert!(counted.keys().all(|key| (1..=rows).contains(key)), "{table}");
            for (at, comments) in ints(&plan, table, "comments").into_iter().enumerate() {
                assert_eq!(comments, counted.get(&(at as i64 + 1)).copied().unwrap_or(0));
            }
        }
        let read = column(&plan, "comments", "post_comments");
        assert!(read.iter().zip(&kinds).all(|(read, kind)| read.is_some() == (*kind == Some(1))));
    }
}

#[test]
fn a_unique_reference_that_may_be_null_needs_parents_for_those_that_refer() {
    let text = "
tables:
  badges: {rows: 60, columns: {id: int primary key}}
  people: {rows: 100, columns: {id: int primary key, badge_id: {references: badges, unique: true, null: NULLS}}}
";
    let badges = column(&planned(&text.replace("NULLS", "40%")), "people", "badge_id");
    let given: Vec<i64> = badges.into_iter().flatten().collect();
    assert_eq!(given.len(), 60, "the share is exact");
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 60);
    let told = try_plan(&text.replace("NULLS", "39%")).err().expect("61 people, 60 badges");
    assert!(told.contains("61 rows cannot refer to 60 rows"), "{told}");
}

#[test]
fn columns_of_a_composite_reference_have_the_types_of_the_key() {
    let plan = planned(
        "
tables:
  rooms:
    rows: {per: buildings, min: 1, max: 4}
    primary_key: [building_id, room_no]
    columns: {building_id: bigint references buildings, room_no: {type: smallint, expr: nth}}
  buildings: {rows: 8, columns: {id: bigint primary key}}
  beds:
    rows: {per: rooms, min: 1, max: 3}
    columns: {building_id: {comment: of the room}, room_no: {comment: of the building}, bed: {type: int, expr: nth}}
    foreign_keys: [{columns: [building_id, room_no], references: rooms}]
",
    );
    let types: Vec<String> =
        plan.tables[2].columns.iter().map(|column| column.sql_type.to_string()).collect();
    assert_eq!(types, ["bigint", "smallint", "integer"]);
    let rooms: BTreeSet<(i64, i64)> =
        ints(&plan, "rooms", "building_id").into_iter().zip(ints(&plan, "rooms", "room_no")).collect();
    let beds = ints(&plan, "beds", "building_id").into_iter().zip(ints(&plan, "beds", "room_no"));
    assert!(beds.into_iter().all(|room| rooms.contains(&room)), "every bed is in a room");
}

const MARKET: &str = "
tables:
  shops: {rows: 12, columns: {id: int primary key}}
  brands: {rows: 3, columns: {id: int primary key}}
  products:
    rows: 400
    columns:
      id: int primary key
      shop_id: int not null references shops
      brand_id: int references brands
      price: {type: int, min: 0, max: 9}
      sold: {type: int, expr: count(items)}
  orders:
    rows: 250
    columns: {id: int primary key, shop_id: int not null references shops}
  items:
    rows: ITEMS
    columns:
      id: int primary key
      order_id: int not null references orders
      shop_id: {references: shops, expr: order.shop_id}
      brand_id: int not null references brands
      product_id: {references: products, independent: true, ASKED}
";

#[test]
fn what_chooses_a_parent_can_be_combined() {
    let (shop, brand) = ("within: shop_id", "within: [shop_id, {brand_id: brand_id}]");
    let (cheap, dear, once) = ("where: price < 7", "weight: price", "distinct: order_id");
    let together = |parts: &[&str]| parts.join(", ");
    for items in ["{per: orders, min: 0, max: 6}", "900"] {
        for asked in [
            together(&[brand]),
            together(&[shop, cheap]),
            together(&[shop, dear]),
            together(&[brand, cheap, dear]),
            together(&[shop, once]),
            together(&[brand, once, "null: 20%"]),
            together(&[shop, cheap, dear, once]),
            together(&[cheap, once]),
            together(&[cheap, once, "distribution: {zipf: {s: 1}}"]),
            together(&[dear, once]),
            together(&[cheap, dear, once]),
        ] {
            hold_market(&planned(&MARKET.replace("ITEMS", items).replace("ASKED", &asked)), &asked);
        }
    }
}

fn hold_market(plan: &Plan, asked: &str) {
    let of_products = ["shop_id", "brand_id", "price"].map(|name| column(plan, "products", name));
    let of_items = ["shop_id", "brand_id", "order_id"].map(|name| ints(plan, "items", name));
    let chosen = column(plan, "items", "product_id");
    // Whether a product may be chosen by a row, but for what other rows took.
    let fits = |product: usize, item: usize| {
        let price = of_products[2][product].expect("has a price");
        (!asked.contains("shop_id") || of_products[0][product] == Some(of_items[0][item]))
            && (!asked.contains("brand_id") || of_products[1][product] == Some(of_items[1][item]))
            && (!asked.contains("where") || price < 7)
            && (!asked.contains("weight") || price > 0)
    };
    let mut taken: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (item, product) in chosen.iter().enumerate() {
        let Some(product) = *product else { continue };
        assert!(fits(product as usize - 1, item), "{asked}: product {product} of item {}", item + 1);
        let is_new = taken.entry(of_items[2][item]).or_default().insert(product);
        assert!(is_new || !asked.contains("distinct"), "{asked}: product {product} twice");
    }
    for item in (0..chosen.len()).filter(|item| chosen[*item].is_none() && !asked.contains("null")) {
        let of_order = taken.get(&of_items[2][item]);
        let is_taken = |product: usize| of_order.is_some_and(|of| of.contains(&(product as i64 + 1)));
        let left = (0..400).find(|product| fits(*product, item) && !is_taken(*product));
        assert_eq!(left, None, "{asked}: item {} could have one", item + 1);
    }
    let counted = counts(chosen.into_iter().flatten());
    for (at, sold) in ints(plan, "products", "sold").into_iter().enumerate() {
        assert_eq!(sold, counted.get(&(at as i64 + 1)).copied().unwrap_or(0), "{asked}");
    }
}

#[test]
fn weights_hold_within_a_group() {
    let text = MARKET.replace("rows: 400", "rows: 40").replace("ITEMS", "30000");
    let plan = planned(&text.replace("ASKED", "within: shop_id, weight: price"));
    let shops = ints(&plan, "products", "shop_id");
    let (prices, sold) = (ints(&plan, "products", "price"), ints(&plan, "products", "sold"));
    for shop in 1..=12 {
        let own: Vec<usize> = (0..40).filter(|at| shops[*at] == shop).collect();
        let all_prices: i64 = own.iter().map(|at| prices[*at]).sum();
        let all_sold: i64 = own.iter().map(|at| sold[*at]).sum();
        for at in own.iter().filter(|_| all_prices > 0) {
            let share = all_sold as f64 * prices[*at] as f64 / all_prices as f64;
            assert!((sold[*at] as f64 - share).abs() <= 2.0, "{} of {share}", sold[*at]);
        }
    }
}

#[test]
fn a_required_reference_for_which_nobody_is_left_ends_the_run_and_says_so() {
    let text = MARKET.replace("rows: 400", "rows: 14").replace("ITEMS", "{per: orders, min: 3, max: 3}");
    let plan = planned(&text.replace("ASKED", "not_null: true, within: shop_id, distinct: order_id"));
    let told = try_column(&plan, "items", "product_id").expect_err("few products in each shop");
    assert!(told.contains("no row of `products` in the row's `shops` is left"), "{told}");
}

#[test]
fn a_key_of_several_columns_may_be_of_one_of_several_tables() {
    let plan = planned(
        "
tables:
  rooms:
    rows: {each: [house, no]}
    primary_key: [house, no]
    columns: {house: {type: int, min: 1, max: 5}, no: {type: int, min: 1, max: 8}, tickets: {type: int, expr: count(tickets)}}
  lifts:
    rows: 30
    primary_key: [house, no]
    columns: {house: {type: int, expr: row % 7}, no: {type: int, expr: row}, tickets: {type: int, expr: count(tickets)}}
  tickets:
    rows: 1000
    foreign_keys: [{columns: [house, no], one_of: {rooms: 70, lifts: 30}, type_column: kind, null: 20%}]
    columns: {house: int, no: int, kind: text, is_room: {type: int, expr: \"case kind when 'rooms' then 1 when 'lifts' then 0 end\"}}
",
    );
    let mut counted: BTreeMap<(i64, i64, i64), i64> = BTreeMap::new();
    let (houses, numbers) = (column(&plan, "tickets", "house"), column(&plan, "tickets", "no"));
    let kinds = column(&plan, "tickets", "is_room");
    for ((house, no), kind) in houses.into_iter().zip(numbers).zip(kinds) {
        assert!(house.is_some() == no.is_some() && house.is_some() == kind.is_some(), "null together");
        if let (Some(house), Some(no), Some(kind)) = (house, no, kind) {
            *counted.entry((kind, house, no)).or_default() += 1;
        }
    }
    for (table, kind) in [("rooms", 1), ("lifts", 0)] {
        let keys = ints(&plan, table, "house").into_iter().zip(ints(&plan, table, "no"));
        for ((house, no), tickets) in keys.zip(ints(&plan, table, "tickets")) {
            assert_eq!(counted.remove(&(kind, house, no)).unwrap_or(0), tickets);
        }
    }
    assert!(counted.is_empty(), "every key is there: {counted:?}");
}

#[test]
fn a_parent_and_computed_columns_are_a_key_where_siblings_differ() {
    let spec = |key: &str| {
        format!(
            "
tables:
  parts: {{rows: 50, columns: {{id: int primary key}}}}
  sources:
    rows: {{per: parts, min: 0, max: 6}}
    primary_key: [part_id, place]
    columns: {{part_id: int references parts, place: {{type: int, expr: \"{key}\"}}}}
"
        )
    };
    let plan = planned(&spec("(part_id * 7 + nth * 3) % 29"));
    for batch_rows in [1, 2, 7, 1_000] {
        let options = Options { batch_rows, ..Options::default() };
        front_door::try_column(&plan, "sources", "place", options).expect("no part has a place twice");
    }
    // Rows 1 and 2 of a parent, and 3 and 4, stand in one place, also where a batch parts them.
    let plan = planned(&spec("(nth - 1) / 2"));
    for batch_rows in [1, 2, 7, 1_000] {
        let options = Options { batch_rows, ..Options::default() };
        let told = front_door::try_column(&plan, "sources", "place", options)
            .expect_err("places repeat")
            .to_string();
        let is_told = told.contains("the key (part_id, place) repeats: rows")
            && told.contains("have the same parent, and 0");
        assert!(is_told, "{told}");
    }
}

#[test]
fn keys_by_ascending_arithmetic_are_unique_in_tables_of_any_size() {
    let spec = |key: &str| {
        format!(
            "tables: {{a: {{rows: 3G, columns: {{id: {{type: bigint, primary_key: true, expr: \"{key}\"}}}}}}}}"
        )
    };
    let plan = planned(&spec("(row - 1) / 8 * 32 + (row - 1) % 8 + 1"));
    let mut worker = Worker::new(&plan, Options::default());
    let last = worker.batch(0, 2_999_999_992..3_000_000_000, &[0]).expect("can be computed").remove(0);
    assert_eq!(last.ints()[..2], [11_999_999_969, 11_999_999_970]);
    let told = front_door::try_plan(Sources::new(), &spec("row / 2"), &Overrides::default()).err();
    assert!(told.is_some_and(|told| told.contains("nothing shows that this column is unique")));
}

#[test]
fn one_way_references_that_differ_in_a_group_walk_around_the_parents() {
    for (products, lines) in [(9, "{per: orders, min: 9, max: 9}"), (60, "{per: orders, min: 0, max: 9}")] {
        let text = BASKETS.replace(", sold: {type: int, expr: count(items)}", "");
        let text = text.replace("ITEMS", lines).replace("PRODUCTS", &products.to_string());
        let plan = planned(&text.replace(" MORE", ", one_way: true"));
        let (orders, sold) = (ints(&plan, "items", "order_id"), ints(&plan, "items", "product_id"));
        let pairs: BTreeSet<(i64, i64)> = orders.into_iter().zip(sold.iter().copied()).collect();
        assert_eq!(pairs.len(), sold.len(), "no product stands twice in an order");
        let counted = counts(sold.iter().copied());
        let expected = sold.len() as i64 / products;
        assert_eq!(counted.len() as i64, products);
        assert!(counted.values().all(|count| (count - expected).abs() < 60), "{counted:?}");
        let options = Options { batch_rows: 7, ..Options::default() };
        assert_eq!(front_door::column(&plan, "items", "product_id", options).ints(), sold);
    }
}

#[test]
fn one_way_references_are_as_likely_as_others_and_the_same_in_any_batch() {
    let plan = planned(
        "
tables:
  parts: {rows: 40, columns: {id: int primary key, weight: {type: int, expr: id * 2}}}
  lines:
    rows: 40000
    columns: {part_id: {references: parts, not_null: true, one_way: true}, weight: {type: int, expr: part.weight}}
",
    );
    let parts = ints(&plan, "lines", "part_id");
    let mut counts = [0i64; 40];
    parts.iter().for_each(|part| counts[*part as usize - 1] += 1);
    // Five standard deviations of Binomial(40,000, 1/40).
    assert!(counts.iter().all(|count| (count - 1_000).abs() < 157), "{counts:?}");
    assert!(parts.iter().zip(ints(&plan, "lines", "weight")).all(|(part, weight)| weight == part * 2));
    let options = Options { batch_rows: 7, ..Options::default() };
    assert_eq!(front_door::column(&plan, "lines", "part_id", options).ints(), parts);
}

#[test]
fn one_way_within_groups_follows_weights_and_what_was_drawn_before() {
    let plan = planned(
        "
tables:
  kinds: {rows: 3, columns: {id: int primary key}}
  colours: {rows: 2, columns: {id: int primary key}}
  parts:
    rows: 60
    columns:
      id: int primary key
      colour_id: {references: colours, not_null: true, distribution: even}
      kind_id: {references: kinds, not_null: true, distribution: even}
      weight: {type: int, expr: id % 4}
  boxes:
    rows: 30
    columns:
      id: int primary key
      colour_id: {references: colours, not_null: true, distribution: even}
      kind_id: {references: kinds, not_null: true, where: id > 1}
  lines:
    rows: 30000
    columns:
      colour_id: {references: colours, not_null: true}
      part_id: {references: parts, not_null: true, within: colour_id, where: id > 3, weight: weight, one_way: true}
      kind_id: {references: kinds, expr: part.kind_id}
      box_id: {references: boxes, within: [colour_id, kind_id], one_way: true}
",
    );
    let [colours, parts, kinds] = ["colour_id", "part_id", "kind_id"].map(|name| ints(&plan, "lines", name));
    let [part_colours, weights] = ["colour_id", "weight"].map(|name| ints(&plan, "parts", name));
    let [box_colours, box_kinds] = ["colour_id", "kind_id"].map(|name| ints(&plan, "boxes", name));
    let boxes = column(&plan, "lines", "box_id");
    for (((colour, part), kind), found) in colours.iter().zip(&parts).zip(&kinds).zip(&boxes) {
        assert!(*part > 3 && part_colours[*part as usize - 1] == *colour);
        // No box is of the first kind.
        assert_eq!(found.is_some(), *kind > 1);
        if let Some(found) = found {
            let at = *found as usize - 1;
            assert_eq!((box_colours[at], box_kinds[at]), (*colour, *kind));
        }
    }
    let counts = counts(parts.iter().copied());
    for colour in [1, 2] {
        let rows = colours.iter().filter(|of| **of == colour).count() as f64;
        let listed = || (4..=60).filter(|part| part_colours[*part - 1] == colour);
        let all: i64 = listed().map(|part| weights[part - 1]).sum();
        for part in listed() {
            let expected = rows * weights[part - 1] as f64 / all as f64;
            let found = counts.get(&(part as i64)).copied().unwrap_or_default() as f64;
            // Five standard deviations of a binomial law, at least.
            assert!((found - expected).abs() <= 5.0 * expected.sqrt(), "{part}: {found} of {expected}");
        }
    }
    let options = Options { batch_rows: 7, ..Options::default() };
    assert_eq!(front_door::column(&plan, "lines", "part_id", options).ints(), parts);
}
