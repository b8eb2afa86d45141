use super::*;
use crate::diagnostic::Span;
use crate::random::{CellRng, Key, mix};

fn arguments(given: &[(&str, f64)]) -> Arguments {
    let given =
        given.iter().map(|(name, value)| (name.to_string(), Argument::Number(*value), Span::default()));
    Arguments { given: given.collect() }
}

fn build(name: &str, given: &[(&str, f64)]) -> Box<dyn Distribution> {
    (find(name).expect(name).build)(&arguments(given)).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
}

fn histogram(bounds: &[f64], weights: Option<&[f64]>) -> Result<Box<dyn Distribution>, Refusal> {
    let mut given = vec![("bounds".to_string(), Argument::Numbers(bounds.to_vec()), Span::default())];
    if let Some(weights) = weights {
        given.push(("weights".to_string(), Argument::Numbers(weights.to_vec()), Span::default()));
    }
    (find("histogram").unwrap().build)(&Arguments { given })
}

/// One or more of each.
fn all() -> Vec<Box<dyn Distribution>> {
    vec![
        build("uniform", &[]),
        build("uniform", &[("min", -3.0), ("max", 8.0)]),
        build("normal", &[("mean", 41.0), ("std_dev", 14.0)]),
        build("lognormal", &[("mu", 1.5), ("sigma", 0.7)]),
        build("exponential", &[("rate", 0.2)]),
        build("pareto", &[("scale", 3.0), ("shape", 2.5)]),
        build("triangular", &[("min", 10.0), ("mode", 25.0), ("max", 100.0)]),
        build("triangular", &[("mode", 1.0)]),
        build("gamma", &[("shape", 0.05), ("scale", 3.0)]),
        build("gamma", &[("shape", 0.7)]),
        build("gamma", &[("shape", 2.5), ("scale", 10.0)]),
        build("gamma", &[("shape", 900.0), ("scale", 0.1)]),
        build("gamma", &[("shape", 1e7), ("scale", 1.0)]),
        build("beta", &[("alpha", 2.0), ("beta", 5.0)]),
        build("beta", &[("alpha", 0.2), ("beta", 0.6)]),
        build("beta", &[("alpha", 300.0), ("beta", 4000.0)]),
        build("beta", &[("alpha", 8.0), ("beta", 0.5)]),
        histogram(&[0.0, 10.0, 50.0, 100.0], Some(&[5.0, 0.0, 2.0])).unwrap(),
        histogram(&[-1.0, 0.0, 0.5, 9.0], None).unwrap(),
        build("geometric", &[("p", 0.45)]),
        build("geometric", &[("p", 1e-6)]),
        build("geometric", &[("p", 1.0)]),
        build("poisson", &[("mean", 0.01)]),
        build("poisson", &[("mean", 4.0)]),
        build("poisson", &[("lambda", 3000.0)]),
        build("poisson", &[("mean", 1e8)]),
        build("zipf", &[("s", 0.5), ("n", 1e6)]),
        build("zipf", &[("s", 1.0), ("n", 1e12)]),
        build("zipf", &[("s", 1.2), ("n", 500.0)]),
        build("zipf", &[("s", 2.5)]),
    ]
}

fn probabilities() -> impl Iterator<Item = f64> {
    let tails = (1..=12).flat_map(|digits| {
        let tail = libm::pow(10.0, -digits as f64);
        [tail, 1.0 - tail]
    });
    (1..400).map(|i| i as f64 / 400.0).chain(tails)
}

#[test]
fn the_cumulative_function_inverts_the_quantile() {
    for law in all() {
        for u in probabilities() {
            let x = law.quantile(u);
            let (back, error) = (law.cdf(x), 2e-11);
            if law.is_discrete() {
                assert_eq!(x, x.floor(), "{law:?}");
                assert!(back >= u - error && law.cdf(x - 1.0) <= u + error, "{law:?} at {u}: {x}");
            } else {
                // Or as near as doubles are to each other there.
                let around = law.cdf(x.next_down()) - error..=law.cdf(x.next_up()) + error;
                assert!(around.contains(&u), "{law:?} at {u}: {x} has {back}");
            }
            assert!((law.survival(x) + back - 1.0).abs() < 1e-10, "{law:?} at {u}");
        }
    }
}

