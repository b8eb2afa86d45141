//! What draws, permutations, references and distributions cost, in batches of 1,000 rows on one core.
//!
//! `cargo bench --bench relations`. Throughput is in rows. At the end stands how much dearer a reference that can be
//! followed both ways is than a plain draw among the parents, which nobody could find the way back from.

use criterion::{Bencher, Criterion, Throughput, criterion_group, criterion_main};
use datagen::distribution::{self, Distribution, Grid, IntSampler};
use datagen::random::{Key, Permutation, below, mix};
use datagen::relation::{
    Among, Chosen, CountShape, Distinct, Earlier, FanOut, FanOutShape, Groups, Lists, PerParent, Relation,
    Selection, Tally, Thread, Within,
};
use datagen::spec::{Argument, Arguments};
use datagen::value::Rows;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BATCH: u64 = 1000;
const PARENTS: u64 = 100_000_000;
const CHILDREN: u64 = 400_000_000;

fn key() -> Key {
    Key::new(1, &["bench"])
}

fn law(name: &str, parameters: &[(&str, f64)]) -> Box<dyn Distribution> {
    let given = parameters.iter().map(|(name, value)| {
        let place = datagen::diagnostic::Span::default();
        (name.to_string(), Argument::Number(*value), place)
    });
    let entry = distribution::find(name).expect("a registered distribution");
    (entry.build)(&Arguments { given: given.collect() }).expect("parameters are right")
}

/// Asks for the parents of one batch after the other.
fn parents(bencher: &mut Bencher, relation: &dyn Relation) {
    let mut found = Vec::new();
    let mut start = 0;
    bencher.iter(|| {
        found.clear();
        relation.parents(&Rows::Range { start, len: BATCH as usize }, &mut found);
        start = (start + BATCH) % (relation.children() - BATCH);
        black_box(&found);
    });
}

/// Asks for the children of one batch of parents after the other.
fn children(bencher: &mut Bencher, relation: &dyn Relation, of: u64) {
    let (mut found, mut places) = (Vec::new(), Vec::new());
    let (mut start, mut asked) = (0, 0);
    bencher.iter(|| {
        found.clear();
        places.clear();
        let parents = Rows::Range { start, len: BATCH as usize };
        relation.families(&parents, BATCH as usize, &mut |children, of| {
            found.extend_from_slice(children);
            places.extend_from_slice(of);
            true
        });
        asked = start;
        start = (start + BATCH) % (of - BATCH);
        black_box(&found);
    });
    let mut back = Vec::new();
    relation.parents(&Rows::Picked(found.into()), &mut back);
    assert!(
        places.iter().map(|at| asked + *at as u64).eq(back),
        "the children found lead back to the parents asked"
    );
}

fn random(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("random");
    group.throughput(Throughput::Elements(BATCH));
    let key = key();
    group.bench_function("mix", |bencher| {
        bencher.iter(|| (0..BATCH).map(|row| mix(key, row)).fold(0, u64::wrapping_add))
    });
    for n in [1000, 1_000_003, 10_000_000_019] {
        let permutation = Permutation::new(key, n);
        let mut values: Vec<u64> = (0..BATCH).map(|x| x * (n / BATCH)).collect();
        group.bench_function(format!("permute {n}"), |bencher| {
            bencher.iter(|| permutation.apply_slice(black_box(&mut values)))
        });
        group.bench_function(format!("permute back {n}"), |bencher| {
            bencher.iter(|| permutation.invert_slice(black_box(&mut values)))
        });
    }
    group.finish();
}

fn relations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("relation");
    group.throughput(Throughput::Elements(BATCH));
    let shapes = [
        ("uniform", FanOutShape::Uniform),
        ("zipf", FanOutShape::Shape(law("zipf", &[("s", 1.05)]))),
        ("lognormal", FanOutShape::Shape(law("lognormal", &[("mu", 0.0), ("sigma", 1.0)]))),
    ];
    for (name, shape) in &shapes {
        let fan_out = FanOut::new(CHILDREN, PARENTS, shape, key()).expect("has parents");
        group.bench_function(format!("{name} parents"), |bencher| parents(bencher, &fan_out));
        group.bench_function(format!("{name} children"), |bencher| children(bencher, &fan_out, PARENTS));
    }
    let shape =
        CountShape { distribution: Some(law("geometric", &[("p", 0.45)])), min: 1, max: 7, mean: None };
    let per_parent = PerParent::new(PARENTS, &shape, key()).expect("possible counts");
    group.bench_function("per parent parents", |bencher| parents(bencher, &per_parent));
    group.bench_function("per parent children", |bencher| children(bencher, &per_parent, PARENTS));
    let earlier = Earlier::new(PARENTS, 1, key()).expect("possible");
    group.bench_function("earlier parents", |bencher| parents(bencher, &earlier));
    group.finish();
}

