//! The claims at the top of `specs/saas.yaml`, asked of a loaded database.

mod support;

use support::claims::{Claim, hold, hold_in_duckdb};

const TENANTS_STAY_WITHIN: &[Claim] = &[
    (
        "users have roles of their tenant, and were invited by one of it; the first is its owner",
        "select bool_and(r.tenant_id = u.tenant_id and (by.id is null or by.tenant_id = u.tenant_id)
             and (u.invited_by_id is null) = (r.name = 'owner'))
         from users u join roles r on r.id = role_id left join users by on by.id = u.invited_by_id",
    ),
    (
        "every tenant has one owner",
        "select count(*) = (select count(*) from tenants) and bool_and(n = 1) from (
             select u.tenant_id, count(*) n from users u join roles r on r.id = role_id where r.name = 'owner' group by 1) o",
    ),
    (
        "usage is by a user in a project of the tenant whose invoice it is on",
        "select bool_and(e.tenant_id = i.tenant_id and e.tenant_id = u.tenant_id and e.tenant_id = p.tenant_id)
         from usage_events e join invoices i on i.id = invoice_id join users u on u.id = user_id join projects p on p.id = project_id",
    ),
    (
        "invoices and their lines are of the subscription's tenant",
        "select bool_and(i.tenant_id = s.tenant_id and l.tenant_id = s.tenant_id)
         from invoice_lines l join invoices i on i.id = invoice_id join subscriptions s on s.id = subscription_id",
    ),
];

const TIME_IS_WHOLE: &[Claim] = &[
    (
        "subscriptions follow each other, from the tenant's first day to its last",
        "select bool_and(starts_on = coalesce(before, started_on) and (after is not null or ends_on is not distinct from ended_on))
         from (select s.*, started_on, ended_on, lag(ends_on) over w before, lead(starts_on) over w after
             from subscriptions s join tenants t on t.id = tenant_id window w as (partition by tenant_id order by number)) s",
    ),
    (
        "exactly present subscriptions have no end, one for each active tenant",
        "select bool_and(is_current = (ends_on is null)) and count(*) filter (where is_current)
             = (select count(*) from tenants where status = 'active') from subscriptions",
    ),
    (
        "invoices are for all months of their subscription, one after another",
        "select bool_and(period_start = coalesce(before, starts_on) and period_end > period_start
             and (after is not null or ends_on is null or period_end = ends_on))
         from (select i.*, starts_on, ends_on, lag(period_end) over w before, lead(period_start) over w after
             from invoices i join subscriptions s on s.id = subscription_id
             window w as (partition by subscription_id order by period_start)) i",
    ),
    (
        "usage lies in the invoice's month, before now, and follows time",
        "select bool_and(occurred_at >= period_start and occurred_at < least(period_end, timestamptz '2026-01-01+00')
             and occurred_at >= before) from (
             select e.*, period_start::timestamptz period_start, period_end::timestamptz period_end,
                 lag(occurred_at, 1, occurred_at) over (partition by invoice_id order by e.id) before
             from usage_events e join invoices i on i.id = invoice_id) e",
    ),
    (
        "nobody used anything before joining, or joined before the tenant",
        "select (select bool_and(occurred_at >= u.created_at) from usage_events e join users u on u.id = user_id)
             and (select bool_and(u.created_at >= t.started_on and u.created_at < '2026-01-01+00')
                 from users u join tenants t on t.id = tenant_id)",
    ),
    (
        "who invited somebody was there before",
        "select bool_and(by.created_at <= u.created_at) from users u join users by on by.id = u.invited_by_id",
    ),
    (
        "invoices are drafts until their month ends, open for two weeks, and then paid but for a few",
        "select bool_and((status = 'draft') = (period_end > '2026-01-01') and (status = 'open') = (period_end > '2025-12-18'
                 and period_end <= '2026-01-01') and (paid_on is null or paid_on between issued_on and '2026-01-01'))
             and avg((status = 'uncollectible')::int) < 0.03 from invoices",
    ),
];