#[test]
fn quantiles_ascend_within_the_support() {
    for law in all() {
        let mut sorted: Vec<f64> = probabilities().collect();
        sorted.sort_by(f64::total_cmp);
        let values: Vec<f64> = sorted.iter().map(|u| law.quantile(*u)).collect();
        assert!(values.is_sorted(), "{law:?}");
        let (lowest, highest) = law.support();
        assert!(values.iter().all(|x| (lowest..=highest).contains(x)), "{law:?}");
        assert!(lowest == f64::NEG_INFINITY || law.cdf(lowest - 1.0) == 0.0, "{law:?}");
        assert!(highest == f64::INFINITY || law.cdf(highest) == 1.0, "{law:?}");
        for q in [0.3, 1e-3, 1e-9] {
            let (above, below) = (law.upper_quantile(q), law.quantile(1.0 - q));
            assert!((above - below).abs() <= 1e-6 * (1.0 + below.abs()), "{law:?}: {above} {below}");
        }
    }
}

#[test]
fn the_mean_is_that_of_the_quantiles() {
    for law in all() {
        let Some(mean) = law.mean() else { continue };
        let n = 200_000;
        let sum: f64 = (0..n).map(|i| law.quantile((i as f64 + 0.5) / n as f64)).sum();
        // Heavy tails hide much of their mean beyond the last quantile.
        let close = (sum / n as f64 - mean).abs() <= 0.02 * mean.abs();
        assert!(close || law.quantile(1.0 - 1e-7) > 1000.0 * mean, "{law:?}: {} for {mean}", sum / n as f64);
    }
}

/// Kolmogorov and Smirnov's distance, times the root of n. Above 1.63 in 1 of 100 cases.
fn ks(values: impl IntoIterator<Item = f64>, below: impl Fn(f64) -> f64, cdf: impl Fn(f64) -> f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let mut distance = 0.0f64;
    for (at, x) in values.iter().enumerate() {
        // Of equal values only the first and last say something; before and after the step.
        if at == 0 || values[at - 1] < *x {
            distance = distance.max((below(*x) - at as f64 / n).abs());
        }
        if at + 1 == values.len() || values[at + 1] > *x {
            distance = distance.max((cdf(*x) - (at + 1) as f64 / n).abs());
        }
    }
    distance * n.sqrt()
}

#[test]
fn rand_distr_draws_from_the_same_laws() {
    use rand_distr::Distribution as _;
    let mut rng = CellRng::new(Key::new(1, &["oracle"]), 0);
    let mut check = |name: &str, given: &[(&str, f64)], draw: &dyn Fn(&mut CellRng) -> f64| {
        let law = build(name, given);
        let values: Vec<f64> = (0..20_000).map(|_| draw(&mut rng)).collect();
        let distance = ks(values, |x| law.cdf(x.next_down()), |x| law.cdf(x));
        assert!(distance < 1.95, "{law:?}: {distance}");
    };
    let normal = rand_distr::Normal::new(3.0, 2.0).unwrap();
    check("normal", &[("mean", 3.0), ("std_dev", 2.0)], &|rng| normal.sample(rng));
    let lognormal = rand_distr::LogNormal::new(1.0, 0.8).unwrap();
    check("lognormal", &[("mu", 1.0), ("sigma", 0.8)], &|rng| lognormal.sample(rng));
    let exponential = rand_distr::Exp::new(0.3).unwrap();
    check("exponential", &[("rate", 0.3)], &|rng| exponential.sample(rng));
    let pareto = rand_distr::Pareto::new(2.0, 1.5).unwrap();
    check("pareto", &[("scale", 2.0), ("shape", 1.5)], &|rng| pareto.sample(rng));
    let triangular = rand_distr::Triangular::new(1.0, 9.0, 3.0).unwrap();
    check("triangular", &[("min", 1.0), ("mode", 3.0), ("max", 9.0)], &|rng| triangular.sample(rng));
    for shape in [0.3, 1.0, 7.5] {
        let gamma = rand_distr::Gamma::new(shape, 2.0).unwrap();
        check("gamma", &[("shape", shape), ("scale", 2.0)], &|rng| gamma.sample(rng));
    }
    for (a, b) in [(0.4, 0.7), (2.0, 5.0), (30.0, 1.5)] {
        let beta = rand_distr::Beta::new(a, b).unwrap();
        check("beta", &[("alpha", a), ("beta", b)], &|rng| beta.sample(rng));
    }
    for mean in [0.2, 4.0, 250.0] {
        let poisson = rand_distr::Poisson::new(mean).unwrap();
        check("poisson", &[("mean", mean)], &|rng| poisson.sample(rng));
    }
    let geometric = rand_distr::Geometric::new(0.3).unwrap();
    check("geometric", &[("p", 0.3)], &|rng| geometric.sample(rng) as f64);
    for (n, s) in [(100.0, 0.7), (1e6, 1.0), (5000.0, 1.3)] {
        let zipf = rand_distr::Zipf::new(n, s).unwrap();
        check("zipf", &[("s", s), ("n", n)], &|rng| zipf.sample(rng));
    }
    let zeta = rand_distr::Zeta::new(2.2).unwrap();
    check("zipf", &[("s", 2.2)], &|rng| zeta.sample(rng));
}

