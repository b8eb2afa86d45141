//! Reading mappings: every key is asked for by name, and what nobody asked for is a problem.

use super::node::{Key, Node, Value};
use super::{Argument, Arguments, At, Call};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// The problems found so far, and the warnings.
pub(super) type Problems = Vec<Diagnostic>;

/// How many of them are more than warnings.
pub(super) fn errors(problems: &Problems) -> usize {
    problems.iter().filter(|problem| problem.severity == Severity::Error).count()
}

/// Notes for people, which may stand in any mapping and mean nothing to datagen.
const REMARKS: [&str; 4] = ["comment", "_comment", "$comment", "$schema"];

/// A mapping that is being read.
pub(super) struct Fields<'n> {
    /// What the mapping is, for messages: `table `orders``.
    what: String,
    /// Its place.
    pub span: Span,
    entries: Vec<(&'n Key, &'n Node, bool)>,
    asked: Vec<&'static str>,
    /// Other words for keys: the word, and the key.
    aliases: &'static [(&'static str, &'static str)],
}

impl<'n> Fields<'n> {
    /// Starts to read a mapping; anything else is a problem.
    pub fn of(node: &'n Node, what: impl Into<String>, problems: &mut Problems) -> Option<Self> {
        let what = what.into();
        match &node.value {
            Value::Map(entries) => Some(Self {
                what,
                span: node.span,
                entries: entries.iter().map(|(key, value)| (key, value, false)).collect(),
                asked: Vec::new(),
                aliases: &[],
            }),
            _ => {
                problems.push(Diagnostic::new(
                    node.span,
                    format!("{what} must be a mapping, found {}", node.kind()),
                ));
                None
            }
        }
    }

