//! The claims at the top of `specs/financial.yaml`, asked of a loaded database.

mod support;

use support::claims::{Claim, hold};

const EXCHANGES_HAVE_HOLIDAYS: &[Claim] = &[
    (
        "no exchange is open at weekends, at Christmas or on Good Friday",
        "select bool_and(extract(isodow from day) < 6 and to_char(day, 'MM-DD') <> '12-25'
             and day not in ('2023-04-07', '2024-03-29', '2025-04-18')) from trading_days",
    ),
    (
        "New York is closed on its own holidays, when Europe is open",
        "select count(*) filter (where country = 'US') = 0 and count(*) filter (where country <> 'US') = 9
         from trading_days d join exchanges e on e.id = exchange_id where day in ('2024-07-04', '2024-11-28', '2025-01-09')",
    ),
    (
        "every other weekday is there: New York misses 31 of three years, two sessions were left out",
        "select count(*) = 750 and max(day) - min(day) = 1091 and count(distinct day) = 750
         from trading_days d join exchanges e on e.id = exchange_id where mic = 'XNYS'",
    ),
    (
        "sessions are in order",
        "select bool_and(day > before) from (select day, lag(day) over (partition by exchange_id order by session) before
         from trading_days) d where before is not null",
    ),
    (
        "a share has a price on each day on which its exchange is open, and on no other",
        "select (select count(*) from daily_prices) = (select count(*) from listings) * 750
             and not exists (select from daily_prices p join listings l on l.id = listing_id
                 left join trading_days d on d.exchange_id = l.exchange_id and d.day = p.day where d.id is null)",
    ),
];

/// Logarithms of the adjusted close's steps.
const STEPS: &str = "with steps as (
     select listing_id, day, exchange_id, ln(adjusted_close / lag(adjusted_close) over w) step, volume,
         open / nullif(lag(close) over w, 0) gap, row_number() over w n
     from daily_prices p join listings l on l.id = listing_id window w as (partition by listing_id order by day))";

const PRICES_WALK: &[Claim] = &[
    (
        "low is lowest, high is highest, and all are above 0",
        "select bool_and(0 < low and low <= least(open, close) and greatest(open, close) <= high) from daily_prices",
    ),
    (
        "most days open within a few per cent of the close before",
        "select avg((gap between 0.96 and 1.04)::int) > 0.97 from steps where gap is not null",
    ),
    (
        "a year's volatility is that of shares: between 15 and 60 per cent for most",
        "select avg((sd between 0.15 and 0.60)::int) > 0.8 from (
             select stddev_samp(step) * sqrt(252) sd from steps group by listing_id) s",
    ),
    (
        "tails are fat: kurtosis is above that of the normal law for most",
        "select avg((k > 3.2)::int) > 0.7 from (select avg(z ^ 4) k from (
             select listing_id, (step - avg(step) over w) / stddev_pop(step) over w z from steps where step is not null
             window w as (partition by listing_id)) z group by listing_id) k",
    ),
    (
        "a share's steps are not correlated with those of the day before, but their sizes are",
        "select abs(avg(signed)) < 0.04 and avg(size) > 0.08 from (
             select corr(step, before) signed, corr(abs(step), abs(before)) size from (
                 select listing_id, step, lag(step) over (partition by listing_id order by n) before from steps) s
             group by listing_id) c",
    ),
    (
        "shares of one exchange move together, those of different continents do not",
        "select avg(c) filter (where a_exchange = b_exchange) > 0.1 and abs(avg(c) filter (where a_exchange <> b_exchange)) < 0.1
         from (select a.exchange_id a_exchange, b.exchange_id b_exchange, corr(a.step, b.step) c
             from steps a join steps b on a.day = b.day and a.listing_id < b.listing_id
             group by a.listing_id, b.listing_id, 1, 2) pairs",
    ),
    (
        "more is traded on days of large moves",
        "select corr(ln(volume), abs(step)) > 0.1 from (
             select step, volume / avg(volume) over (partition by listing_id) volume from steps) s where volume > 0",
    ),
];