const DRAWS: u64 = 100_000;

fn bits(label: &str) -> Vec<u64> {
    let key = Key::new(5, &[label]);
    (0..DRAWS).map(|row| mix(key, row)).collect()
}

const ANY: (i64, i64) = (i64::MIN, i64::MAX);

/// Draws whole numbers and compares with probabilities computed anew: `cdf(x)` of numbers up to x, where it is
/// cut to between its values just below `min` and at `max`.
fn check_ints(sampler: &IntSampler, min: i64, max: i64, cdf: impl Fn(f64) -> f64) {
    let values = sampler.fill(&bits("ints"));
    assert!(values.iter().all(|value| (min..=max).contains(value)), "{sampler:?} keeps its bounds");
    let (from, to) = (cdf(min as f64 - 1.0), cdf(max as f64));
    let cut = |x: f64| (cdf(x) - from) / (to - from);
    let distance = ks(values.iter().map(|value| *value as f64), |x| cut(x - 1.0), cut);
    assert!(distance < 1.63, "{distance}: {sampler:?}");
}

#[test]
fn whole_numbers_are_drawn_as_their_law_says() {
    let decimal = |scale| Grid::Decimal { scale };
    let ints = |law, grid, min, max| IntSampler::new(law, grid, Some(min), Some(max), ANY).unwrap();

    let ages = || build("normal", &[("mean", 41.0), ("std_dev", 14.0)]);
    check_ints(&ints(ages(), decimal(0), 18, 95), 18, 95, |x| ages().cdf(x + 0.5));
    check_ints(&ints(ages(), decimal(4), 180_000, 950_000), 180_000, 950_000, |x| {
        ages().cdf((x + 0.5) / 1e4)
    });
    // Far in the tail, where the cumulative function alone has no digits left.
    check_ints(&ints(ages(), decimal(2), 18_000, 30_000), 18_000, 30_000, |x| {
        -ages().survival((x + 0.5) / 100.0)
    });

    let incomes = || build("gamma", &[("shape", 2.5), ("scale", 1000.0)]);
    check_ints(&ints(incomes(), decimal(2), 0, 100_000_000), 0, 100_000_000, |x| {
        incomes().cdf((x + 0.5) / 100.0)
    });

    let visits = || build("poisson", &[("mean", 4.0)]);
    check_ints(&ints(visits(), decimal(0), 1, 6), 1, 6, |x| visits().cdf(x));
    let many = || build("poisson", &[("mean", 1e6)]);
    check_ints(&ints(many(), decimal(0), 0, i64::MAX), 0, i64::MAX, |x| many().cdf(x));

    let ranks = || build("zipf", &[("s", 1.1), ("n", 1e6)]);
    check_ints(&ints(ranks(), decimal(0), 1, 1_000_000), 1, 1_000_000, |x| ranks().cdf(x));
    check_ints(&ints(ranks(), decimal(0), 100, 150), 100, 150, |x| ranks().cdf(x - 99.0));
    let flat = || build("zipf", &[("s", 0.3)]);
    let ended = build("zipf", &[("s", 0.3), ("n", 5e7)]);
    check_ints(&ints(flat(), decimal(0), 1, 50_000_000), 1, 50_000_000, |x| ended.cdf(x));

    let ratings = || build("beta", &[("alpha", 5.0), ("beta", 1.5)]);
    check_ints(&ints(ratings(), decimal(0), 1, 5), 1, 5, |x| ratings().cdf(x / 5.0));
    check_ints(&ints(ratings(), decimal(2), 0, 5_000_000), 0, 5_000_000, |x| {
        ratings().cdf((x + 1.0) / 5_000_001.0)
    });
    check_ints(&ints(uniform(), decimal(0), -7, 11), -7, 11, |x| (x + 8.0) / 19.0);
}

