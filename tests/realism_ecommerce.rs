//! The claims at the top of `specs/ecommerce.yaml`, asked of a loaded database.

mod support;

use std::fs;
use support::postgres::Database;
use support::{package, stdout};

/// A claim, and a query that answers `t` when it holds.
type Claim = (&'static str, &'static str);

const MONEY_ADDS_UP: &[Claim] = &[
    (
        "a line is quantity times price less its discount",
        "select bool_and(amount = round(quantity * unit_price * (100 - discount_percent) / 100, 2)) from order_items",
    ),
    (
        "a line has its product's price",
        "select bool_and(unit_price = price) from order_items i join products p on p.id = i.product_id",
    ),
    (
        "an order's subtotal and number of lines are those of its lines",
        "select bool_and(o.subtotal = i.amount and o.items_count = i.lines) from orders o
         left join (select order_id, sum(amount) amount, count(*) lines from order_items group by 1) i on order_id = id",
    ),
    (
        "a total is lines, fee and tax",
        "select bool_and(total = subtotal + shipping_fee + tax and tax = round(subtotal * 0.08, 2)) from orders",
    ),
    (
        "a customer's figures are those of the orders",
        "select bool_and(c.orders_count = coalesce(o.n, 0) and c.lifetime_value = coalesce(o.total, 0))
         from customers c left join (
             select customer_id, count(*) n, sum(total) filter (where status not in ('cancelled', 'returned')) total
             from orders group by 1) o on o.customer_id = c.id",
    ),
    (
        "every payment is of the order's total, attempts count from 1, and all but the last failed",
        "select bool_and(p.amount = o.total and p.attempt between 1 and n and (p.status = 'failed') = (p.attempt < n))
         from payments p join orders o on o.id = p.order_id
         join (select order_id, count(*) n from payments group by 1) c using (order_id)",
    ),
    (
        "customers have their tier by what they spent, and there are some of each",
        "select bool_and((tier = 'gold') = (lifetime_value >= 5000) and (tier = 'standard') = (lifetime_value < 1500))
             and count(distinct tier) = 3 from customers",
    ),
    (
        "tracking numbers look like those of their carrier",
        "select bool_and(case carrier when 'UPS' then tracking_number ~ '^1Z[0-9A-Z]{16}$'
             when 'FedEx' then tracking_number ~ '^[0-9]{12}$' when 'USPS' then tracking_number ~ '^9[0-9]{21}$'
             else tracking_number ~ '^[0-9]{10}$' end) from shipments",
    ),
    (
        "every sofa weighs more than every pen",
        "select min(weight_grams) filter (where name like '%Sofa') > max(weight_grams) filter (where name like '%Pen')
         from products",
    ),
    ("products cost less than they sell for", "select bool_and(cost < price) from products"),
];

const ADDRESSES_BELONG_TOGETHER: &[Claim] = &[
    (
        "both addresses of an order are of its customer",
        "select bool_and(s.customer_id = o.customer_id and b.customer_id = o.customer_id) from orders o
         join addresses s on s.id = shipping_address_id join addresses b on b.id = billing_address_id",
    ),
    (
        "a postal code lies in one state",
        "select bool_and(n = 1) from (select count(distinct state) n from addresses group by left(postal_code, 5)) p",
    ),
    (
        "a parcel is addressed to the customer",
        "select bool_and(recipient = first_name || ' ' || last_name) from addresses a join customers c on c.id = customer_id",
    ),
    (
        "every customer has one to three addresses and one default",
        "select bool_and(coalesce(n, 0) between 1 and 3 and d = 1) from customers c left join (
             select customer_id, count(*) n, count(*) filter (where is_default) d from addresses group by 1) a
         on customer_id = id",
    ),
    (
        "most e-mail addresses show their owner's name",
        "select avg((email ilike '%' || regexp_replace(last_name, '[^A-Za-z]', '', 'g') || '%')::int) > 0.5 from customers",
    ),
];

const TIME_RUNS_FORWARD: &[Claim] = &[
    (
        "customers order after they joined",
        "select bool_and(o.created_at >= c.created_at and o.created_at < '2026-01-01+00')
         from orders o join customers c on c.id = customer_id",
    ),
    (
        "payments follow orders, by minutes",
        "select bool_and(p.created_at between o.created_at and o.created_at + interval '15 minutes')
         from payments p join orders o on o.id = order_id",
    ),
    (
        "parcels leave after the order and arrive after they left",
        "select bool_and(shipped_at > o.created_at and (delivered_at is null or delivered_at > shipped_at)
             and coalesce(delivered_at, shipped_at) < '2026-01-01+00') from shipments s join orders o on o.id = order_id",
    ),
    (
        "reviews come after delivery and before now",
        "select bool_and(r.created_at >= s.delivered_at and r.created_at < '2026-01-01+00')
         from reviews r join shipments s using (order_id)",
    ),
    (
        "open orders are days old",
        "select bool_and(created_at > timestamptz '2026-01-01+00' - interval '11 days')
         from orders where status in ('pending', 'paid', 'shipped')",
    ),
    (
        "the shop grows: more customers joined in the second half of its life",
        "select count(*) filter (where created_at > '2023-07-01+00') > 1.5 * count(*) filter (where created_at < '2023-07-01+00')
         from customers",
    ),
];