const CORPORATE_ACTIONS: &[Claim] = &[
    ("there are splits and dividends", "select (select count(*) from splits) > 0 and (select count(*) from dividends) > 0"),
    (
        "a split divides the price and not the adjusted close",
        "select bool_and(p.close / before.close between 0.8 / ratio and 1.25 / ratio
             and p.adjusted_close / before.adjusted_close between 0.8 and 1.25)
         from (select listing_id, split_on, new_shares::numeric / old_shares ratio from splits) s
         join daily_prices p on p.listing_id = s.listing_id and p.day = split_on
         join lateral (select * from daily_prices b where b.listing_id = s.listing_id and b.day < split_on
             order by day desc limit 1) before on true",
    ),
    (
        "before a split the price is the adjusted one times its ratio, afterwards the same",
        "select bool_and(abs(close - adjusted_close * case when day < split_on then new_shares::numeric / old_shares else 1 end) < 0.01)
         from daily_prices join splits using (listing_id)",
    ),
    (
        "a dividend is a plausible share of the price on the day before, and is paid after the ex-date",
        "select bool_and(amount / close between 0.0002 and 0.03 and declared_on < ex_on and ex_on < paid_on)
         from (select d.*, (select close from daily_prices p where p.listing_id = d.listing_id and p.day < ex_on
             order by day desc limit 1) close from dividends d) d",
    ),
    (
        "dividends come every quarter",
        "select bool_and(ex_on - before between 80 and 105) from (
             select ex_on, lag(ex_on) over (partition by listing_id order by ex_on) before from dividends) d
         where before is not null",
    ),
];

const BOOKS_BALANCE: &[Claim] = &[
    (
        "debits and credits of every transaction are equal",
        "select bool_and(debit = credit and debit > 0) from (
             select sum(debit) debit, sum(credit) credit from postings group by transaction_id) t",
    ),
    (
        "a balance is the one before and the posting, and begins with what was brought forward",
        "select bool_and(balance_after = coalesce(before, opening_balance) + credit - debit) from (
             select p.*, opening_balance, lag(balance_after) over (partition by account_id order by p.id) before
             from postings p join accounts a on a.id = account_id) p",
    ),
    (
        "the last balance is the account's",
        "select bool_and(a.balance = coalesce(p.balance_after, a.opening_balance)) from accounts a
         left join (select distinct on (account_id) account_id, balance_after from postings where account_id is not null
             order by account_id, id desc) p on account_id = a.id",
    ),
    ("no account is overdrawn", "select min(balance_after) >= 0 from postings"),
    (
        "postings follow time",
        "select bool_and(booked_at >= before) from (
             select booked_at, lag(booked_at) over (partition by customer_id order by id) before from transactions) t
         where before is not null",
    ),
    (
        "lines on customers' accounts are of the customer, on the bank's account for such accounts",
        "select bool_and(a.customer_id = t.customer_id and l.code = case a.kind when 'checking' then '2010' else '2020' end)
         from postings p join transactions t on t.id = transaction_id join accounts a on a.id = account_id
         join ledger_accounts l on l.id = ledger_account_id",
    ),
    (
        "the trial balance: what the bank owns and spends is what it owes and earns",
        "select sum(debit - credit) filter (where class in ('asset', 'expense'))
              = sum(credit - debit) filter (where class in ('liability', 'income'))
         from postings join ledger_accounts l on l.id = ledger_account_id",
    ),
    (
        "interest is a twelfth of a rate between 0.5 and 4.5 per cent on what is saved",
        "select bool_and(amount * 1200 / saved between 0.4 and 4.6) from (
             select t.amount, opening_balance + coalesce((select sum(credit) from postings p
                 where p.account_id = a.id and p.transaction_id < t.id), 0) saved
             from transactions t join accounts a on a.customer_id = t.customer_id and a.kind = 'savings'
             where t.kind = 'interest') i",
    ),
];

const PEOPLE_LIVE_BY_MONTHS: &[Claim] = &[
    (
        "everybody is paid once a month, before the rent",
        "select bool_and(paid = 1 and rents = 1 and paid_at < rent_at) from (
             select count(*) filter (where kind = 'payroll') paid, count(*) filter (where kind = 'rent') rents,
                 min(booked_at) filter (where kind = 'payroll') paid_at, min(booked_at) filter (where kind = 'rent') rent_at
             from transactions group by customer_id, date_trunc('month', booked_at)) m",
    ),
    (
        "cards are those of who pays, and issued before",
        "select bool_and(c.customer_id = t.customer_id and booked_at::date between issued_on and expires_on)
         from transactions t join cards c on c.id = card_id",
    ),
    (
        "exactly card purchases have a merchant",
        "select bool_and((kind = 'card_purchase') = (merchant_id is not null)) from transactions",
    ),
    (
        "groceries are bought more often than jewellery",
        "select count(*) filter (where mcc = '5411') > 10 * count(*) filter (where mcc = '5944')
         from transactions t join merchants m on m.id = merchant_id where not is_fraud",
    ),
    (
        "a tenth of the merchants has a third of the purchases or more",
        "select sum(n) filter (where rank <= 0.1 * (select count(*) from merchants)) / sum(n) > 0.33 from (
             select count(*) n, row_number() over (order by count(*) desc) rank from transactions
             where merchant_id is not null group by merchant_id) m",
    ),
    (
        "nights are quiet",
        "select avg((extract(hour from booked_at at time zone 'UTC') < 6)::int) < 0.06 from transactions",
    ),
    (
        "customers were adults when they joined",
        "select bool_and(birth_date + interval '18 years' <= joined_on) from customers",
    ),
];