#[test]
fn without_bounds_the_support_and_the_type_are_the_bounds() {
    let poisson =
        IntSampler::new(build("poisson", &[("mean", 4.0)]), Grid::Decimal { scale: 0 }, None, None, ANY);
    check_ints(&poisson.unwrap(), 0, i64::MAX, |x| build("poisson", &[("mean", 4.0)]).cdf(x));
    let wide = build("normal", &[("mean", 0.0), ("std_dev", 1e6)]);
    let small = (i16::MIN as i64, i16::MAX as i64);
    let values =
        IntSampler::new(wide, Grid::Decimal { scale: 0 }, None, None, small).unwrap().fill(&bits("small"));
    assert!(values.iter().all(|value| (small.0..=small.1).contains(value)));
    let prices = build("poisson", &[("mean", 4.0)]);
    let whole =
        IntSampler::new(prices, Grid::Decimal { scale: 2 }, None, None, ANY).unwrap().fill(&bits("prices"));
    assert!(whole.iter().all(|value| value % 100 == 0), "Poisson's are whole numbers");
}

#[test]
fn places_between_dates() {
    // 2023-01-01 to 2026-01-01 in days, most of them near the end.
    let (min, max) = (19_358, 20_454);
    let growing = || build("triangular", &[("mode", 1.0)]);
    let days = (max - min + 1) as f64;
    let sampler = IntSampler::new(growing(), Grid::Place, Some(min), Some(max), ANY).unwrap();
    check_ints(&sampler, min, max, |x| growing().cdf((x - min as f64 + 1.0) / days));
    let recent = || build("exponential", &[("mean", 0.2)]);
    let sampler = IntSampler::new(recent(), Grid::Place, Some(min), Some(max), ANY).unwrap();
    check_ints(&sampler, min, max, |x| recent().cdf((x - min as f64 + 1.0) / days));
    // Microseconds.
    let micros = 86_400_000_000;
    let sampler =
        IntSampler::new(recent(), Grid::Place, Some(min * micros), Some(max * micros), ANY).unwrap();
    let span = ((max - min) * micros + 1) as f64;
    check_ints(&sampler, min * micros, max * micros, |x| {
        recent().cdf((x - (min * micros) as f64 + 1.0) / span)
    });
}

#[test]
fn bounds_may_differ_from_row_to_row() {
    let bits = bits("rows");
    let min: Vec<i64> = (0..DRAWS as i64).map(|row| row % 50).collect();
    let max: Vec<i64> = min.iter().map(|min| min + 10).collect();
    let laws: [fn() -> Box<dyn Distribution>; 3] =
        [uniform, || build("zipf", &[("s", 0.8)]), || build("beta", &[("alpha", 2.0), ("beta", 3.0)])];
    for law in laws {
        let sampler = |min, max| IntSampler::new(law(), Grid::Decimal { scale: 0 }, min, max, ANY).unwrap();
        let values = sampler(None, Some(9)).fill_between(&bits, &min, &max);
        let expected = sampler(Some(0), Some(10)).fill(&bits);
        let offsets = values.iter().zip(&min).map(|(value, min)| value - min);
        let same = offsets.zip(&expected).filter(|(offset, expected)| offset == *expected).count();
        assert!(same as u64 >= DRAWS - 2, "tables draw what quantiles say: {same} of {DRAWS}");
    }
    let normal = build("normal", &[("mean", 20.0), ("std_dev", 30.0)]);
    let sampler = IntSampler::new(normal, Grid::Decimal { scale: 0 }, None, None, ANY).unwrap();
    let values = sampler.fill_between(&bits, &min, &max);
    assert!(values.iter().zip(min.iter().zip(&max)).all(|(value, (min, max))| (min..=max).contains(&value)));
    assert_eq!(sampler.fill_between(&bits[..1], &[5], &[3]), [5], "an empty range has its lower bound");
}

