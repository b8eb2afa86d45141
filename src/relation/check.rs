//! What every relation has to keep: both directions tell the same.

use super::Relation;
use crate::value::Rows;

/// Asks everything, and compares.
pub(super) fn both_ways(relation: &dyn Relation, parents: u64) {
    let children = relation.children();
    let mut of_child = Vec::new();
    relation.parents(&Rows::Range { start: 0, len: children as usize }, &mut of_child);
    assert_eq!(of_child.len() as u64, children);

    let mut visited = vec![u64::MAX; children as usize];
    for parent in 0..parents {
        let mut count = 0;
        relation.visit_children(parent, &mut |child| {
            assert_eq!(
                std::mem::replace(&mut visited[child as usize], parent),
                u64::MAX,
                "child {child} twice"
            );
            count += 1;
            true
        });
        assert_eq!(relation.child_count(parent), count, "count of parent {parent}");
        assert!(count <= relation.most_children());
        let taken = (0..relation.places(parent)).filter(|place| relation.child_at(parent, *place).is_some());
        assert_eq!(taken.count() as u64, count, "places taken of parent {parent}");
    }
    assert_eq!(visited, of_child, "both directions agree on every child's parent");

    let picked: Vec<u64> = (0..children).rev().chain((0..children).step_by(3)).collect();
    let expected: Vec<u64> = picked.iter().map(|child| of_child[*child as usize]).collect();
    let mut found = Vec::new();
    relation.parents(&Rows::Picked(picked.into()), &mut found);
    assert_eq!(found, expected, "rows may be asked in any order");

    batches(relation, parents);
    ordinals(relation, &of_child);
}

/// The batch forms say what the single ones say.
fn batches(relation: &dyn Relation, parents: u64) {
    let asked = [
        Rows::Range { start: parents / 3, len: (parents - parents / 3) as usize },
        Rows::Picked((0..parents).rev().step_by(2).collect()),
    ];
    for rows in asked {
        let mut singly = Vec::new();
        let mut counted = Vec::new();
        for at in 0..rows.len() {
            relation.visit_children(rows.get(at), &mut |child| {
                singly.push((child, at as u32));
                true
            });
            counted.push(relation.child_count(rows.get(at)));
        }
        for slice in [1, 5, 1_000] {
            let mut together = Vec::new();
            relation.families(&rows, slice, &mut |children, places| {
                assert!(!children.is_empty() && children.len() <= slice && children.len() == places.len());
                together.extend(children.iter().copied().zip(places.iter().copied()));
                true
            });
            assert_eq!(together, singly);
        }
        let mut calls = 0;
        relation.families(&rows, 2, &mut |_, _| {
            calls += 1;
            calls < 2
        });
        assert!(calls <= 2, "it stops when told");
        let mut counts = Vec::new();
        relation.child_counts(&rows, &mut counts);
        assert_eq!(counts, counted);
    }
}

fn ordinals(relation: &dyn Relation, of_child: &[u64]) {
    let with_parent = |child: &u64| of_child[*child as usize] != u64::MAX;
    let rows: Vec<u64> = (0..of_child.len() as u64).filter(with_parent).collect();
    let mut found = Vec::new();
    relation.ordinals(&Rows::Picked(rows.as_slice().into()), &mut found);
    let mut ordinals = vec![0; of_child.len()];
    rows.iter().zip(found).for_each(|(child, ordinal)| ordinals[*child as usize] = ordinal);
    // A row without a parent has a place only where it is left empty.
    for (child, parent) in of_child.iter().enumerate().filter(|(_, parent)| **parent != u64::MAX) {
        let (child, ordinal) = (child as u64, ordinals[child]);
        assert_eq!(relation.parent(child), *parent);
        assert_eq!(relation.ordinal(child), ordinal);
        assert!(ordinal < relation.places(*parent), "place {ordinal} of child {child}");
        assert_eq!(relation.child_at(*parent, ordinal), Some(child), "at its place");
    }
}

/// Asks some of what cannot all be asked.
pub(super) fn sampled(relation: &dyn Relation, parents: u64) {
    let children = relation.children();
    let picks = |of: u64, key: u64| {
        (0..300).map(move |i| {
            let bits = crate::random::mix(crate::random::Key::from_raw(key, 1), i);
            crate::random::below(bits, of)
        })
    };
    let asked: Vec<u64> = picks(children, 1).chain([0, children - 1]).collect();
    let mut found = Vec::new();
    relation.parents(&Rows::Picked(asked.clone().into()), &mut found);
    for (child, parent) in asked.iter().zip(&found) {
        if *parent == u64::MAX {
            continue;
        }
        assert!(*parent < parents);
        let mut met = false;
        let mut visits = 0u64;
        relation.visit_children(*parent, &mut |other| {
            met |= other == *child;
            visits += 1;
            visits < 5000 && !met
        });
        assert!(met || visits == 5000, "child {child} is among those of its parent {parent}");
    }
    for parent in picks(parents, 2).chain([0, parents - 1]) {
        let mut some = Vec::new();
        relation.visit_children(parent, &mut |child| {
            some.push(child);
            some.len() < 100
        });
        assert_eq!(some.len() as u64, relation.child_count(parent).min(100));
        found.clear();
        relation.parents(&Rows::Picked(some.into()), &mut found);
        assert!(found.iter().all(|back| *back == parent), "children of {parent} lead back");
    }
}
