use super::super::check::{both_ways, sampled};
use super::*;
use crate::distribution::{Distribution, find};
use crate::spec::{Argument, Arguments};

fn law(name: &str, arguments: &[(&str, f64)]) -> Option<Box<dyn Distribution>> {
    let given = arguments.iter().map(|(name, value)| {
        let place = crate::diagnostic::Span::default();
        (name.to_string(), Argument::Number(*value), place)
    });
    Some((find(name).unwrap().build)(&Arguments { given: given.collect() }).unwrap())
}

fn shape(distribution: Option<Box<dyn Distribution>>, min: u64, max: u64, mean: Option<f64>) -> CountShape {
    CountShape { distribution, min, max, mean }
}

fn key() -> Key {
    Key::new(1, &["per", "parent"])
}

fn shapes() -> Vec<CountShape> {
    vec![
        shape(None, 1, 7, None),
        shape(None, 3, 3, None),
        shape(None, 0, 0, None),
        shape(None, 0, 1, None),
        shape(law("geometric", &[("p", 0.45)]), 1, 7, None),
        shape(law("zipf", &[("s", 1.2)]), 0, 500, Some(4.0)),
        shape(law("lognormal", &[("mu", 0.0), ("sigma", 1.0)]), 0, u64::MAX, Some(0.3)),
        shape(None, 0, 100, Some(2.5)),
    ]
}

#[test]
fn both_directions_agree_at_every_size() {
    for shape in shapes() {
        for parents in [0, 1, 2, 3, 63, 64, 65, 1000, 4095, 4096, 4097, 9001] {
            both_ways(&PerParent::new(parents, &shape, key()).unwrap(), parents);
        }
    }
}

#[test]
fn large_tables_agree_where_they_are_asked() {
    for shape in shapes().iter().filter(|shape| shape.max > 0) {
        sampled(&PerParent::new(3_000_000_019, shape, key()).unwrap(), 3_000_000_019);
    }
}

fn counts(shape: &CountShape, parents: u64) -> Vec<u64> {
    let relation = PerParent::new(parents, shape, key()).unwrap();
    let mut counts = Vec::new();
    relation.child_counts(&Rows::Range { start: 0, len: parents as usize }, &mut counts);
    counts
}

#[test]
fn without_a_distribution_all_counts_are_alike() {
    let counts = counts(&shape(None, 1, 4, None), 4096);
    (1..=4).for_each(|count| assert_eq!(counts.iter().filter(|c| **c == count).count(), 1024));
}

#[test]
fn counts_follow_their_distribution() {
    let parents = 1 << 14;
    let observed = counts(&shape(law("geometric", &[("p", 0.45)]), 1, 7, None), parents);
    let total: f64 = (0..7).map(|k| libm::pow(0.55, k as f64)).sum();
    for count in 1..=7u64 {
        let expected = parents as f64 * libm::pow(0.55, count as f64 - 1.0) / total;
        let found = observed.iter().filter(|c| **c == count).count() as f64;
        assert!((found - expected).abs() <= 4.0, "{count}: {found} for {expected}");
    }
}

#[test]
fn the_mean_is_met() {
    for (shape, mean) in [
        (shape(law("zipf", &[("s", 1.2)]), 0, 500, Some(4.0)), 4.0),
        (shape(law("zipf", &[("s", 0.9)]), 2, 50, Some(7.3)), 7.3),
        (shape(law("lognormal", &[("mu", 0.0), ("sigma", 1.0)]), 0, 1000, Some(0.3)), 0.3),
        (shape(law("normal", &[("mean", 10.0), ("std_dev", 3.0)]), 1, 30, Some(12.5)), 12.5),
        (shape(None, 0, 1, Some(0.9)), 0.9),
        (shape(law("beta", &[("alpha", 2.0), ("beta", 3.0)]), 5, 25, Some(10.0)), 10.0),
        (shape(None, 0, 100, Some(2.5)), 2.5),
        (shape(None, 0, 5, Some(5.0)), 5.0),
        (shape(None, 0, 5, Some(0.0)), 0.0),
    ] {
        let counts = counts(&shape, 8192);
        let sum: u64 = counts.iter().sum();
        assert!((sum as f64 / 8192.0 - mean).abs() <= 0.5 / 4096.0, "{} for {mean}", sum as f64 / 8192.0);
        assert!(counts.iter().all(|count| (shape.min..=shape.max).contains(count)));
    }
}

#[test]
fn every_super_block_has_the_same_total_and_blocks_nearly() {
    let relation = PerParent::new(20 * SUPER, &shape(None, 0, 9, None), key()).unwrap();
    let totals: Vec<u64> =
        (0..20).map(|at| relation.first_child((at + 1) * SUPER) - relation.first_child(at * SUPER)).collect();
    assert!(totals.iter().all(|total| *total == totals[0]), "{totals:?}");
    for block in 0..100 {
        let total = relation.first_child((block + 1) * 64) - relation.first_child(block * 64);
        assert!(total.abs_diff(288) <= 9, "64 parents have 4.5 children each: {total}");
    }
}

#[test]
fn more_parents_leave_the_first_ones_children_as_they_were() {
    let shape = shape(None, 0, 9, None);
    let (few, many) = (counts(&shape, 1000), counts(&shape, 10_000));
    assert_eq!(few, many[..1000]);
}

#[test]
fn neighbours_counts_are_unrelated() {
    let counts = counts(&shape(None, 0, 9, None), 100_000);
    let mean = 4.5;
    let variance: f64 = counts.iter().map(|c| (*c as f64 - mean) * (*c as f64 - mean)).sum();
    for lag in [1, 2, 8, 16, 32, 64, 4096] {
        let pairs = counts.iter().zip(&counts[lag..]);
        let correlation = pairs.map(|(a, b)| (*a as f64 - mean) * (*b as f64 - mean)).sum::<f64>() / variance;
        // Without replacement within 64, neighbours repel each other a little: -1/63.
        assert!(correlation.abs() < 0.03, "lag {lag}: {correlation}");
    }
}

#[test]
fn impossible_counts_are_refused() {
    let refusal = |shape: CountShape| PerParent::new(10, &shape, key()).unwrap_err().message;
    assert_eq!(refusal(shape(None, 3, 2, None)), "min must not be above max, but 3 is above 2");
    assert_eq!(refusal(shape(None, 1, 2, Some(5.0))), "mean must be between min and max, 1 and 2, but is 5");
    let far = law("normal", &[("mean", 500.0), ("std_dev", 1.0)]);
    assert_eq!(refusal(shape(far, 0, 9, None)), "the distribution has no values between min and max");
    let often_none = law("geometric", &[("p", 0.5)]);
    assert_eq!(
        refusal(shape(often_none, 0, 10, Some(8.0))),
        "this distribution cannot have a mean of 8 between 0 and 10"
    );
}