#[test]
fn uniform_integers_reach_over_the_whole_range() {
    let (min, max) = ANY;
    let sampler = IntSampler::new(uniform(), Grid::Decimal { scale: 0 }, Some(min), Some(max), ANY).unwrap();
    assert_eq!(sampler.fill(&[0, u64::MAX, 1 << 63]).len(), 3);
    check_ints(&sampler, min, max, |x| (x - min as f64) / 18_446_744_073_709_551_616.0);
    let all_but_one =
        IntSampler::new(uniform(), Grid::Decimal { scale: 0 }, Some(min), Some(max - 1), ANY).unwrap();
    assert_eq!(all_but_one.fill(&[0, u64::MAX]), [min, max - 1]);
    let one = IntSampler::new(uniform(), Grid::Decimal { scale: 0 }, Some(7), Some(7), ANY).unwrap();
    assert_eq!(one.fill(&[0, u64::MAX]), [7, 7]);
}

#[test]
fn doubles_are_drawn_as_their_law_says() {
    let check = |law: &dyn Fn() -> Box<dyn Distribution>, min: Option<f64>, max: Option<f64>| {
        let values = FloatSampler::new(law(), min, max).unwrap().fill(&bits("doubles"));
        let law = law();
        let (low, high) = (min.unwrap_or(f64::NEG_INFINITY), max.unwrap_or(f64::INFINITY));
        assert!(values.iter().all(|value| (low..=high).contains(value)));
        let cdf = |x: f64| match law.bounds() {
            Bounds::Stretch => law.cdf((x - low) / (high - low)),
            _ => Truncated::new(&*law, low, high).cdf(&*law, x),
        };
        let distance = ks(values, |x| cdf(x.next_down()), cdf);
        assert!(distance < 1.63, "{distance}: {law:?}");
    };
    check(&|| build("normal", &[("mean", 0.0), ("std_dev", 1.0)]), None, None);
    check(&|| build("normal", &[("mean", 0.0), ("std_dev", 1.0)]), Some(-1.0), Some(0.5));
    check(&|| build("normal", &[("mean", 0.0), ("std_dev", 1.0)]), Some(10.0), None);
    check(&|| build("lognormal", &[("mu", 0.0), ("sigma", 2.0)]), None, Some(100.0));
    check(&|| build("gamma", &[("shape", 0.3), ("scale", 2.0)]), None, None);
    check(&|| build("gamma", &[("shape", 30.0), ("scale", 2.0)]), Some(50.0), Some(80.0));
    check(&|| build("beta", &[("alpha", 0.5), ("beta", 0.5)]), Some(-5.0), Some(5.0));
    check(&|| build("pareto", &[("scale", 1.0), ("shape", 1.2)]), None, None);
    check(&|| build("poisson", &[("mean", 3.0)]), Some(1.0), Some(5.0));
    check(&|| histogram(&[0.0, 1.0, 10.0], Some(&[1.0, 3.0])).unwrap(), Some(0.5), None);
    check(&|| uniform(), Some(-2.0), Some(3.0));
}

#[test]
fn samples_have_the_moments_of_their_law() {
    let values = FloatSampler::new(build("gamma", &[("shape", 3.0), ("scale", 2.0)]), None, None).unwrap();
    let values = values.fill(&bits("moments"));
    let mean = values.iter().sum::<f64>() / DRAWS as f64;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / DRAWS as f64;
    assert!((mean - 6.0).abs() < 0.03, "{mean}");
    assert!((variance - 12.0).abs() < 0.3, "{variance}");
}