const SHOPPING_HAS_ITS_TIMES: &[Claim] = &[
    (
        "evenings are busier than mornings, and nights are quiet",
        "select count(*) filter (where h in (19, 20, 21)) > 1.7 * count(*) filter (where h in (9, 10, 11))
             and count(*) filter (where h < 6) < 0.05 * count(*)
         from (select extract(hour from created_at at time zone 'UTC') h from orders) o",
    ),
    (
        "a Sunday has more orders than a Tuesday, December more than February",
        "select count(*) filter (where extract(dow from created_at at time zone 'UTC') = 0)
             > 1.2 * count(*) filter (where extract(dow from created_at at time zone 'UTC') = 2)
             and count(*) filter (where extract(month from created_at at time zone 'UTC') = 12)
             > 1.3 * count(*) filter (where extract(month from created_at at time zone 'UTC') = 2) from orders",
    ),
    (
        "customers' ids follow the time at which they joined",
        "select bool_and(created_at >= before) from (
             select created_at, lag(created_at, 1, created_at) over (order by id) before from customers) c",
    ),
];

const STATES_AGREE: &[Claim] = &[
    (
        "exactly the shipped, delivered and returned orders have a shipment",
        "select bool_and((s.id is not null) = (o.status in ('shipped', 'delivered', 'returned')))
         from orders o left join shipments s on s.order_id = o.id",
    ),
    (
        "a shipment under way is of a shipped order",
        "select bool_and((s.status = 'in_transit') = (o.status = 'shipped')) from shipments s join orders o on o.id = order_id",
    ),
    (
        "reviews are of delivered orders, by who ordered, about what was ordered",
        "select bool_and(o.status = 'delivered' and o.customer_id = r.customer_id and exists (
             select from order_items i where i.order_id = r.order_id and i.product_id = r.product_id))
         from reviews r join orders o on o.id = r.order_id",
    ),
    (
        "cancelled and returned orders were refunded",
        "select bool_and((p.status = 'refunded') = (o.status in ('cancelled', 'returned'))) from payments p
         join orders o on o.id = order_id where p.status <> 'failed'",
    ),
    (
        "all states occur",
        "select (select count(distinct status) from orders) = 6 and (select count(distinct status) from payments) = 4",
    ),
];

const POPULARITY_IS_SKEWED: &[Claim] = &[
    (
        "a fifth of the products makes more than half of the lines",
        "select sum(n) filter (where rank <= 0.2 * (select count(*) from products)) / sum(n) > 0.5 from (
             select count(*) n, row_number() over (order by count(*) desc) rank from order_items group by product_id) p",
    ),
    (
        "a fifth of the customers makes more than half of the orders, some order never, some often",
        "select sum(orders_count) filter (where rank <= 0.2 * n)::numeric / sum(orders_count) > 0.5
             and min(orders_count) = 0 and max(orders_count) > 15
         from (select orders_count, row_number() over (order by orders_count desc) rank, count(*) over () n from customers) c",
    ),
    ("half of the reviews give five stars", "select avg((rating = 5)::int) between 0.47 and 0.57 from reviews"),
];

const CATALOGUE: &[Claim] = &[
    (
        "the tree has eight roots with six children each, and no deeper level",
        "select count(*) filter (where parent_id is null) = 8
             and (select bool_and(n = 6) from (select count(*) n from categories where parent_id is not null group by parent_id) c)
             and bool_and(parent_id is null or parent_id <= 8) from categories",
    ),
    (
        "a laptop costs more than a notebook",
        "select (select min(price) from products p join categories c on c.id = category_id where c.name = 'Laptops')
              > (select max(price) from products p join categories c on c.id = category_id where c.name = 'Notebooks')",
    ),
    ("prices end in .99", "select bool_and(price % 1 = 0.99) from products"),
    (
        "every product is in every warehouse once",
        "select count(*) = (select count(*) from products) * 6 from (select distinct product_id, warehouse_id from inventory) i",
    ),
];

#[test]
fn what_the_spec_claims_is_true_of_the_data() {
    let script =
        stdout(&["generate", "specs/ecommerce.yaml", "--quiet", "--format", "copy", "--scale", "0.05"]);
    let database = Database::new();
    database.load(&script).unwrap();
    let chapters = [
        MONEY_ADDS_UP,
        ADDRESSES_BELONG_TOGETHER,
        TIME_RUNS_FORWARD,
        SHOPPING_HAS_ITS_TIMES,
        STATES_AGREE,
        POPULARITY_IS_SKEWED,
        CATALOGUE,
    ];
    let claims = chapters.concat();
    let broken: Vec<&str> =
        claims.iter().filter(|(_, sql)| database.query(sql) != "t").map(|(claim, _)| *claim).collect();
    assert!(broken.is_empty(), "not true of the data:\n  {}", broken.join("\n  "));

    let page = fs::read_to_string(package().join("docs/ecommerce.md")).expect("the page about it");
    let queries: Vec<&str> =
        page.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(queries.len(), 3);
    for sql in queries {
        assert!(database.query(sql).lines().count() > 3, "no rows of the page's query:\n{sql}");
    }
}

#[test]
fn parameters_set_the_main_sizes() {
    let rows = |arguments: &[&str]| {
        let all = [&["generate", "specs/ecommerce.yaml", "--dry-run"], arguments].concat();
        String::from_utf8(stdout(&all)).expect("text")
    };
    let small = rows(&["--param", "customers=2000", "--param", "products=100"]);
    for line in ["customers    2,000 rows", "products     100 rows", "inventory    600 rows"] {
        assert!(small.contains(line), "no {line:?} in:\n{small}");
    }
    assert_eq!(rows(&["--param", "customers=530", "--param", "products=50"]), rows(&["--scale", "0.01"]));
}

#[test]
fn a_million_rows_are_what_the_plan_says() {
    // Row counts are known before the first row; asking for them takes no time.
    let output = support::run(&["generate", "specs/ecommerce.yaml", "--dry-run"]);
    assert!(output.status.success());
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("order_items"), "{said}");
}