const MONEY_ADDS_UP: &[Claim] = &[
    (
        "an invoice is its lines and tax",
        "select bool_and(subtotal = lines and total = subtotal + tax and tax = round(subtotal * 0.08, 2))
         from invoices i join (select invoice_id, sum(amount) lines from invoice_lines group by 1) l on invoice_id = i.id",
    ),
    (
        "a line is quantity times price, of the plan",
        "select bool_and(amount = round(quantity * l.unit_price, 2) and l.unit_price = case kind when 'seats' then seat_price_of else p.unit_price end)
         from invoice_lines l join invoices i on i.id = invoice_id
         join (select s.id, plan_id, seat_price seat_price_of from subscriptions s) s on s.id = subscription_id join plans p on p.id = plan_id",
    ),
    (
        "usage is what was metered, and what the plan does not include is billed",
        "select bool_and(units = used and quantity = greatest(used - seats * included_per_seat, 0))
         from invoices i join (select invoice_id, sum(quantity) used from usage_events group by 1) e on e.invoice_id = i.id
         join invoice_lines l on l.invoice_id = i.id and kind = 'usage'
         join subscriptions s on s.id = subscription_id join plans p on p.id = plan_id",
    ),
    (
        "a subscription has its plan's price",
        "select bool_and(s.seat_price = p.seat_price) from subscriptions s join plans p on p.id = plan_id",
    ),
    (
        "what a tenant paid is the total of its paid invoices",
        "select bool_and(paid_total = coalesce(paid, 0)) from tenants t
         left join (select tenant_id, sum(total) paid from invoices where status = 'paid' group by 1) i on tenant_id = t.id",
    ),
    (
        "seats are the users who had joined when the month began, or all but the newest",
        "select bool_and(seats between greatest(joined - 1, 1) and greatest(joined, 1)) from (
             select i.id, seats, count(*) filter (where u.created_at <= period_start) joined
             from invoices i join users u using (tenant_id) group by i.id, seats) i",
    ),
];

const TENANTS_DIFFER: &[Claim] = &[
    (
        "half of the tenants have few users, some have many, and the count is right",
        "select percentile_cont(0.5) within group (order by users_count) < 8 and max(users_count) > 50 and bool_and(users_count = n)
         from tenants t join (select tenant_id, count(*) n from users group by 1) u on tenant_id = t.id",
    ),
    (
        "larger tenants begin on larger plans",
        "select corr(ln(users_count), plan_id) > 0.5 from tenants t join subscriptions s on tenant_id = t.id where number = 1",
    ),
    (
        "most changes are upgrades",
        "select avg((plan_id > before)::int) filter (where plan_id <> before) > 0.6 from (
             select plan_id, lag(plan_id) over (partition by tenant_id order by number) before from subscriptions) s",
    ),
    (
        "some tenants have left, more came lately than at first",
        "select avg((status = 'churned')::int) between 0.05 and 0.25
             and count(*) filter (where started_on > '2025-01-01') > count(*) filter (where started_on < '2024-06-01') from tenants",
    ),
    (
        "working days see more usage than weekends, and nights are quiet",
        "select avg((extract(isodow from at) > 5)::int) < 0.15 and avg((extract(hour from at) < 6)::int) < 0.06
         from (select occurred_at at time zone 'UTC' at from usage_events) e",
    ),
    (
        "early users use more than late ones",
        "select sum(n) filter (where rank <= 0.3 * users_count) > 0.4 * sum(n) from (
             select count(e.id) n, row_number() over (partition by u.tenant_id order by u.id) rank, users_count
             from users u join tenants t on t.id = tenant_id left join usage_events e on e.user_id = u.id
             where users_count >= 10 group by u.id, users_count) u",
    ),
    (
        "roles say what users may do: few own or administer, all may read",
        "select bool_and('read' = any (permissions)) and bool_and(('delete' = any (permissions)) = (name = 'owner')) from roles",
    ),
];

#[test]
fn what_the_spec_claims_is_true_of_the_data() {
    let chapters = [TENANTS_STAY_WITHIN, TIME_IS_WHOLE, MONEY_ADDS_UP, TENANTS_DIFFER];
    hold(&["specs/saas.yaml", "--scale", "0.1"], &chapters.concat());
}

#[test]
fn duckdb_reads_it_from_parquet() {
    hold_in_duckdb(
        &["specs/saas.yaml", "--scale", "0.02"],
        &[
            (
                "every invoice has two lines",
                "select count(*) = 2 * (select count(*) from invoices) from invoice_lines",
            ),
            (
                "totals are those of the lines",
                "select bool_and(subtotal = lines) from invoices join
                 (select invoice_id id, sum(amount) lines from invoice_lines group by all) using (id)",
            ),
        ],
    );
}