#[test]
fn impossible_parameters_are_refused() {
    let refusal = |name: &str, given: &[(&str, f64)]| {
        let refusal = (find(name).unwrap().build)(&arguments(given)).unwrap_err();
        format!("{}: {}", refusal.parameter.unwrap_or("-"), refusal.message)
    };
    let messages = [
        refusal("normal", &[("mean", 1.0), ("std_dev", 0.0)]),
        refusal("normal", &[("std_dev", 1.0)]),
        refusal("normal", &[("mean", f64::NAN), ("std_dev", 1.0)]),
        refusal("lognormal", &[("mu", 1.0), ("sigma", -0.5)]),
        refusal("exponential", &[]),
        refusal("exponential", &[("rate", 1.0), ("mean", 1.0)]),
        refusal("poisson", &[("mean", -4.0)]),
        refusal("geometric", &[("p", 0.0)]),
        refusal("geometric", &[("p", 1.5)]),
        refusal("zipf", &[("s", 0.0)]),
        refusal("zipf", &[("s", 1.0), ("n", 2.5)]),
        refusal("gamma", &[("shape", 0.0)]),
        refusal("beta", &[("alpha", -1.0), ("beta", 2.0)]),
        refusal("pareto", &[("scale", 0.0), ("shape", 1.0)]),
        refusal("triangular", &[("min", 5.0), ("mode", 1.0), ("max", 9.0)]),
        refusal("triangular", &[("mode", 0.5), ("max", 9.0)]),
        refusal("uniform", &[("min", 3.0), ("max", 3.0)]),
        histogram(&[1.0], None).unwrap_err().message,
        histogram(&[1.0, 3.0, 2.0], None).unwrap_err().message,
        histogram(&[1.0, 2.0, 3.0], Some(&[1.0])).unwrap_err().message,
        histogram(&[1.0, 2.0, 3.0], Some(&[0.0, 0.0])).unwrap_err().message,
        histogram(&[1.0, 2.0, 3.0], Some(&[2.0, -1.0])).unwrap_err().message,
    ];
    let expected = [
        "std_dev: std_dev must be positive, but is 0",
        "mean: mean is missing",
        "mean: mean must be finite",
        "sigma: sigma must be positive, but is -0.5",
        "-: exponential takes a rate or a mean",
        "mean: exponential takes a rate or a mean, not both",
        "mean: mean must be positive, but is -4",
        "p: p must be above 0 and at most 1, but is 0",
        "p: p must be above 0 and at most 1, but is 1.5",
        "s: s must be positive, but is 0",
        "n: n must be a whole number, at least 1, but is 2.5",
        "shape: shape must be positive, but is 0",
        "alpha: alpha must be positive, but is -1",
        "scale: scale must be positive, but is 0",
        "mode: mode must be between 5 and 9, but is 1",
        "min: min is missing: triangular takes both min and max, or neither",
        "max: max must be above min, but 3 is not above 3",
        "bounds must have at least two numbers",
        "bounds must ascend, but 3 is followed by 2",
        "3 bounds need 2 weights, not 1",
        "at least one weight must be above 0",
        "weights must not be negative, but one is -1",
    ];
    assert_eq!(messages, expected);
}

#[test]
fn impossible_bounds_are_refused() {
    let refusal =
        |law, min, max| IntSampler::new(law, Grid::Decimal { scale: 0 }, min, max, ANY).unwrap_err().message;
    assert_eq!(refusal(uniform(), Some(2), Some(1)), "min must not be above max, but 2 is above 1");
    let far = build("uniform", &[("min", 0.0), ("max", 1.0)]);
    assert_eq!(refusal(far, Some(5), Some(9)), "the distribution has no values between min and max");
    let endless = build("zipf", &[("s", 1.0)]);
    assert_eq!(refusal(endless, None, None), "with s at most 1 there must be an end: n, or the column's max");
    let far = build("uniform", &[("min", 3.0), ("max", 4.0)]);
    let dates = IntSampler::new(far, Grid::Place, Some(0), Some(100), ANY).unwrap_err();
    assert_eq!(dates.message, "the distribution has no values between 0 and 1");
    assert!(FloatSampler::new(build("exponential", &[("rate", 1.0)]), None, Some(-1.0)).is_err());
}

#[test]
fn the_registry_is_in_order_and_documented() {
    assert!(DISTRIBUTIONS.is_sorted_by_key(|entry| entry.name));
    for entry in DISTRIBUTIONS {
        assert!(entry.example.starts_with(&format!("{{{}: {{", entry.name)), "{}", entry.example);
        assert!(!entry.summary.ends_with('.') && !entry.summary.is_empty());
        assert!(entry.parameters.iter().all(|parameter| !parameter.summary.ends_with('.')));
        assert!(std::ptr::eq(find(entry.name).unwrap(), *entry));
    }
}
