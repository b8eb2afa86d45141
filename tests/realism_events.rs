//! The claims at the top of `specs/events.yaml`, asked of a loaded database.

mod support;

use support::claims::{Claim, hold, hold_in_duckdb};

const SEASONS: &[Claim] = &[
    (
        "evenings are full and nights are quiet",
        "select avg((h between 19 and 21)::int) > 0.25 and avg((h between 1 and 5)::int) < 0.04
         from (select extract(hour from started_at at time zone 'UTC') h from sessions) s",
    ),
    (
        "Sundays are busier than weekdays",
        "select avg(n) filter (where day = 0) > 1.2 * avg(n) filter (where day between 1 and 4) from (
             select extract(dow from started_at at time zone 'UTC') as day, count(*) n from sessions
             where started_at < '2025-11-24+00' group by 1, date_trunc('day', started_at at time zone 'UTC')) d",
    ),
    (
        "Black Friday is the peak of the year, Christmas Day its hollow",
        "select max(n) filter (where day = '2025-11-28') = max(n) and min(n) filter (where day = '2025-12-25') = min(n)
         from (select (started_at at time zone 'UTC')::date as day, count(*) n from sessions group by 1) d",
    ),
    (
        "traffic grows: ordinary weeks of December have more than those of October",
        "select count(*) filter (where started_at >= '2025-12-08+00' and started_at < '2025-12-22+00')
             > 1.08 * count(*) filter (where started_at >= '2025-10-06+00' and started_at < '2025-10-20+00') from sessions",
    ),
];

const SESSIONS: &[Claim] = &[
    (
        "sessions are numbered in the order of time",
        "select bool_and(started_at >= before) from (
             select started_at, lag(started_at, 1, started_at) over (order by id) before from sessions) s",
    ),
    (
        "pages of a session follow each other without overlap, from its beginning to its end",
        "select bool_and(left_at > viewed_at and viewed_at >= before and (page_no > 1 or viewed_at = started_at)
             and (page_no < pages_count or left_at = ended_at)) and count(*) = (select sum(pages_count) from sessions)
         from (select *, lag(left_at, 1, viewed_at) over (partition by session_id order by page_no) before from page_views) p
         join sessions s on s.id = session_id",
    ),
    (
        "interactions happen while their page is open, in their order",
        "select bool_and(occurred_at between viewed_at and left_at and occurred_at >= before) from (
             select *, lag(occurred_at, 1, occurred_at) over (partition by session_id, page_no order by id) before
             from interactions) i join page_views using (session_id, page_no)",
    ),
    (
        "hardly any two sessions of a device overlap",
        "select avg((next < ended_at)::int) < 0.01 from (
             select ended_at, lead(started_at, 1, 'infinity') over (partition by device_id order by started_at) next
             from sessions) s",
    ),
    (
        "sessions run the release of their day",
        "select bool_and(started_at at time zone 'UTC' >= released_on and started_at at time zone 'UTC' < released_on + 7)
             and count(distinct release_id) = 14 from sessions s join releases r on r.id = release_id",
    ),
    (
        "campaigns are for what is paid, mailed or social; in the week of Black Friday most are about it",
        "select bool_and((campaign is not null) = (medium in ('paid', 'mail', 'social')))
             and avg((campaign = 'black_friday')::int) filter (where campaign is not null
                 and started_at between '2025-11-21+00' and '2025-12-01+00') between 0.6 and 0.8
         from sessions s join channels c on c.id = channel_id",
    ),
];

const DEVICES: &[Claim] = &[
    (
        "devices are what their sessions say, and none has none",
        "select bool_and(sessions_count = n and first_seen_at = first and last_seen_at = last) from devices d
         left join (select device_id, count(*) n, min(started_at) first, max(started_at) last from sessions group by 1) s
         on device_id = id",
    ),
    (
        "a fifth of the devices makes half of the traffic",
        "select sum(sessions_count) filter (where rank <= 0.2 * n)::numeric / sum(sessions_count) between 0.4 and 0.65 from (
             select sessions_count, row_number() over (order by sessions_count desc) rank, count(*) over () n from devices) d",
    ),
    (
        "systems, browsers and screens go with the kind of device",
        "select bool_and(case os when 'iOS' then kind = 'phone' and browser in ('Safari', 'Chrome') when 'Windows' then kind = 'computer'
             and browser <> 'Safari' when 'iPadOS' then kind = 'tablet' else true end
             and (kind = 'phone') = (split_part(screen, 'x', 1)::int < 500)) from devices",
    ),
];

