//! `specs/tpch.yaml` beside the data of DuckDB's dbgen: the benchmark's queries, keys, derived values, shares and ranges.
//!
//! Every claim is asked of both databases, so that none is held that is not true of the benchmark.

mod support;

use support::benchmark::{self, Claim};

/// Large enough that every query returns rows, and small enough for a debug build.
const SCALE: &str = "0.1";

const QUERIES_RUN: &[Claim] = &[
    (
        "each of the 22 queries returns rows where dbgen's data gives it some",
        "select count(*) = 22 and bool_and(made > 0 or dbgen = 0) from queries",
    ),
    (
        "queries that return groups of fixed kinds return as many rows",
        "select bool_and(made = dbgen) from queries where number not in (2, 11, 13, 16, 18, 20, 21)",
    ),
    (
        "the others, which depend on a few draws, return about as many where they return hundreds",
        "select bool_and(made between 0.75 * dbgen and 1.25 * dbgen) from queries where dbgen > 500",
    ),
    (
        "customers have about as many different numbers of orders",
        "select made between 30 and 45 from queries where number = 13",
    ),
];

const ROWS: &[Claim] = &[
    (
        "small tables and those that grow with the scale have the benchmark's numbers of rows",
        "select (select count(*) from region) = 5 and (select count(*) from nation) = 25
             and (select count(*) from supplier) = 1000 and (select count(*) from part) = 20000
             and (select count(*) from partsupp) = 80000 and (select count(*) from customer) = 15000
             and (select count(*) from orders) = 150000",
    ),
    ("an order has four lines on average", "select count(*) between 598000 and 602000 from lineitem"),
    (
        "from one to seven lines are as likely, and they are numbered from 1",
        "select count(*) = 7 and min(lines) = 1 and max(lines) = 7 and min(n) > 0.99 * max(n) - 200 and bool_and(last)
         from (select lines, count(*) n, bool_and(high = lines) as last
               from (select count(*) lines, max(l_linenumber) high from lineitem group by l_orderkey) group by lines)",
    ),
];

