//! LIKE and ILIKE.

use crate::diagnostic::{Diagnostic, Span};
use crate::expression::cast::{Willingness, cast};
use crate::expression::kernel::Fault;
use crate::expression::tree::{Call, Node};
use crate::value::{Data, SqlType};

/// `text [NOT] LIKE pattern`; `any_case` makes it ILIKE.
pub(in crate::expression) fn like(
    text: Node,
    pattern: Node,
    escape: Option<char>,
    negated: bool,
    any_case: bool,
    span: Span,
) -> Result<Node, Diagnostic> {
    let as_text = |node: Node| cast(node, &SqlType::Text, Willingness::Implicit);
    let call = Call::new(vec![as_text(text)?, as_text(pattern)?], move |arguments| {
        let [text, pattern] = arguments.values else { unreachable!("a text and a pattern") };
        let parsed = |at: usize| parse(pattern.str(at), escape, any_case);
        // A constant pattern is read once.
        let constant = (pattern.constant && pattern.is_valid(0)).then(|| parsed(0));
        let holds = |at: usize| {
            let own;
            let pattern = match &constant {
                Some(pattern) => pattern,
                None => {
                    own = parsed(at);
                    &own
                }
            };
            let pattern = pattern.as_ref().map_err(Fault::clone)?;
            let text: Vec<char> = letters(text.str(at), any_case);
            Ok(matches(&text, pattern) != negated)
        };
        Ok(Data::Bool(arguments.each(holds)?).into())
    });
    Ok(call.node(SqlType::Boolean, span))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Exactly(char),
    One,
    Any,
}

fn letters(text: &str, any_case: bool) -> Vec<char> {
    if any_case { text.chars().flat_map(char::to_lowercase).collect() } else { text.chars().collect() }
}

fn parse(pattern: &str, escape: Option<char>, any_case: bool) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut rest = letters(pattern, any_case).into_iter();
    while let Some(letter) = rest.next() {
        parts.push(match letter {
            letter if Some(letter) == escape => match rest.next() {
                Some(escaped) => Part::Exactly(escaped),
                None => return Err("LIKE pattern must not end with escape character".into()),
            },
            '%' => Part::Any,
            '_' => Part::One,
            letter => Part::Exactly(letter),
        });
    }
    Ok(parts)
}

/// Greedy with one place to come back to, the last `%`: what stands before it need not be tried again.
fn matches(text: &[char], pattern: &[Part]) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(part) {
            Some(Part::Any) => {
                back = Some((at, part));
                part += 1;
            }
            Some(Part::One) => (at, part) = (at + 1, part + 1),
            Some(Part::Exactly(letter)) if *letter == text[at] => (at, part) = (at + 1, part + 1),
            _ => match back {
                Some((start, any)) => {
                    back = Some((start + 1, any));
                    (at, part) = (start + 1, any + 1);
                }
                None => return false,
            },
        }
    }
    pattern[part..].iter().all(|part| *part == Part::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_knows_its_two_wildcards() {
        let holds = |text: &str, pattern: &str| {
            matches(&letters(text, false), &parse(pattern, Some('\\'), false).unwrap())
        };
        for (text, pattern) in [
            ("abc", "abc"),
            ("abc", "a%"),
            ("abc", "%c"),
            ("abc", "a_c"),
            ("", "%"),
            ("a%b", "a\\%b"),
            ("aXbXc", "a%X%c"),
            ("mississippi", "%iss%ip%"),
        ] {
            assert!(holds(text, pattern), "{text} like {pattern}");
        }
        for (text, pattern) in [("abc", "ab"), ("abc", "_bc_"), ("axb", "a\\%b"), ("", "_"), ("abc", "%b")] {
            assert!(!holds(text, pattern), "{text} not like {pattern}");
        }
    }
}
