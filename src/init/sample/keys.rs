//! Keys of samples, and which columns refer to them.

use super::Sample;
use super::profile::Profile;
use crate::init::shape::significant;
use crate::init::sketch::Rows;
use crate::value::SqlType;

/// What was found in one sample; columns are indexes into its.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    pub primary_key: Vec<usize>,
    pub references: Vec<Found>,
    /// Columns that are unique beside the primary key.
    pub uniques: Vec<usize>,
    /// The column that numbers the rows of a parent.
    pub line: Option<usize>,
    /// Rows, if they are made for each row of a parent.
    pub rows: Option<Rows>,
    pub notes: Vec<String>,
}

/// A reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub column: usize,
    /// The sample whose primary key it holds.
    pub parent: usize,
    /// How its rows spread over the parent's, if that is not what chance does.
    pub distribution: Option<String>,
}

/// Endings of columns that are keys.
const ENDINGS: [&str; 9] = ["_id", "_key", "_code", "_uuid", "_no", "_nr", "_number", "_ref", "_fk"];
/// Other names of columns that may be a part of a key.
const PARTS: [&str; 9] = ["id", "line", "nr", "no", "number", "position", "seq", "version", "code"];
/// What a reference to the same table is called.
const SELF: [&str; 9] = [
    "parent",
    "manager",
    "supervisor",
    "boss",
    "referrer",
    "reports_to",
    "previous",
    "replaced_by",
    "mentor",
];
/// Texts that are unique on purpose.
const UNIQUE: [&str; 12] = [
    "email", "username", "login", "slug", "sku", "isbn", "iban", "number", "code", "handle", "serial", "key",
];

