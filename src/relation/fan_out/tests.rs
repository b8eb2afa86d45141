use super::super::check::{both_ways, sampled};
use super::*;
use crate::distribution::find;
use crate::spec::{Argument, Arguments};

fn law(name: &str, arguments: &[(&str, f64)]) -> FanOutShape {
    let given = arguments.iter().map(|(name, value)| {
        let place = crate::diagnostic::Span::default();
        (name.to_string(), Argument::Number(*value), place)
    });
    FanOutShape::Shape((find(name).unwrap().build)(&Arguments { given: given.collect() }).unwrap())
}

fn shapes() -> Vec<FanOutShape> {
    vec![
        FanOutShape::Uniform,
        FanOutShape::Even,
        law("zipf", &[("s", 1.05)]),
        law("zipf", &[("s", 0.5), ("n", 20.0)]),
        law("lognormal", &[("mu", 0.0), ("sigma", 1.5)]),
        law("normal", &[("mean", 0.0), ("std_dev", 1.0)]),
        law("pareto", &[("scale", 1.0), ("shape", 1.1)]),
    ]
}

fn key() -> Key {
    Key::new(1, &["fan", "out"])
}

#[test]
fn both_directions_agree_at_every_size() {
    for shape in shapes() {
        for parents in [1, 2, 3, 5, 64, 101, 1024, 1500] {
            for children in [0, 1, 2, 3, 7, 100, 1021, 4096] {
                both_ways(&FanOut::new(children, parents, &shape, key()).unwrap(), parents);
            }
        }
    }
    for (children, parents) in [(0, 0), (0, 3), (1, 1), (2, 3), (1000, 1000), (1500, 5000)] {
        let one = FanOut::new(children, parents, &FanOutShape::OneToOne, key()).unwrap();
        both_ways(&one, parents);
        assert!((0..parents).all(|parent| one.child_count(parent) <= 1));
    }
}

#[test]
fn large_tables_agree_where_they_are_asked() {
    for shape in shapes() {
        for (children, parents) in
            [(4_000_000_007, 1_000_000_000), (5_000_000_000, 1000), (1000, 3_000_000_000)]
        {
            sampled(&FanOut::new(children, parents, &shape, key()).unwrap(), parents);
        }
    }
    let one = FanOut::new(1_000_000_000, 1_000_000_007, &FanOutShape::OneToOne, key()).unwrap();
    sampled(&one, 1_000_000_007);
}

fn counts(children: u64, parents: u64, shape: &FanOutShape) -> Vec<u64> {
    let fan_out = FanOut::new(children, parents, shape, key()).unwrap();
    (0..parents).map(|parent| fan_out.child_count(parent)).collect()
}

#[test]
fn uniform_counts_are_those_of_independent_draws() {
    for (children, parents) in [(40_000, 10_000), (123_456, 100_000), (5_000, 100_000), (1_000_000, 10_000)] {
        let counts = counts(children, parents, &FanOutShape::Uniform);
        let mean = children as f64 / parents as f64;
        let law = Poisson::new(mean);
        let most = *counts.iter().max().unwrap();
        let mut observed = vec![0u64; most as usize + 1];
        counts.iter().for_each(|count| observed[*count as usize] += 1);
        let mut chi = 0.0;
        let mut cells = 0.0;
        for (count, observed) in observed.iter().enumerate() {
            let expected = parents as f64 * (law.cdf(count as f64) - law.cdf(count as f64 - 1.0));
            if expected >= 5.0 {
                chi += (*observed as f64 - expected) * (*observed as f64 - expected) / expected;
                cells += 1.0;
            }
        }
        // Far below the 1% level: strata vary less than draws.
        assert!(chi < cells, "{children} to {parents}: {chi} in {cells} cells");
    }
}

#[test]
fn even_counts_differ_by_one_at_most() {
    assert!(counts(1000, 300, &FanOutShape::Even).iter().all(|count| (3..=4).contains(count)));
}

#[test]
fn zipf_shares_are_those_of_the_definition() {
    for s in [0.5, 1.0, 1.3] {
        let (children, parents) = (10_000_000, 100_000);
        let mut counts = counts(children, parents, &law("zipf", &[("s", s)]));
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let total: f64 = (1..=parents).map(|k| libm::pow(k as f64, -s)).sum();
        for (at, count) in counts.iter().enumerate() {
            let expected = children as f64 * libm::pow((at + 1) as f64, -s) / total;
            let error = (*count as f64 - expected).abs();
            assert!(error <= 1.0 + 0.006 * expected, "s = {s}, rank {}: {count} for {expected}", at + 1);
        }
    }
}

#[test]
fn a_limited_zipf_leaves_the_other_parents_alone() {
    let counts = counts(10_000, 100, &law("zipf", &[("s", 1.0), ("n", 10.0)]));
    assert_eq!(counts.iter().filter(|count| **count > 0).count(), 10);
}

#[test]
fn other_distributions_weigh_parents_by_their_quantiles() {
    let (children, parents) = (500_000, 10_000);
    let mut counts = counts(children, parents, &law("exponential", &[("mean", 3.0)]));
    counts.sort_unstable();
    for at in (50..parents as usize).step_by(333) {
        let expected = -50.0 * libm::log1p(-(at as f64 + 0.5) / parents as f64);
        assert!(
            (counts[at] as f64 - expected).abs() <= 1.0 + 0.02 * expected,
            "{at}: {} {expected}",
            counts[at]
        );
    }
}

#[test]
fn children_of_a_parent_lie_anywhere() {
    let fan_out = FanOut::new(100_000, 10, &FanOutShape::Even, key()).unwrap();
    let mut sum = 0.0;
    let mut neighbours = 0;
    let mut last = u64::MAX;
    let mut rows = Vec::new();
    fan_out.parents(&Rows::Range { start: 0, len: 100_000 }, &mut rows);
    for (child, parent) in rows.iter().enumerate() {
        neighbours += (*parent == last) as u64;
        last = *parent;
        sum += if *parent == 3 { child as f64 } else { 0.0 };
    }
    assert!(
        neighbours.abs_diff(10_000) < 400,
        "{neighbours} of 100,000 rows have their predecessor's parent"
    );
    assert!((sum / 10_000.0 - 50_000.0).abs() < 1200.0);
}

#[test]
fn impossible_references_are_refused() {
    let refusal =
        |children, parents, shape: &FanOutShape| FanOut::new(children, parents, shape, key()).unwrap_err();
    assert_eq!(refusal(1, 0, &FanOutShape::Uniform).message, "the referenced table has no rows");
    assert_eq!(
        refusal(3, 2, &FanOutShape::OneToOne).message,
        "3 rows cannot refer to 2 rows, each to another one"
    );
    let negative = law("uniform", &[("min", -2.0), ("max", -1.0)]);
    assert!(FanOut::new(3, 2, &negative, key()).is_ok(), "uniform means alike");
    let negative = law("normal", &[("mean", -90.0), ("std_dev", 1.0)]);
    assert_eq!(refusal(3, 2, &negative).message, "the distribution has no values above 0");
}
