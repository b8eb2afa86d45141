//! What `specs/tpcds.yaml` claims about its fact tables: sales, returns and stocks.

use crate::support::benchmark::Claim;

/// True of both databases.
pub const COMMON: &[Claim] = &[
    (
        "a ticket and an order by web have 8 to 16 lines, one by catalog 4 to 14, each number as often",
        "select bool_and(low = fewest and high = largest and least_often > 0.85 * most_often) from (
             select fewest, largest, min(lines) as low, max(lines) as high, min(n) as least_often, max(n) as most_often
             from (select fewest, largest, lines, count(*) as n from (
                       select 8 as fewest, 16 as largest, count(*) as lines from store_sales group by ss_ticket_number
                       union all select 4, 14, count(*) from catalog_sales group by cs_order_number
                       union all select 8, 16, count(*) from web_sales group by ws_order_number) group by all)
             group by fewest, largest)",
    ),
    (
        "no item stands twice on a ticket or in an order",
        "select (select count(*) = count(distinct (ss_item_sk, ss_ticket_number)) from store_sales)
             and (select count(*) = count(distinct (cs_item_sk, cs_order_number)) from catalog_sales)
             and (select count(*) = count(distinct (ws_item_sk, ws_order_number)) from web_sales)",
    ),
    (
        "the lines of a ticket or an order share its day, time, people and place, where these are written",
        "select (select bool_and(day <= 1 and time <= 1 and who <= 1 and store <= 1) from (
                     select count(distinct ss_sold_date_sk) as day, count(distinct ss_sold_time_sk) as time,
                         count(distinct (ss_customer_sk, ss_cdemo_sk, ss_hdemo_sk, ss_addr_sk))
                             filter (ss_customer_sk + ss_cdemo_sk + ss_hdemo_sk + ss_addr_sk is not null) as who,
                         count(distinct ss_store_sk) as store
                     from store_sales group by ss_ticket_number))
             and (select bool_and(day <= 1 and buyer <= 1 and receiver <= 1 and center <= 1) from (
                     select count(distinct cs_sold_date_sk) as day, count(distinct cs_bill_cdemo_sk) as buyer,
                         count(distinct cs_ship_addr_sk) as receiver, count(distinct cs_call_center_sk) as center
                     from catalog_sales group by cs_order_number))",
    ),
    (
        "every line of a sale adds up to the cent",
        "select bool_and(coalesce(ss_ext_sales_price = ss_sales_price * ss_quantity, true)
                 and coalesce(ss_ext_list_price = ss_list_price * ss_quantity, true)
                 and coalesce(ss_ext_wholesale_cost = ss_wholesale_cost * ss_quantity, true)
                 and coalesce(ss_ext_discount_amt = ss_coupon_amt, true)
                 and coalesce(ss_net_paid = ss_ext_sales_price - ss_coupon_amt, true)
                 and coalesce(ss_net_paid_inc_tax = ss_net_paid + ss_ext_tax, true)
                 and coalesce(ss_net_profit = ss_net_paid - ss_ext_wholesale_cost, true)
                 and coalesce(ss_list_price between ss_wholesale_cost and 2 * ss_wholesale_cost, true)
                 and coalesce(ss_sales_price <= ss_list_price, true))
         from store_sales",
    ),
    (
        "every line that is sent adds up, with its shipment",
        "select bool_and(coalesce(ext_sales = sales * quantity and discount = ext_list - ext_sales and paid = ext_sales - coupon, true)
                 and coalesce(with_ship = paid + ship and with_all = with_ship + tax and profit = paid - ext_wholesale, true)
                 and coalesce(list between wholesale and 3 * wholesale and ship <= 0.5 * list * quantity, true))
         from (select cs_quantity quantity, cs_wholesale_cost wholesale, cs_list_price list, cs_sales_price sales,
                   cs_ext_discount_amt discount, cs_ext_sales_price ext_sales, cs_ext_wholesale_cost ext_wholesale,
                   cs_ext_list_price ext_list, cs_ext_tax tax, cs_coupon_amt coupon, cs_ext_ship_cost ship, cs_net_paid paid,
                   cs_net_paid_inc_ship with_ship, cs_net_paid_inc_ship_tax with_all, cs_net_profit profit from catalog_sales
               union all
               select ws_quantity, ws_wholesale_cost, ws_list_price, ws_sales_price, ws_ext_discount_amt, ws_ext_sales_price,
                   ws_ext_wholesale_cost, ws_ext_list_price, ws_ext_tax, ws_coupon_amt, ws_ext_ship_cost, ws_net_paid,
                   ws_net_paid_inc_ship, ws_net_paid_inc_ship_tax, ws_net_profit from web_sales)",
    ),
    (
        "one line in five has a coupon, which takes half of the price on average; taxes are whole hundredths up to nine",
        "select avg((ss_coupon_amt > 0)::int) between 0.18 and 0.21
             and avg(ss_coupon_amt / ss_ext_sales_price) filter (ss_coupon_amt > 0) between 0.48 and 0.53
             and count(distinct round(100 * ss_ext_tax / ss_net_paid)) filter (ss_net_paid > 1000) = 10
         from store_sales",
    ),
    (
        "nulls come together: one row in eleven of a ticket has about eight, the others have none",
        "select avg((n > 0)::int) between 0.086 and 0.094 and avg(n) filter (n > 0) between 10 and 11 from (
             select (ss_sold_date_sk is null)::int + (ss_sold_time_sk is null)::int + (ss_customer_sk is null)::int
                 + (ss_cdemo_sk is null)::int + (ss_hdemo_sk is null)::int + (ss_addr_sk is null)::int
                 + (ss_store_sk is null)::int + (ss_promo_sk is null)::int + (ss_quantity is null)::int
                 + (ss_wholesale_cost is null)::int + (ss_list_price is null)::int + (ss_sales_price is null)::int
                 + (ss_ext_discount_amt is null)::int + (ss_ext_sales_price is null)::int + (ss_ext_wholesale_cost is null)::int
                 + (ss_ext_list_price is null)::int + (ss_ext_tax is null)::int + (ss_coupon_amt is null)::int
                 + (ss_net_paid is null)::int + (ss_net_paid_inc_tax is null)::int + (ss_net_profit is null)::int n
             from store_sales)",
    ),
    (
        "the half of the year from August on has two thirds of the sales, and its last two months a third",
        "select avg((d_moy >= 8)::int) between 0.64 and 0.68 and avg((d_moy >= 11)::int) between 0.31 and 0.345
             and min(d_date) = date '1998-01-02' and max(d_date) >= date '2002-12-31'
         from store_sales join date_dim on d_date_sk = ss_sold_date_sk",
    ),
    (
        "stores sell from 8 to 21 o'clock, most at 10, 14 and 17; the others at any hour",
        "select (select min(ss_sold_time_sk) >= 28800 and max(ss_sold_time_sk) < 75600
                     and avg((ss_sold_time_sk // 3600 in (10, 14, 17))::int) between 0.34 and 0.38 from store_sales)
             and (select count(distinct ws_sold_time_sk // 3600) = 24 from web_sales)",
    ),
    (
        "orders by catalog are numbered in the order of their days",
        "select bool_and(day >= earlier) from (
             select day, lag(day, 1, 0) over (order by number) as earlier
             from (select cs_order_number number, max(cs_sold_date_sk) as day from catalog_sales group by number) where day is not null)",
    ),
    (
        "what is ordered is sent 2 to 90 days later by catalog, 1 to 120 by web",
        "select (select min(cs_ship_date_sk - cs_sold_date_sk) = 2 and max(cs_ship_date_sk - cs_sold_date_sk) = 90 from catalog_sales)
             and (select min(ws_ship_date_sk - ws_sold_date_sk) = 1 and max(ws_ship_date_sk - ws_sold_date_sk) = 120 from web_sales)",
    ),
    (
        "one order by catalog in nine goes to somebody else, and eleven of twelve by web",
        "select (select avg((cs_ship_customer_sk <> cs_bill_customer_sk)::int) between 0.10 and 0.12 from catalog_sales)
             and (select avg((ws_ship_customer_sk <> ws_bill_customer_sk)::int) between 0.90 and 0.94 from web_sales)",
    ),
    (
        "catalogs are those that are issued on the day: half-yearly, quarterly or monthly",
        "select bool_and((cs_catalog_page_sk - 1) // 108 in (c + d // 184, c + d // 91, c + d // 31)) from (
             select cs_catalog_page_sk, greatest(0, cs_sold_date_sk - 2450816) % 365 d, greatest(0, cs_sold_date_sk - 2450816) // 365 * 18 c
             from catalog_sales where cs_catalog_page_sk is not null and cs_sold_date_sk is not null)",
    ),
    (
        "one line in ten is returned, and only what was sold",
        "select (select count(*) from store_returns) between 0.098 * (select count(*) from store_sales) and 0.102 * (select count(*) from store_sales)
             and not exists (from store_returns anti join store_sales on ss_item_sk = sr_item_sk and ss_ticket_number = sr_ticket_number)
             and not exists (from catalog_returns anti join catalog_sales on cs_item_sk = cr_item_sk and cs_order_number = cr_order_number)
             and not exists (from web_returns anti join web_sales on ws_item_sk = wr_item_sk and ws_order_number = wr_order_number)",
    ),
    (
        "returns come later, and no more than was sold; most to a store by who bought it",
        "select min(sr_returned_date_sk - ss_sold_date_sk) = 4 and max(sr_returned_date_sk - ss_sold_date_sk) = 180
             and max(sr_return_quantity - ss_quantity) = 0 and min(sr_return_quantity) = 1
             and avg((sr_customer_sk = ss_customer_sk)::int) between 0.77 and 0.81
         from store_returns join store_sales on ss_item_sk = sr_item_sk and ss_ticket_number = sr_ticket_number",
    ),
    (
        "what is paid back to a store is what was paid, in cash, off the card and as credit, to the cent",
        "select bool_and(coalesce(sr_return_amt = ss_sales_price * sr_return_quantity, true)
                 and coalesce(sr_return_amt = sr_refunded_cash + sr_reversed_charge + sr_store_credit, true)
                 and coalesce(sr_return_amt_inc_tax = sr_return_amt + sr_return_tax, true)
                 and coalesce(sr_net_loss = sr_return_ship_cost + sr_return_tax + sr_fee, true)
                 and coalesce(abs(sr_return_tax * ss_net_paid - sr_return_amt * ss_ext_tax) <= ss_net_paid + sr_return_amt + 1, true))
         from store_returns join store_sales on ss_item_sk = sr_item_sk and ss_ticket_number = sr_ticket_number",
    ),
    (
        "the buyer by catalog gets the money; who sends it back is the receiver in one case of ten",
        "select bool_and(coalesce(cr_refunded_customer_sk = cs_bill_customer_sk, true))
             and avg((cr_returning_customer_sk = cs_ship_customer_sk)::int) between 0.085 and 0.115
             and min(cr_returned_date_sk - cs_ship_date_sk) = 4 and max(cr_returned_date_sk - cs_ship_date_sk) = 180
             and bool_and(coalesce(cr_return_amount = cs_sales_price * cr_return_quantity, true))
             and bool_and(coalesce(cr_catalog_page_sk = cs_catalog_page_sk and cr_call_center_sk = cs_call_center_sk, true))
         from catalog_returns join catalog_sales on cs_item_sk = cr_item_sk and cs_order_number = cr_order_number",
    ),
    (
        "by web the receiver returns one of fourteen, and who returns gets the money",
        "select bool_and(coalesce(wr_refunded_customer_sk = wr_returning_customer_sk, true))
             and avg((wr_refunded_customer_sk = ws_ship_customer_sk)::int) between 0.055 and 0.085
             and bool_and(coalesce(wr_web_page_sk = ws_web_page_sk, true))
             and min(wr_returned_date_sk - ws_ship_date_sk) between 2 and 3
             and max(wr_returned_date_sk - ws_ship_date_sk) between 239 and 240
         from web_returns join web_sales on ws_item_sk = wr_item_sk and ws_order_number = wr_order_number",
    ),
    (
        "stocks are counted in 261 weeks, every seventh day, and up to 1000 are there; one count in twenty is missing",
        "select count(distinct inv_date_sk) = 261 and min(inv_date_sk) = 2450815 and max(inv_date_sk) = 2452635
             and min(inv_quantity_on_hand) = 0 and max(inv_quantity_on_hand) = 1000
             and avg((inv_quantity_on_hand is null)::int) between 0.049 and 0.051 from inventory",
    ),
];

/// True of datagen's data; dsdgen's histories shrink below scale 1, and its versions lie beside those of the day now and then.
pub const OWN: &[Claim] = &[
    (
        // An item's second version of three is sold a day before it is dated, as the benchmark dates it.
        "items are sold in the version of the day",
        "select avg((d_date >= i_rec_start_date and (i_rec_end_date is null or d_date <= i_rec_end_date))::int) > 0.999
         from store_sales join date_dim on d_date_sk = ss_sold_date_sk join item on i_item_sk = ss_item_sk
         where i_rec_start_date is not null",
    ),
    (
        "each week counts each item once in each warehouse",
        "select count(*) = 261 * 5 * (select count(distinct i_item_id) from item)
             and count(distinct (inv_date_sk, inv_warehouse_sk, i_item_id)) = count(*)
         from inventory join item on i_item_sk = inv_item_sk",
    ),
    (
        "tickets are of the first versions of stores",
        "select (select count(distinct ss_store_sk) = 6 and max(ss_store_sk) = 10 from store_sales)
             and (select count(distinct sr_store_sk) = 6 and max(sr_store_sk) = 10 from store_returns)",
    ),
];
