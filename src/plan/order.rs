//! Orders and cycles: the order in which tables are written, and columns that depend on themselves.

use super::choices::Choice;
use super::draft::{Draft, Entity, LinkKind};
use super::generators::Built;
use super::model::{Input, Moment, Target};
use crate::diagnostic::Diagnostic;
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, VecDeque};

/// What may need something else, each with its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Node {
    /// An input, which columns are too.
    Input(usize, usize),
    /// A link: some are made of others, or of values.
    Link(usize, usize),
}

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

/// Reports every cycle of columns, its chain spelled out. References to earlier rows end, so they do not count. Puts
/// references that stand on values behind those that they need.
pub(super) fn refuse_column_cycles(draft: &mut Draft, built: &[Vec<Option<Built>>]) {
    let mut graph: DiGraphMap<Node, ()> = DiGraphMap::new();
    for (table, of) in draft.tables.iter().enumerate() {
        for (at, input) in of.inputs.iter().enumerate() {
            let from = Node::Input(table, at);
            graph.add_node(from);
            let mut needs = |to| {
                graph.add_edge(from, to, ());
            };
            match input {
                Input::Column(column) => {
                    let reads = built[table][*column].iter().flat_map(|built| &built.reads);
                    reads.for_each(|input| needs(Node::Input(table, *input)));
                }
                Input::Parent { link: at, input } => {
                    needs(Node::Link(table, *at));
                    let link = &of.links[*at];
                    if !link.kind.is_earlier() {
                        needs(Node::Input(link.table, *input));
                    }
                }
                Input::Children(aggregation) => {
                    needs(Node::Link(aggregation.table, aggregation.link));
                    let inputs = aggregation.aggregate.inputs();
                    inputs.iter().for_each(|input| needs(Node::Input(aggregation.table, *input)));
                }
                Input::Window(of) => {
                    needs(Node::Link(table, of.link));
                    of.window.inputs().iter().for_each(|input| needs(Node::Input(table, *input)));
                }
                Input::Nth { link } => needs(Node::Link(table, *link)),
                Input::Row | Input::Version(_) => {}
            }
        }
        for link in 0..of.links.len() {
            graph.add_node(Node::Link(table, link));
            for to in needs_of_link(draft, table, link) {
                graph.add_edge(Node::Link(table, link), to, ());
            }
        }
    }
    let groups = tarjan_scc(&graph);
    // Links that need only each other were refused when their relations were made.
    let has_input = |group: &&Vec<Node>| group.iter().any(|node| matches!(node, Node::Input(..)));
    for group in groups.iter().filter(has_input) {
        if group.len() > 1 || graph.contains_edge(group[0], group[0]) {
            let problem = cycle_problem(draft, &graph, group);
            draft.problems.push(problem);
        }
    }
    // Tarjan's components come with those that are needed first.
    let place = |choice: &Choice| {
        groups.iter().position(|group| group.contains(&Node::Link(choice.table, choice.link)))
    };
    draft.choices.sort_by_cached_key(place);
}

/// What a link's relation needs.
fn needs_of_link(draft: &Draft, table: usize, at: usize) -> Vec<Node> {
    let link = &draft.tables[table].links[at];
    let mut needs = Vec::new();
    let mut follow = |mut from: usize, path: &[usize]| {
        for link in path {
            needs.push(Node::Link(from, *link));
            from = draft.tables[from].links[*link].table;
        }
    };
    match &link.kind {
        LinkKind::Through { first, path } => {
            follow(table, &[*first]);
            follow(draft.tables[table].links[*first].table, path);
        }
        LinkKind::Within { group, path, .. } => {
            group.iter().for_each(|group| follow(table, &[*group]));
            follow(link.table, path);
        }
        LinkKind::Among { groups, distinct } => {
            groups.iter().flat_map(|of| of.group).chain(*distinct).for_each(|group| follow(table, &[group]));
            groups.iter().for_each(|of| follow(link.table, &[of.through]));
        }
        LinkKind::Distinct { group }
        | LinkKind::Thread { group }
        | LinkKind::ValidAt { entity: Entity::Distinct { group } } => follow(table, &[*group]),
        // A parent found by value needs the value.
        LinkKind::Key => needs.push(Node::Input(table, link.columns[0])),
        _ => {}
    }
    // A version needs the moment that chooses it.
    if let Some(Target::ValidAt { at: Moment::Computed(at), .. }) = &link.target {
        needs.extend(at.inputs().into_iter().map(|input| Node::Input(table, input)));
    }
    for choice in draft.choices.iter().filter(|choice| (choice.table, choice.link) == (table, at)) {
        for expression in choice.condition.iter().chain(&choice.weight) {
            needs.extend(expression.inputs().into_iter().map(|input| Node::Input(link.table, input)));
        }
    }
    needs
}

fn cycle_problem(draft: &Draft, graph: &DiGraphMap<Node, ()>, group: &[Node]) -> Diagnostic {
    let column_of = |node: &Node| match *node {
        Node::Input(table, at) => match draft.tables[table].inputs[at] {
            Input::Column(column) => Some((table, column)),
            _ => None,
        },
        Node::Link(table, link) => draft.tables[table].links[link].columns.first().map(|at| (table, *at)),
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
    // A column and its own link are one name.
    let mut chain = chain;
    chain.dedup();
    let (table, column) = column_of(start).expect("a cycle goes through a column");
    let spec = draft.tables[table].columns[column].spec;
    let name = format!("{}.{}", draft.tables[table].name(), spec.name.value);
    Diagnostic::new(spec.name.span, format!("column `{name}` depends on itself"))
        .label("it needs its own value")
        .help(format!("the chain: {}", chain.join(" -> ")))
        .help("compute one of them without the others")
}

/// The shortest way from a node back to itself within its group, both ends included.
fn shortest_cycle(graph: &DiGraphMap<Node, ()>, group: &[Node], start: Node) -> Vec<Node> {
    let mut came_from: BTreeMap<Node, Node> = BTreeMap::new();
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
