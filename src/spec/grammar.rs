//! Grammars and pools, at the top of a spec.

use super::fields::{self, Fields, Problems};
use super::model::{At, GrammarSpec, PoolSpec, RuleSpec};
use super::node::{Key, Node, Value};
use crate::diagnostic::Diagnostic;

/// `review: {start: [...], noun: {cat: 3, dog: 1}}`.
pub(super) fn grammar(key: &Key, node: &Node, problems: &mut Problems) -> Option<GrammarSpec> {
    let Value::Map(entries) = &node.value else {
        let message = format!("the grammar `{}` must be a mapping, found {}", key.text, node.kind());
        let problem = Diagnostic::new(node.span, message);
        problems.push(problem.help("write its rules: `{start: [\"The {noun}\"], noun: {cat: 3, dog: 1}}`"));
        return None;
    };
    let rules = entries.iter().map(|(key, node)| rule(key, node, problems)).collect();
    Some(GrammarSpec { name: At::new(key.text.clone(), key.span), rules })
}

/// One text, a list of texts, or texts with weights.
fn rule(key: &Key, node: &Node, problems: &mut Problems) -> RuleSpec {
    let mut texts = Vec::new();
    match &node.value {
        Value::Map(entries) => {
            for (text, node) in entries {
                let weight = fields::weight(node, &text.text, problems);
                texts.extend(weight.map(|weight| (At::new(text.text.clone(), text.span), weight.value)));
            }
        }
        Value::List(items) => {
            let read = items.iter().filter_map(|item| fields::scalar(item, &key.text, problems));
            texts.extend(read.map(|text| (text, 1.0)));
        }
        _ => texts.extend(fields::scalar(node, &key.text, problems).map(|text| (text, 1.0))),
    }
    RuleSpec { name: At::new(key.text.clone(), key.span), texts }
}

/// `notes: {grammar: review, size: 1MB}`.
pub(super) fn pool(key: &Key, node: &Node, problems: &mut Problems) -> Option<PoolSpec> {
    let mut fields = Fields::of(node, format!("pool `{}`", key.text), problems)?;
    let grammar = fields.text("grammar", problems);
    let size = fields.take("size");
    fields.finish(problems);
    let size = match size {
        Some(node) => {
            let bytes = node.scalar().and_then(parse_bytes);
            Some(fields::expected(bytes, node, "size", "a number of bytes such as 1MB", problems)?)
        }
        None => None,
    };
    let (Some(grammar), Some(size)) = (grammar, size) else {
        let problem = Diagnostic::new(key.span, "a pool needs a `grammar` and a `size`");
        problems.push(problem.help("write `{grammar: name, size: 1MB}`"));
        return None;
    };
    Some(PoolSpec { name: At::new(key.text.clone(), key.span), grammar, size })
}

/// `1MB`, `64kB`, `300_000`.
fn parse_bytes(text: &str) -> Option<u64> {
    fields::parse_count(text.trim().trim_end_matches(['b', 'B']))
}