    /// Whether a key is there, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, ..)| key.text == name)
    }

    /// Lets keys have other names too, those that `datagen-cli` gives them.
    pub fn also(mut self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The value of a key that is read but not offered: our own language says it in another way.
    pub fn take_foreign(&mut self, name: &'static str) -> Option<(&'n Key, &'n Node)> {
        let entry = self.entries.iter_mut().find(|(key, ..)| key.text == name)?;
        entry.2 = true;
        Some((entry.0, entry.1))
    }

    /// The value of a key that will be read later.
    pub fn peek(&self, name: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(key, _, used)| key.text == name && !used).map(|(_, node, _)| *node)
    }

    /// The value of a key, if there.
    pub fn take(&mut self, name: &'static str) -> Option<&'n Node> {
        self.take_entry(name).map(|(_, node)| node)
    }

    /// Key and value, if there.
    pub fn take_entry(&mut self, name: &'static str) -> Option<(&'n Key, &'n Node)> {
        self.asked.push(name);
        let aliases = self.aliases;
        let is = |text: &str| text == name || aliases.contains(&(text, name));
        let entry = self.entries.iter_mut().find(|(key, _, used)| is(&key.text) && !used)?;
        entry.2 = true;
        Some((entry.0, entry.1))
    }

    /// A text or other scalar.
    pub fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<String>> {
        let node = self.take(name)?;
        scalar(node, name, problems)
    }

    /// A text that needs no place.
    pub fn plain_text(&mut self, name: &'static str, problems: &mut Problems) -> Option<String> {
        self.text(name, problems).map(|text| text.value)
    }

    /// true or false; the place if true.
    pub fn flag(&mut self, name: &'static str, problems: &mut Problems) -> Option<Span> {
        let (key, node) = self.take_entry(name)?;
        match node.value {
            Value::Bool(true) => Some(key.span),
            Value::Bool(false) => None,
            _ => {
                let message = format!("`{name}` must be true or false, found {}", node.kind());
                problems.push(Diagnostic::new(node.span, message));
                None
            }
        }
    }

    /// The same where something else may have said it before.
    pub fn flag_over(
        &mut self,
        name: &'static str,
        before: Option<Span>,
        problems: &mut Problems,
    ) -> Option<Span> {
        let is_there = self.peek(name).is_some();
        let flag = self.flag(name, problems);
        if is_there { flag } else { before }
    }

    /// A whole number from 0 up; `1k` and `2M` are read too.
    pub fn count(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<u64>> {
        let node = self.take(name)?;
        count(node, name, problems)
    }

    /// A whole number.
    pub fn integer(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<i64>> {
        let node = self.take(name)?;
        let value = node.scalar().and_then(|text| text.parse().ok());
        expected(value, node, name, "a whole number", problems)
    }

    /// A number.
    pub fn number(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<f64>> {
        let node = self.take(name)?;
        let value = node.scalar().and_then(|text| text.parse().ok()).filter(|value: &f64| value.is_finite());
        expected(value, node, name, "a number", problems)
    }

    /// A share: `5%` or `0.05`.
    pub fn share(&mut self, name: &'static str, problems: &mut Problems) -> Option<At<f64>> {
        let node = self.take(name)?;
        share_of(node, name, problems)
    }

    /// A list of names, or one name.
    pub fn names(&mut self, name: &'static str, problems: &mut Problems) -> Option<Vec<At<String>>> {
        let node = self.take(name)?;
        Some(names(node, name, problems))
    }

    /// A thing with arguments: `name`, or `{name: {key: value}}`.
    pub fn call(&mut self, name: &'static str, problems: &mut Problems) -> Option<Call> {
        let node = self.take(name)?;
        call(node, name, problems)
    }

    /// Ends the reading: keys that nobody asked for are problems.
    pub fn finish(self, problems: &mut Problems) {
        self.report(problems);
    }

    /// The key that was read in place of this one, since both mean the same.
    fn twin(&self, text: &str) -> Option<&str> {
        let meaning = |text: &str| {
            let alias = self.aliases.iter().find(|(alias, _)| *alias == text);
            alias.map(|(_, name)| *name).or_else(|| self.asked.iter().copied().find(|name| *name == text))
        };
        let own = meaning(text)?;
        let read = self.entries.iter().find(|(key, _, used)| *used && meaning(&key.text) == Some(own));
        read.map(|(key, ..)| key.text.as_str())
    }

    /// The same for a reading that goes on elsewhere.
    pub fn report(&self, problems: &mut Problems) {
        for (key, node, used) in &self.entries {
            if !used && !REMARKS.contains(&key.text.as_str()) {
                if let Some(other) = self.twin(&key.text) {
                    let message = format!("`{}` says what `{other}` says", key.text);
                    problems.push(Diagnostic::new(key.span, message).help("keep one of them"));
                    continue;
                }
                let message = format!("unknown key `{}` in {}", key.text, self.what);
                let problem =
                    Diagnostic::new(key.span, message).suggest(&key.text, self.asked.iter().copied());
                // No key looks like that: it is what comes after the comma of `{expr: coalesce(x, 0)}`.
                if matches!(node.value, Value::Null) && key.text.contains(['(', ')', '\'', '"']) {
                    problems
                        .push(problem.help("inside {} a comma ends a value: put the whole value in quotes"));
                    continue;
                }
                let problem = match problem.help.is_empty() {
                    true => problem.help(format!("known here: {}", self.asked.join(", "))),
                    false => problem,
                };
                problems.push(problem);
            }
        }
    }
}

/// A scalar as text.
pub(super) fn scalar(node: &Node, name: &str, problems: &mut Problems) -> Option<At<String>> {
    expected(node.scalar().map(str::to_owned), node, name, "a text or a number", problems)
}

/// The value, or a problem that says what was expected.
pub(super) fn expected<T>(
    value: Option<T>,
    node: &Node,
    name: &str,
    what: &str,
    problems: &mut Problems,
) -> Option<At<T>> {
    if value.is_none() {
        let found = node.scalar().map_or(node.kind().to_owned(), |text| format!("`{text}`"));
        problems.push(Diagnostic::new(node.span, format!("`{name}` must be {what}, found {found}")));
    }
    value.map(|value| At::new(value, node.span))
}

/// A weight: a number from 0 up, also written as a percentage.
pub(super) fn weight(node: &Node, name: &str, problems: &mut Problems) -> Option<At<f64>> {
    let text = node.scalar().map(|text| text.trim().trim_end_matches('%'));
    let weight = text.and_then(|text| text.parse::<f64>().ok()).filter(|weight| weight.is_finite());
    let weight = expected(weight, node, name, "a weight such as 70", problems)?;
    if weight.value < 0.0 {
        let message = match name {
            "weight" => "the weight is negative".to_owned(),
            of => format!("the weight of `{of}` is negative"),
        };
        problems.push(Diagnostic::new(weight.span, message));
        return None;
    }
    Some(weight)
}

/// A whole number from 0 up, `1k`, `2.5M`.
pub(super) fn count(node: &Node, name: &str, problems: &mut Problems) -> Option<At<u64>> {
    let value = node.scalar().and_then(parse_count);
    expected(value, node, name, "a whole number such as 1000 or 1k", problems)
}

/// `1000`, `1_000`, `1k`, `2.5M`, `1G`.
pub fn parse_count(text: &str) -> Option<u64> {
    let text = text.trim().replace('_', "");
    let (digits, factor) = match text.chars().last()? {
        'k' | 'K' => (&text[..text.len() - 1], 1_000u64),
        'm' | 'M' => (&text[..text.len() - 1], 1_000_000),
        'g' | 'G' => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text.as_str(), 1),
    };
    if let Ok(whole) = digits.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let product = digits.parse::<f64>().ok().filter(|value| *value >= 0.0)? * factor as f64;
    (product.fract() == 0.0 && product < 9e18).then_some(product as u64)
}

/// A share between 0 and 1: `5%` or `0.05`.
pub(super) fn share_of(node: &Node, name: &str, problems: &mut Problems) -> Option<At<f64>> {
    let at = expected(node.scalar().and_then(share), node, name, "a share such as 5% or 0.05", problems)?;
    if (0.0..=1.0).contains(&at.value) {
        return Some(at);
    }
    let problem = Diagnostic::new(at.span, format!("`{name}` is a share between 0% and 100%"));
    problems.push(problem.help("write `5%` or `0.05` for five in a hundred"));
    None
}

/// `5%` or `0.05`.
fn share(text: &str) -> Option<f64> {
    let value = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => text.trim().parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// A list of names, or one name.
pub(super) fn names(node: &Node, name: &str, problems: &mut Problems) -> Vec<At<String>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| scalar(item, name, problems)).collect(),
        _ => scalar(node, name, problems).into_iter().collect(),
    }
}