const BUYING: &[Claim] = &[
    (
        "who buys has come by cart and checkout, and no one else sees the confirmation",
        "select bool_and(has_bought = coalesce(way = 'cart,checkout,confirmation', false) and has_bought = (order_value is not null))
         from sessions s left join (
             select session_id, string_agg(kind, ',' order by page_no) way from page_views join pages on pages.id = page_id
             where kind in ('cart', 'checkout', 'confirmation') group by 1) w on session_id = s.id",
    ),
    ("one or two in a hundred buy, or a few more", "select avg(has_bought::int) between 0.015 and 0.06 from sessions"),
    (
        "computers buy more often than phones",
        "select avg(has_bought::int) filter (where kind = 'computer') > 1.2 * avg(has_bought::int) filter (where kind = 'phone')
         from sessions s join devices d on d.id = device_id",
    ),
    (
        "mail sells better than adverts",
        "select avg(has_bought::int) filter (where medium = 'mail') > avg(has_bought::int) filter (where medium in ('paid', 'social'))
         from sessions s join channels c on c.id = channel_id",
    ),
    (
        "what is done fits the page",
        "select bool_and(case i.kind when 'add_to_cart' then p.kind = 'product' when 'fill_in' then p.kind in ('checkout', 'account')
             when 'filter' then p.kind in ('category', 'search') when 'change_quantity' then p.kind = 'cart' else true end)
             and count(*) filter (where i.kind = 'add_to_cart') > 0
         from interactions i join page_views v using (session_id, page_no) join pages p on p.id = page_id",
    ),
];

const MACHINES: &[Claim] = &[
    (
        "pages take longer over slow connections, and a few take very long",
        "select percentile_cont(0.5) within group (order by load_ms) filter (where connection = '4g')
             > 1.4 * percentile_cont(0.5) within group (order by load_ms) filter (where connection = 'cable')
             and max(load_ms) > 4 * percentile_cont(0.5) within group (order by load_ms) and min(load_ms) > 100
         from page_views join sessions s on s.id = session_id join devices d on d.id = device_id",
    ),
    (
        "errors happen while a page is open, and some releases have several times as many as others",
        "select (select bool_and(occurred_at between viewed_at and left_at) from errors join page_views using (session_id, page_no))
             and max(rate) > 2.5 * min(rate) from (
             select release_id, count(e.id)::float / count(*) rate from sessions s
             join page_views v on v.session_id = s.id left join errors e using (session_id, page_no) group by 1) r",
    ),
    (
        "requests follow the day and the week",
        "select avg(r) filter (where h between 18 and 21) > 2.5 * avg(r) filter (where h between 6 and 8)
             and avg(r) filter (where day = 0) > 1.1 * avg(r) filter (where day = 3) from (
             select requests_per_second r, extract(hour from measured_at at time zone 'UTC') h,
                 extract(dow from measured_at at time zone 'UTC') as day from server_metrics) m",
    ),
    (
        "the processor follows the requests, and answers take longer when it is busy",
        "select corr(cpu_percent, requests_per_second) > 0.95
             and avg(p95_ms) filter (where cpu_percent > 70) > 1.5 * avg(p95_ms) filter (where cpu_percent < 30)
             and max(cpu_percent) <= 99 from server_metrics",
    ),
    (
        "each server is measured every half hour, and values next to each other are alike",
        "select bool_and(gap = interval '30 minutes') and corr(memory_percent, before) > 0.9 from (
             select memory_percent, lag(memory_percent) over w before, measured_at - lag(measured_at) over w gap
             from server_metrics window w as (partition by server_id order by measured_at)) m where gap is not null",
    ),
];

/// A tenth: eighty thousand rows.
const SCALE: &[&str] = &["specs/events.yaml", "--scale", "0.1"];

#[test]
fn what_the_spec_claims_is_true_of_the_data() {
    hold(SCALE, &[SEASONS, SESSIONS, DEVICES, BUYING, MACHINES].concat());
}

#[test]
fn who_buys_has_come_by_the_till_in_duckdb_too() {
    hold_in_duckdb(SCALE, &BUYING[..2]);
}
