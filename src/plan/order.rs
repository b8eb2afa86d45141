//! Orders and cycles: the order in which tables are written, and columns that depend on themselves.

use super::draft::Draft;
use super::generators::Built;
use super::model::Input;
use crate::diagnostic::Diagnostic;
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, VecDeque};

/// An input of a table: what columns are, seen as nodes.
type InputNode = (usize, usize);

/// The tables that are written, parents before children; tables of a cycle in the order of the spec. Also the cycle's number of
/// each table, to tell whether two tables are in one.
pub(super) fn table_order(draft: &Draft) -> (Vec<usize>, Vec<usize>) {
    let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
    for table in 0..draft.tables.len() {
        graph.add_node(table);
    }
    for (child, of) in draft.tables.iter().enumerate() {
        for link in of.links.iter().filter(|link| !link.columns.is_empty()) {
            graph.add_edge(child, link.table, ());
        }
    }
    // Tarjan's components come with those that are pointed to first: parents before children.
    let mut group_of = vec![0; draft.tables.len()];
    let mut depth = vec![0usize; draft.tables.len()];
    for (number, group) in tarjan_scc(&graph).iter().enumerate() {
        let below = |table: &usize| {
            let parents = graph.neighbors(*table).filter(|parent| !group.contains(parent));
            parents.map(|parent| depth[parent] + 1).max().unwrap_or(0)
        };
        let level = group.iter().map(below).max().unwrap_or(0);
        for table in group {
            group_of[*table] = number;
            depth[*table] = level;
        }
    }
    let mut order: Vec<usize> =
        (0..draft.tables.len()).filter(|table| !draft.tables[*table].spec.hidden).collect();
    // By depth, then as written: a table stays where the user put it unless a parent must come first.
    order.sort_by_key(|table| depth[*table]);
    (order, group_of)
}

/// Reports every cycle of columns, its chain spelled out. References to earlier rows end, so they do not count.
pub(super) fn refuse_column_cycles(draft: &mut Draft, built: &[Vec<Option<Built>>]) {
    let mut graph: DiGraphMap<InputNode, ()> = DiGraphMap::new();
    for (table, of) in draft.tables.iter().enumerate() {
        for (at, input) in of.inputs.iter().enumerate() {
            let from = (table, at);
            graph.add_node(from);
            match input {
                Input::Column(column) => {
                    let reads = built[table][*column].iter().flat_map(|built| &built.reads);
                    reads.for_each(|input| {
                        graph.add_edge(from, (table, *input), ());
                    });
                }
                Input::Parent { link, input } => {
                    let link = &of.links[*link];
                    if link.kind != super::draft::LinkKind::Earlier {
                        graph.add_edge(from, (link.table, *input), ());
                    }
                    // A parent found by value needs the value.
                    if link.kind == super::draft::LinkKind::Key {
                        graph.add_edge(from, (table, link.columns[0]), ());
                    }
                }
                Input::Children(aggregation) => aggregation.aggregate.inputs().iter().for_each(|input| {
                    graph.add_edge(from, (aggregation.table, *input), ());
                }),
                Input::Row | Input::Nth { .. } => {}
            }
        }
    }
    for group in tarjan_scc(&graph) {
        if group.len() > 1 || graph.contains_edge(group[0], group[0]) {
            let problem = cycle_problem(draft, &graph, &group);
            draft.problems.push(problem);
        }
    }
}

fn cycle_problem(draft: &Draft, graph: &DiGraphMap<InputNode, ()>, group: &[InputNode]) -> Diagnostic {
    let column_of = |(table, at): &InputNode| match draft.tables[*table].inputs[*at] {
        Input::Column(column) => Some((*table, column)),
        _ => None,
    };
    // Start where the spec mentions the cycle first.
    let start = group.iter().filter(|node| column_of(node).is_some()).min().unwrap_or(&group[0]);
    let chain: Vec<String> = shortest_cycle(graph, group, *start)
        .iter()
        .filter_map(column_of)
        .map(|(table, column)| {
            let of = &draft.tables[table];
            format!("{}.{}", of.name(), of.columns[column].name())
        })
        .collect();
    let (table, column) = column_of(start).unwrap_or((start.0, 0));
    let spec = draft.tables[table].columns[column].spec;
    let name = format!("{}.{}", draft.tables[table].name(), spec.name.value);
    Diagnostic::new(spec.name.span, format!("column `{name}` depends on itself"))
        .label("it needs its own value")
        .help(format!("the chain: {}", chain.join(" -> ")))
        .help("compute one of them without the others")
}

/// The shortest way from a node back to itself within its group, both ends included.
fn shortest_cycle(
    graph: &DiGraphMap<InputNode, ()>,
    group: &[InputNode],
    start: InputNode,
) -> Vec<InputNode> {
    let mut came_from: BTreeMap<InputNode, InputNode> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in graph.neighbors(node).filter(|next| group.contains(next)) {
            if next == start {
                let mut chain = vec![start, node];
                let mut at = node;
                while at != start {
                    at = came_from[&at];
                    chain.push(at);
                }
                chain.reverse();
                return chain;
            }
            came_from.entry(next).or_insert_with(|| {
                queue.push_back(next);
                node
            });
        }
    }
    vec![start, start]
}