/// Whether a column may be a part of a key, by its name.
pub fn may_be_part(name: &str) -> bool {
    let name = snake_case(name);
    PARTS.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// `customerId` and `Customer ID` as `customer_id`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if c.is_uppercase() && after_small {
            out.push('_');
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
        match c {
            ' ' | '-' | '.' => out.push('_'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

fn singular(table: &str) -> String {
    if let Some(stem) = table.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let es = ["sses", "xes", "ches", "shes"].iter().any(|ending| table.ends_with(ending));
    table.strip_suffix(if es { "es" } else { "s" }).unwrap_or(table).to_owned()
}

/// Finds them in all samples.
pub fn find(samples: &[Sample]) -> Vec<Keys> {
    let mut found: Vec<Keys> =
        samples.iter().map(|sample| Keys { primary_key: primary_key(sample), ..Keys::default() }).collect();
    for at in 0..samples.len() {
        for column in 0..samples[at].columns.len() {
            let reference = parent_of(samples, &found, at, column);
            found[at].references.extend(reference);
        }
        settle_rows(samples, &mut found[at], at);
        found[at].uniques = uniques(&samples[at], &found[at]);
    }
    found
}

fn is_key_type(profile: &Profile) -> bool {
    matches!(
        profile.sql_type(true),
        SqlType::SmallInt | SqlType::Int | SqlType::BigInt | SqlType::Uuid | SqlType::Text
    )
}

/// The column that is most likely meant as the key; else a pair of columns.
fn primary_key(sample: &Sample) -> Vec<usize> {
    let table = singular(&snake_case(&sample.name));
    let rank = |at: usize| {
        let name = snake_case(&sample.columns[at].name);
        let ending = name.strip_prefix(&table).unwrap_or("");
        match () {
            () if name == "id" => Some(0),
            () if ENDINGS.contains(&ending) => Some(1),
            () if ["uuid", "key", "code", "number", "no", "nr", "sku", "isbn"].contains(&name.as_str()) => {
                Some(2)
            }
            // A reference to another table that is unique too is none of ours, unless it comes first.
            () if at == 0 => Some(3),
            () => None,
        }
    };
    let is_candidate = |at: &usize| sample.columns[*at].is_key() && is_key_type(&sample.columns[*at]);
    let candidates = (0..sample.columns.len()).filter(is_candidate);
    let best = candidates.filter_map(|at| Some((rank(at)?, at))).min();
    if let Some((_, at)) = best {
        return vec![at];
    }
    let is_whole = |at: usize| sample.columns[at].nulls == 0;
    let pair = sample.pairs.iter().find(|(first, second, distinct)| {
        is_whole(*first) && is_whole(*second) && distinct.is_unique() && sample.rows > 1
    });
    pair.map_or(vec![], |(first, second, _)| vec![*first, *second])
}

/// The table that a column refers to: its values are keys of it, and its name says so.
fn parent_of(samples: &[Sample], found: &[Keys], at: usize, column: usize) -> Option<Found> {
    let profile = &samples[at].columns[column];
    if !is_key_type(profile) || profile.values() == 0 {
        return None;
    }
    let candidates: Vec<usize> = (0..samples.len())
        .filter(|parent| {
            let [key] = found[*parent].primary_key[..] else { return false };
            let key_profile = &samples[*parent].columns[key];
            let is_own_key = *parent == at && key == column;
            !is_own_key
                && is_text_like(profile) == is_text_like(key_profile)
                && profile.distinct.is_within(&key_profile.distinct)
        })
        .collect();
    let named = candidates.iter().find(|parent| {
        let key = found[**parent].primary_key[0];
        is_named_after(
            &profile.name,
            &samples[**parent],
            &samples[**parent].columns[key].name,
            **parent == at,
        )
    });
    // Numbers from 1 on are contained in any other numbers from 1 on; texts and uuids hardly are by chance.
    let only = match candidates[..] {
        [only]
            if only != at
                && is_text_like(profile)
                && may_be_part(&profile.name)
                && profile.distinct.count() > 2 =>
        {
            Some(only)
        }
        _ => None,
    };
    let parent = named.copied().or(only)?;
    Some(Found { column, parent, distribution: distribution(samples, profile, parent, parent == at) })
}

fn is_text_like(profile: &Profile) -> bool {
    !profile.sql_type(true).is_integer()
}

fn is_named_after(column: &str, parent: &Sample, key: &str, is_own: bool) -> bool {
    let column = snake_case(column);
    let base = ENDINGS.iter().find_map(|ending| column.strip_suffix(ending)).unwrap_or(&column);
    let (table, one) = (snake_case(&parent.name), singular(&snake_case(&parent.name)));
    if is_own {
        return SELF.contains(&base) || base.ends_with(&format!("_{one}")) || base == format!("parent_{one}");
    }
    let is_table = |word: &str| word == table || word == one;
    let ends_with = |word: &String| base.ends_with(&format!("_{word}"));
    // `warehouse_staff` is referred to as `staff_id` too.
    let last = one.rsplit('_').next().unwrap_or(&one).to_owned();
    is_table(base)
        || ends_with(&table)
        || ends_with(&one)
        || base == last
        || (column == snake_case(key) && column != "id")
}

/// How children spread over parents: evenly, by chance (nothing to say), or with favourites.
fn distribution(samples: &[Sample], profile: &Profile, parent: usize, is_own: bool) -> Option<String> {
    let parents = samples[parent].rows as f64;
    let mean = profile.values() as f64 / parents;
    if is_own || parents < 10.0 || profile.distinct.is_unique() {
        return None;
    }
    let mut counts: Vec<u32> = profile.distinct.counts().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    // Of the parents whose children were counted, and of their share of those without any.
    let share = counts.len() as f64 / profile.distinct.count() as f64;
    let zeros = ((parents - profile.distinct.count() as f64) * share).max(0.0);
    let squares: f64 =
        counts.iter().map(|count| (f64::from(*count) - mean) * (f64::from(*count) - mean)).sum();
    let variance = (squares + zeros * mean * mean) / (counts.len() as f64 + zeros);
    match variance / mean {
        dispersion if dispersion < 0.3 && mean >= 1.0 => Some("even".into()),
        dispersion if dispersion > 2.0 => Some(format!("{{zipf: {{s: {}}}}}", exponent(&counts))),
        _ => None,
    }
}

/// Zipf's exponent: the slope of counts by rank, both as logarithms, of the upper half of the ranks.
fn exponent(counts: &[u32]) -> f64 {
    let upper = &counts[..counts.len().div_ceil(2)];
    let points: Vec<(f64, f64)> = upper
        .iter()
        .enumerate()
        .map(|(rank, count)| (libm::log(rank as f64 + 1.0), libm::log(f64::from(*count))))
        .collect();
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let (above, below) = points.iter().fold((0.0, 0.0), |(above, below), point| {
        (above + (point.0 - x) * (point.1 - y), below + (point.0 - x) * (point.0 - x))
    });
    let slope = if below > 0.0 { -above / below } else { 1.0 };
    significant(slope.clamp(0.1, 3.0), 2)
}

/// Rows that stand parent by parent are made so; a number that begins anew with each parent counts them.
fn settle_rows(samples: &[Sample], keys: &mut Keys, at: usize) {
    let sample = &samples[at];
    let is_grouped = |found: &&Found| {
        let profile = &sample.columns[found.column];
        let repeats = profile.values() > profile.distinct.count();
        found.parent != at && profile.nulls == 0 && repeats && profile.runs == profile.distinct.count()
    };
    let Some(grouped) = keys.references.iter().find(is_grouped).cloned() else { return };
    let profile = &sample.columns[grouped.column];
    let line = (0..sample.columns.len()).find(|at| {
        let restarts = sample.columns[*at].restarts;
        *at != grouped.column && sample.columns[*at].nulls == 0 && restarts == Some(profile.runs)
    });
    let is_part = |column: usize| keys.primary_key.contains(&column);
    // A key of two columns one of which counts is unique as it is; any other pair is made of combinations, in any order.
    let is_pair = keys.primary_key.len() > 1;
    if is_pair && !(is_part(grouped.column) && line.is_some_and(is_part)) {
        return;
    }
    let parents = samples[grouped.parent].rows;
    let fewest =
        if profile.distinct.count() < parents { 0 } else { profile.distinct.counts().min().unwrap_or(1) };
    let most = profile.distinct.counts().max().unwrap_or(1);
    let mut counts = vec![("min", fewest.to_string()), ("max", most.to_string())];
    if fewest < most {
        let mean = profile.values() as f64 / parents.max(1) as f64;
        counts.push(("mean", significant(mean.clamp(f64::from(fewest), f64::from(most)), 3).to_string()));
    }
    let to_parent = keys.references.iter().filter(|other| other.parent == grouped.parent).count();
    let through = (to_parent > 1).then(|| profile.name.clone());
    keys.rows = Some(Rows::Per { table: samples[grouped.parent].name.clone(), through, counts });
    keys.line = line;
    // The counts say how rows spread.
    keys.references
        .iter_mut()
        .filter(|found| found.column == grouped.column)
        .for_each(|found| found.distribution = None);
}

fn uniques(sample: &Sample, keys: &Keys) -> Vec<usize> {
    let is_taken = |at: &usize| {
        keys.primary_key == [*at]
            || keys.references.iter().any(|found| found.column == *at)
            || keys.line == Some(*at)
    };
    let is_meant = |at: &usize| {
        let name = snake_case(&sample.columns[*at].name);
        UNIQUE.iter().any(|known| name == *known || name.ends_with(&format!("_{known}")))
    };
    (0..sample.columns.len())
        .filter(|at| !is_taken(at) && sample.rows >= 20 && sample.columns[*at].is_key())
        .filter(|at| is_key_type(&sample.columns[*at]) && is_meant(at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::sample::read_csv;

    fn sample(name: &str, text: &str) -> Sample {
        read_csv(name, &format!("{name}.csv"), text.as_bytes()).expect("readable")
    }

    #[test]
    fn references_are_found_by_values_and_names() {
        let customers = sample("customers", "id,name,referrer_id\n1,a,\n2,b,1\n3,c,1\n");
        let orders = sample("orders", "number,customerId,quantity\nA,1,1\nB,1,2\nC,3,3\n");
        let lines = sample("order_lines", "order_number,line\nA,1\nA,2\nB,1\nC,1\n");
        let found = find(&[customers, orders, lines]);
        let references = |at: usize| {
            found[at].references.iter().map(|found| (found.column, found.parent)).collect::<Vec<_>>()
        };
        assert_eq!(
            found.iter().map(|keys| keys.primary_key.clone()).collect::<Vec<_>>(),
            [vec![0], vec![0], vec![0, 1]]
        );
        assert_eq!(references(0), [(2, 0)]);
        assert_eq!(references(1), [(1, 0)]);
        assert_eq!(references(2), [(0, 1)]);
        assert_eq!(found[2].line, Some(1));
        let counts = vec![("min", "1".to_owned()), ("max", "2".to_owned()), ("mean", "1.33".to_owned())];
        assert_eq!(found[2].rows, Some(Rows::Per { table: "orders".into(), through: None, counts }));
    }

    #[test]
    fn numbers_that_happen_to_be_keys_are_no_references() {
        let shops = sample("shops", "id,x\n1,a\n2,b\n3,c\n");
        let visits = sample("visits", "id,floor_id,shop_id\n1,1,1\n2,2,9\n");
        assert_eq!(find(&[shops, visits])[1].references, []);
    }

    #[test]
    fn favourites_are_seen() {
        let parents: String = (1..=50).map(|id| format!("{id},x\n")).collect();
        let parents = sample("items", &format!("id,x\n{parents}"));
        let mut rows = String::from("id,item_id\n");
        let mut id = 0;
        for rank in 1..=50u32 {
            for _ in 0..(2_000.0 / f64::from(rank)) as u32 {
                id += 1;
                // Not in order, so that rows are not made item by item.
                rows += &format!("{id},{}\n", if id % 2 == 0 { rank } else { 51 - rank });
            }
        }
        let sales = sample("sales", &rows);
        let found = find(&[parents, sales]);
        assert!(
            found[1].references[0].distribution.as_ref().is_some_and(|of| of.contains("zipf")),
            "{found:?}"
        );
    }
}