const FRAUD: &[Claim] = &[
    (
        "one in a hundred card purchases is labelled, and nothing else",
        "select abs(avg(is_fraud::int) filter (where kind = 'card_purchase') - 0.01) < 0.003
             and count(*) filter (where is_fraud and kind <> 'card_purchase') = 0 from transactions",
    ),
    (
        "fraud is larger",
        "select avg(amount) filter (where is_fraud) > 3 * avg(amount) filter (where not is_fraud)
         from transactions where kind = 'card_purchase'",
    ),
    (
        "thieves like electronics, jewels and games",
        "select avg((mcc in ('5732', '5944', '5816'))::int) filter (where is_fraud) > 0.25
             and avg((mcc in ('5732', '5944', '5816'))::int) filter (where not is_fraud) < 0.15
         from transactions t join merchants m on m.id = merchant_id",
    ),
];

const LOANS_AMORTISE: &[Claim] = &[
    (
        "principal adds up to the loan, in as many instalments as the term says",
        "select bool_and(p = l.principal and n = term_months and last = 0) from loans l join (
             select loan_id, sum(principal) p, count(*) n, min(closing_balance) last from loan_instalments group by 1) i
         on loan_id = l.id",
    ),
    (
        "instalments are equal but for the last, which differs by cents",
        "select bool_and(i.payment = l.payment or number = term_months and abs(i.payment - l.payment) < 0.5)
         from loan_instalments i join loans l on l.id = loan_id",
    ),
    (
        "interest is a twelfth of the rate on what is left, to the cent",
        "select bool_and(abs(interest - opening_balance * annual_rate / 1200) < 0.016)
         from loan_instalments i join loans l on l.id = loan_id",
    ),
    (
        "an instalment begins where the one before ended",
        "select bool_and(opening_balance = before) from (select i.opening_balance, coalesce(lag(closing_balance)
             over (partition by loan_id order by number), l.principal) before
             from loan_instalments i join loans l on l.id = loan_id) i",
    ),
    (
        "what is outstanding is what the last paid instalment left",
        "select bool_and(l.outstanding = l.principal - paid and (status = 'repaid') = (l.outstanding = 0)) from loans l join (
             select loan_id, coalesce(sum(principal) filter (where is_paid), 0) paid from loan_instalments group by 1) i
         on loan_id = l.id",
    ),
    (
        "exactly the instalments of the ledger's months were paid from the account, in their month",
        "select count(*) > 0 and count(*) filter (where i.loan_id is null or t.customer_id is null) = 0 from (
             select customer_id, date_trunc('month', booked_at at time zone 'UTC')::date m, amount from transactions
             where kind = 'loan_repayment') t
         full join (select l.customer_id, date_trunc('month', due_on)::date m, i.payment amount, i.loan_id
             from loan_instalments i join loans l on l.id = loan_id where due_on between '2025-01-01' and '2025-12-31') i
         using (customer_id, m, amount)",
    ),
    (
        "better scores pay less",
        "select corr(annual_rate, credit_score) < -0.9 from loans l join customers c on c.id = customer_id",
    ),
];

#[test]
fn what_the_spec_claims_is_true_of_the_data() {
    let walk: Vec<(&str, String)> =
        PRICES_WALK.iter().map(|(claim, sql)| (*claim, format!("{STEPS} {sql}"))).collect();
    let walk: Vec<Claim> = walk.iter().map(|(claim, sql)| (*claim, sql.as_str())).collect();
    let chapters = [
        EXCHANGES_HAVE_HOLIDAYS,
        &walk,
        CORPORATE_ACTIONS,
        BOOKS_BALANCE,
        PEOPLE_LIVE_BY_MONTHS,
        FRAUD,
        LOANS_AMORTISE,
    ];
    hold(&["specs/financial.yaml", "--scale", "0.06"], &chapters.concat());
}

#[test]
fn duckdb_reads_it_from_parquet() {
    support::claims::hold_in_duckdb(
        &["specs/financial.yaml", "--scale", "0.02"],
        &[
            (
                "every listing has its prices",
                "select count(*) = 750 * (select count(*) from listings) from daily_prices",
            ),
            ("the books balance", "select sum(debit) = sum(credit) and count(*) > 1000 from postings"),
        ],
    );
}