const KEYS_HOLD: &[Claim] = &[
    (
        "primary keys are different",
        "select (select count(*) = count(distinct r_regionkey) from region) and (select count(*) = count(distinct n_nationkey) from nation)
             and (select count(*) = count(distinct s_suppkey) from supplier) and (select count(*) = count(distinct p_partkey) from part)
             and (select count(*) = count(distinct (ps_partkey, ps_suppkey)) from partsupp)
             and (select count(*) = count(distinct c_custkey) from customer)
             and (select count(*) = count(distinct o_orderkey) from orders)
             and (select count(*) = count(distinct (l_orderkey, l_linenumber)) from lineitem)",
    ),
    (
        "every foreign key leads to a row",
        "select not exists (from nation anti join region on r_regionkey = n_regionkey)
             and not exists (from supplier anti join nation on n_nationkey = s_nationkey)
             and not exists (from customer anti join nation on n_nationkey = c_nationkey)
             and not exists (from partsupp anti join part on p_partkey = ps_partkey)
             and not exists (from partsupp anti join supplier on s_suppkey = ps_suppkey)
             and not exists (from orders anti join customer on c_custkey = o_custkey)
             and not exists (from lineitem anti join orders on o_orderkey = l_orderkey)
             and not exists (from lineitem anti join partsupp on ps_partkey = l_partkey and ps_suppkey = l_suppkey)",
    ),
    (
        "nations are in their regions",
        "select string_agg(n_regionkey, '' order by n_nationkey) = '0111403322442400012342331' from nation",
    ),
    (
        "a part has four suppliers, which follow from its key",
        "select bool_and(n = 4 and found = formula) from (
             select ps_partkey, count(*) n, list_sort(list(ps_suppkey)) found,
                 list_sort([(ps_partkey + i * (1000 // 4 + (ps_partkey - 1) // 1000)) % 1000 + 1 for i in range(4)]) formula
             from partsupp group by ps_partkey)",
    ),
    (
        "lines take each of a part's four suppliers as often",
        "select count(*) = 4 and min(n) > 0.98 * max(n) from (
             select count(*) n from lineitem group by (l_suppkey - l_partkey - 1 + 100000) % 1000
                 // (1000 // 4 + (l_partkey - 1) // 1000))",
    ),
    (
        "order keys are the first 8 of every 32, in the order of the rows",
        "select bool_and(o_orderkey % 32 < 8) and max(o_orderkey) = 600000 and min(o_orderkey) = 1 from orders",
    ),
    ("no customer whose key is a multiple of 3 orders", "select bool_and(o_custkey % 3 <> 0) from orders"),
    (
        "two thirds of the customers order, half of them up to 14 times, few more than 30 times",
        "select count(*) = 10000 and quantile_disc(n, 0.5) between 13 and 15 and quantile_disc(n, 0.99) between 28 and 32
         from (select count(*) n from orders group by o_custkey)",
    ),
];

const VALUES_FOLLOW: &[Claim] = &[
    (
        "a part's price follows from its key",
        "select bool_and(p_retailprice * 100 = 90000 + p_partkey // 10 % 20001 + 100 * (p_partkey % 1000)) from part",
    ),
    (
        "a line's price is quantity times the part's",
        "select bool_and(l_extendedprice = l_quantity * p_retailprice) from lineitem join part on p_partkey = l_partkey",
    ),
    (
        "an order's total and state are those of its lines",
        "select bool_and(o_totalprice = total)
             and bool_and(o_orderstatus = case when shipped = lines then 'F' when shipped = 0 then 'O' else 'P' end)
         from orders join (
             select l_orderkey, count(*) lines, count(*) filter (l_linestatus = 'F') shipped,
                 sum((l_extendedprice * 100)::bigint * (100 - (l_discount * 100)::bigint) // 100
                     * (100 + (l_tax * 100)::bigint) // 100)::decimal(18, 0) / 100 total
             from lineitem group by l_orderkey) on l_orderkey = o_orderkey",
    ),
    (
        "lines are shipped, due and received in the days after the order",
        "select bool_and(l_shipdate - o_orderdate between 1 and 121) and bool_and(l_commitdate - o_orderdate between 30 and 90)
             and bool_and(l_receiptdate - l_shipdate between 1 and 30)
             and count(distinct l_shipdate - o_orderdate) = 121 and count(distinct l_commitdate - o_orderdate) = 61
             and count(distinct l_receiptdate - l_shipdate) = 30
         from lineitem join orders on o_orderkey = l_orderkey",
    ),
    (
        "flags follow from the dates",
        "select bool_and(l_linestatus = case when l_shipdate > date '1995-06-17' then 'O' else 'F' end)
             and bool_and((l_returnflag = 'N') = (l_receiptdate > date '1995-06-17')) from lineitem",
    ),
    (
        "names, brands and telephone numbers follow from keys, makers and nations",
        "select (select bool_and(s_name = format('Supplier#{:09d}', s_suppkey)) from supplier)
             and (select bool_and(c_name = format('Customer#{:09d}', c_custkey)) from customer)
             and (select bool_and(p_brand[7] = p_mfgr[14]) from part)
             and (select bool_and(c_phone[1:2]::int = c_nationkey + 10) from customer)
             and (select bool_and(s_phone[1:2]::int = s_nationkey + 10) from supplier)
             and (select bool_and(regexp_full_match(c_phone, '\\d\\d-[1-9]\\d\\d-[1-9]\\d\\d-[1-9]\\d\\d\\d')) from customer)",
    ),
];

const SHARES_ARE_NEAR: &[Claim] = &[
    (
        "flags and states of lines",
        "select abs(avg((l_returnflag = 'A' and l_linestatus = 'F')::int) - 0.2464) < 0.003
             and abs(avg((l_returnflag = 'R' and l_linestatus = 'F')::int) - 0.2464) < 0.003
             and abs(avg((l_returnflag = 'N' and l_linestatus = 'O')::int) - 0.5007) < 0.004
             and abs(avg((l_returnflag = 'N' and l_linestatus = 'F')::int) - 0.0065) < 0.0006 from lineitem",
    ),
    (
        "states of orders",
        "select abs(avg((o_orderstatus = 'F')::int) - 0.4863) < 0.005 and abs(avg((o_orderstatus = 'O')::int) - 0.4880) < 0.005
             and abs(avg((o_orderstatus = 'P')::int) - 0.0257) < 0.002 from orders",
    ),
    (
        "kinds are as likely as each other",
        "select bool_and(least > 0.9 * most) from (
             select min(n) least, max(n) most from (select count(*) n from lineitem group by l_shipmode)
             union all select min(n), max(n) from (select count(*) n from lineitem group by l_shipinstruct)
             union all select min(n), max(n) from (select count(*) n from lineitem group by l_discount)
             union all select min(n), max(n) from (select count(*) n from lineitem group by l_quantity)
             union all select min(n), max(n) from (select count(*) n from orders group by o_orderpriority)
             union all select min(n), max(n) from (select count(*) n from customer group by c_mktsegment)
             union all select min(n), max(n) from (select count(*) n from part group by p_mfgr))",
    ),
    (
        "kinds have the benchmark's names",
        "select (select list_sort(list(distinct l_shipmode)) from lineitem) = (select list_sort(list(distinct l_shipmode)) from dbgen.lineitem)
             and (select list_sort(list(distinct l_shipinstruct)) from lineitem) = (select list_sort(list(distinct l_shipinstruct)) from dbgen.lineitem)
             and (select list_sort(list(distinct o_orderpriority)) from orders) = (select list_sort(list(distinct o_orderpriority)) from dbgen.orders)
             and (select list_sort(list(distinct c_mktsegment)) from customer) = (select list_sort(list(distinct c_mktsegment)) from dbgen.customer)
             and (select list_sort(list(distinct p_type)) from part) = (select list_sort(list(distinct p_type)) from dbgen.part)
             and (select list_sort(list(distinct p_container)) from part) = (select list_sort(list(distinct p_container)) from dbgen.part)
             and (select list_sort(list(distinct p_brand)) from part) = (select list_sort(list(distinct p_brand)) from dbgen.part)
             and (select list_sort(list(distinct n_name)) from nation) = (select list_sort(list(distinct n_name)) from dbgen.nation)
             and (select list_sort(list(distinct r_name)) from region) = (select list_sort(list(distinct r_name)) from dbgen.region)",
    ),
];

/// Where a column's facts differ from dbgen's for a reason, its claim leaves it out and says why.
const COLUMNS_ARE_ALIKE: &[Claim] = &[
    ("both have the same 61 columns", "select count(*) = 61 and count(made_type) = 61 and count(dbgen_type) = 61 from facts"),
    ("nothing is null", "select bool_and(made_nulls = 0 and dbgen_nulls = 0) from facts"),
    (
        // Keys are of 64 bits and other integers of 32, as tpchgen-cli has them; DuckDB mixes both.
        "types are the same but for the width of integers",
        "select bool_and(made_type = dbgen_type or (made_type like '%INT%' and dbgen_type like '%INT%')) from facts",
    ),
    (
        // The greatest of so many sums is a matter of chance.
        "numbers and dates reach as low and as high, but for the greatest order",
        "select bool_and(made_low - dbgen_low between -0.01 * (dbgen_high - dbgen_low) and 0.01 * (dbgen_high - dbgen_low)
             and made_high - dbgen_high between -0.01 * (dbgen_high - dbgen_low) and 0.01 * (dbgen_high - dbgen_low))
         from facts where dbgen_low is not null and name <> 'o_totalprice'",
    ),
    (
        "columns of few values have as many, others within three in a hundred",
        "select bool_and(made_how_many = dbgen_how_many or dbgen_how_many > 200
                         and made_how_many between 0.97 * dbgen_how_many and 1.03 * dbgen_how_many) from facts",
    ),
    (
        // The words of p_name are others; five regions and 25 nations are too few comments to meet both ends.
        "texts are as short and as long, but for names of parts and comments of regions and nations",
        "select bool_and(made_shortest = dbgen_shortest and made_longest = dbgen_longest) from facts
         where dbgen_shortest is not null and name not in ('p_name', 'r_comment', 'n_comment')",
    ),
];

const WORDS_ARE_AS_OFTEN: &[Claim] = &[
    (
        "each pair of words that Q13 looks for is in a hundredth of the orders' comments",
        "select bool_and(often between 0.008 and 0.013) from (
             select avg((o_comment like '%' || a || '%' || b || '%')::int) as often
             from (select unnest(['special', 'pending', 'unusual', 'express']) a),
                 (select unnest(['packages', 'requests', 'accounts', 'deposits']) b), orders group by a, b)",
    ),
    (
        "one supplier in a thousand is complained of or recommended",
        "select count(*) between 1 and 3 from supplier where s_comment like '%Customer%Complaints%' or s_comment like '%Customer%Recommends%'",
    ),
    (
        "a part's name is five different words of 92",
        "select bool_and(len(words) = 5 and len(list_distinct(words)) = 5) and count(distinct w) = 92
         from (select words, unnest(words) w from (select string_split(p_name, ' ') words from part))",
    ),
    (
        "the colours that Q9 and Q20 look for are in 5 of 92 names, and first in 1 of 92",
        "select abs(avg((p_name like '%green%')::int) * 92 / 5 - 1) < 0.15 and abs(avg((p_name like 'forest%')::int) * 92 - 1) < 0.2 from part",
    ),
];

#[test]
fn what_the_spec_claims_is_true_of_its_data_and_of_dbgen_s() {
    let chapters =
        [QUERIES_RUN, ROWS, KEYS_HOLD, VALUES_FOLLOW, SHARES_ARE_NEAR, COLUMNS_ARE_ALIKE, WORDS_ARE_AS_OFTEN];
    benchmark::hold("tpch", SCALE, &chapters.concat(), &[]);
}