/// `name`, or `{name: {key: value}}`.
pub(super) fn call(node: &Node, name: &str, problems: &mut Problems) -> Option<Call> {
    match &node.value {
        Value::Map(entries) if entries.len() == 1 => {
            let (key, value) = &entries[0];
            let arguments = arguments(value, &key.text, problems)?;
            Some(Call { name: At::new(key.text.clone(), key.span), arguments })
        }
        Value::Text(text) => {
            Some(Call { name: At::new(text.clone(), node.span), arguments: Arguments::default() })
        }
        _ => {
            let message = format!("`{name}` must be a name, or a name with arguments, found {}", node.kind());
            problems.push(
                Diagnostic::new(node.span, message).help("write `name` or `{name: {argument: value}}`"),
            );
            None
        }
    }
}

/// Values by name.
pub(super) fn arguments(node: &Node, of: &str, problems: &mut Problems) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    let entries = match &node.value {
        Value::Null => return Some(arguments),
        Value::Map(entries) => entries,
        _ => {
            let message = format!("the arguments of `{of}` must be a mapping, found {}", node.kind());
            problems.push(Diagnostic::new(node.span, message));
            return None;
        }
    };
    for (key, value) in entries {
        match argument(value) {
            Some(argument) => arguments.given.push((key.text.clone(), argument, value.span)),
            None => {
                let message =
                    format!("argument `{}` of `{of}` must be a number, a text or a list of them", key.text);
                problems.push(Diagnostic::new(value.span, message));
            }
        }
    }
    Some(arguments)
}

fn argument(node: &Node) -> Option<Argument> {
    match &node.value {
        Value::Number(text) => text.parse().ok().map(Argument::Number),
        Value::Text(text) => Some(Argument::Text(text.clone())),
        Value::Bool(flag) => Some(Argument::Flag(*flag)),
        Value::List(items) => {
            let texts = items.iter().map(Node::scalar).collect::<Option<Vec<&str>>>()?;
            let numbers: Option<Vec<f64>> = texts.iter().map(|text| text.parse().ok()).collect();
            let texts = || Argument::Texts(texts.iter().map(|text| text.to_string()).collect());
            Some(numbers.map_or_else(texts, Argument::Numbers))
        }
        Value::Null | Value::Map(_) => None,
    }
}