/// References that choose among parents: ten million rows, a million parents, a hundred thousand groups.
fn choices(criterion: &mut Criterion) {
    const ROWS: u64 = 10_000_000;
    const MEMBERS: u64 = 1_000_000;
    const GROUPS: u64 = 100_000;
    let fan_out = |rows, of, name: &str| -> Arc<dyn Relation> {
        Arc::new(FanOut::new(rows, of, &FanOutShape::Uniform, key().child(name)).expect("has parents"))
    };
    let rows = || fan_out(ROWS, GROUPS, "rows");
    let members = fan_out(MEMBERS, GROUPS, "members");
    let families: Arc<dyn Relation> = Arc::new(PerParent::fixed(ROWS / 4, 4).expect("can be counted"));
    let weight = |row: u64| 1.0 + (mix(key(), row) % 100) as f64;
    let weights: Vec<f64> = (0..MEMBERS).map(weight).collect();
    let among = |distinct: Option<Arc<dyn Relation>>, is_weighted: bool| {
        let groups = members.as_ref();
        let mut listed = Vec::new();
        for row in (0..MEMBERS).filter(|row| row % 2 == 0) {
            listed.push((groups.parent(row), row as u32, if is_weighted { weight(row) } else { 1.0 }));
        }
        let by = |relation| Groups::new(vec![(relation, GROUPS)]).expect("can be counted");
        Among::new(by(rows()), by(members.clone()), Lists::new(listed), distinct, is_weighted, key())
    };
    let popular = FanOutShape::Shape(law("zipf", &[("s", 1.05)]));
    let popular = FanOut::new(ROWS, MEMBERS, &popular, key()).expect("has parents");
    let chosen = Selection::new(MEMBERS, |row| row % 2 == 0);
    let relations: Vec<(&str, Box<dyn Relation>)> = vec![
        ("within", Box::new(Within::new(rows(), members.clone(), key()))),
        ("distinct", Box::new(Distinct::new(families.clone(), ROWS / 4, 4, popular, key()))),
        ("where", Box::new(Chosen::new(fan_out(ROWS, chosen.count(), "chosen"), chosen))),
        ("weight", Box::new(Tally::new(ROWS, &weights, key()))),
        ("within, where and weight", Box::new(among(None, true))),
        ("within, where and distinct", Box::new(among(Some(families.clone()), false))),
        ("within, where, weight and distinct", Box::new(among(Some(families), true))),
    ];
    let mut group = criterion.benchmark_group("choice");
    group.throughput(Throughput::Elements(BATCH));
    for (name, relation) in &relations {
        group.bench_function(format!("{name} parents"), |bencher| parents(bencher, relation.as_ref()));
        group.bench_function(format!("{name} children"), |bencher| {
            children(bencher, relation.as_ref(), MEMBERS)
        });
    }
    for (name, groups) in [("thread of 100", GROUPS), ("thread of 100,000", 100)] {
        let relation = Thread::new(fan_out(ROWS, groups, "thread"), key());
        group.bench_function(format!("{name} parents"), |bencher| parents(bencher, &relation));
    }
    group.finish();
}

fn samplers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sampler");
    group.throughput(Throughput::Elements(BATCH));
    let key = key();
    let bits: Vec<u64> = (0..BATCH).map(|row| mix(key, row)).collect();
    let laws = [
        ("uniform", distribution::uniform(), 0, 0, 1000),
        ("normal ages", law("normal", &[("mean", 41.0), ("std_dev", 14.0)]), 0, 18, 95),
        ("lognormal prices", law("lognormal", &[("mu", 6.0), ("sigma", 0.5)]), 2, 0, 100_000_000),
        ("gamma prices", law("gamma", &[("shape", 2.5), ("scale", 1000.0)]), 2, 0, 100_000_000),
        ("poisson", law("poisson", &[("mean", 4.0)]), 0, 0, i64::MAX),
        ("zipf of 500", law("zipf", &[("s", 1.05)]), 0, 1, 500),
        ("zipf of a billion", law("zipf", &[("s", 1.05)]), 0, 1, 1_000_000_000),
    ];
    for (name, law, scale, min, max) in laws {
        let limits = (i64::MIN, i64::MAX);
        let sampler =
            IntSampler::new(law, Grid::Decimal { scale }, Some(min), Some(max), limits).expect(name);
        assert!(sampler.fill(&bits).iter().all(|value| (min..=max).contains(value)));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(sampler.fill(black_box(&bits)))));
    }
    group.finish();
}

fn ratio(_: &mut Criterion) {
    let key = key();
    let fan_out = FanOut::new(CHILDREN, PARENTS, &FanOutShape::Uniform, key).expect("has parents");
    let mut found = Vec::new();
    let two_way = fastest(|start| {
        found.clear();
        fan_out.parents(&Rows::Range { start, len: BATCH as usize }, &mut found);
        black_box(&found);
    });
    let one_way = fastest(|start| {
        let drawn: Vec<u64> = (start..start + BATCH).map(|row| below(mix(key, row), PARENTS)).collect();
        black_box(drawn);
    });
    let ratio = two_way.as_secs_f64() / one_way.as_secs_f64();
    println!("a reference that leads both ways costs {ratio:.1} times a draw among the parents");
}

/// The shortest time of a batch.
fn fastest(mut batch: impl FnMut(u64)) -> Duration {
    let times = (0..2000).map(|at| {
        let start = Instant::now();
        batch(at * BATCH);
        start.elapsed()
    });
    times.min().expect("some batches")
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(1)).warm_up_time(Duration::from_millis(300));
    targets = random, relations, choices, samplers, ratio
}
criterion_main!(benches);
