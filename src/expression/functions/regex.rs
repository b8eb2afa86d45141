//! `~`, `~*`, `!~` and `!~*`: PostgreSQL's regular expressions, as far as they mean the same to the crate `regex`.
//!
//! Classes such as `\d` are ASCII, as in the collation `C`. What the crate does not know (back references, looking around) or
//! reads otherwise (`\b`, options within parentheses) is refused when the spec is planned.

use crate::diagnostic::{Diagnostic, Span};
use crate::expression::cast::{Willingness, cast};
use crate::expression::tree::{Call, Node};
use crate::value::parse::Scalar;
use crate::value::{Data, SqlType};
use regex::{Regex, RegexBuilder};

/// `text ~ pattern`; `negated` makes it `!~`, `any_case` `~*`. The pattern is a literal, read once.
pub(in crate::expression) fn matches(
    text: Node,
    pattern: Node,
    negated: bool,
    any_case: bool,
    span: Span,
) -> Result<Node, Diagnostic> {
    let as_text = |node: Node| cast(node, &SqlType::Text, Willingness::Implicit);
    let (text, pattern) = (as_text(text)?, as_text(pattern)?);
    let Some(known) = pattern.constant() else {
        let message = "a regular expression that is not a literal is not supported";
        return Err(Diagnostic::new(pattern.span, message).help("write it in quotes: code ~ '^[A-Z]{3}$'"));
    };
    let Some(Scalar::Text(bytes)) = known else { return Ok(Node::constant_of(None, SqlType::Boolean, span)) };
    let regex = compile(&String::from_utf8_lossy(&bytes), any_case).map_err(|message| {
        Diagnostic::new(pattern.span, format!("this regular expression is not supported: {message}"))
    })?;
    let call = Call::new(vec![text], move |arguments| {
        let [text] = arguments.values else { unreachable!("a text") };
        let holds = |at: usize| Ok(regex.is_match(text.str(at)) != negated);
        Ok(Data::Bool(arguments.each(holds)?).into())
    });
    Ok(call.node(SqlType::Boolean, span))
}

fn compile(pattern: &str, any_case: bool) -> Result<Regex, String> {
    let translated = translated(pattern)?;
    // To PostgreSQL a point is any character, a line break too.
    let mut builder = RegexBuilder::new(&translated);
    let built = builder.dot_matches_new_line(true).case_insensitive(any_case).build();
    built.map_err(|error| match error {
        // The last line says why; those before it show the pattern.
        regex::Error::Syntax(told) => {
            let why = told.lines().last().unwrap_or_default();
            why.trim_start_matches("error: ").to_owned()
        }
        other => other.to_string(),
    })
}

/// The pattern in the crate's words.
fn translated(pattern: &str) -> Result<String, String> {
    if pattern.starts_with("***") {
        return Err("`***` begins a director of PostgreSQL's".into());
    }
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => out += &escape(rest.next(), false)?,
            '[' => {
                out.push('[');
                bracket(&mut rest, &mut out)?;
            }
            '(' if rest.peek() == Some(&'?') => {
                rest.next();
                if rest.next() != Some(':') {
                    return Err("of groups that begin with `(?`, only `(?:` is known".into());
                }
                out += "(?:";
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

/// What stands between brackets, up to the one that closes them.
fn bracket(rest: &mut std::iter::Peekable<std::str::Chars>, out: &mut String) -> Result<(), String> {
    let mut is_first = true;
    while let Some(letter) = rest.next() {
        match letter {
            '^' if is_first => {
                out.push('^');
                continue;
            }
            ']' if !is_first => {
                out.push(']');
                return Ok(());
            }
            '\\' => *out += &escape(rest.next(), true)?,
            '[' if rest.peek() == Some(&':') => {
                out.push('[');
                // `[:alpha:]`, whose end closes nothing else.
                for letter in rest.by_ref() {
                    out.push(letter);
                    if letter == ']' {
                        break;
                    }
                }
            }
            '[' if matches!(rest.peek(), Some('.' | '=')) => {
                return Err("collating elements (`[.` and `[=`) are not known".into());
            }
            // To the crate two of them, and a bracket, are operators between classes.
            '[' | ']' | '&' | '~' => out.extend(['\\', letter]),
            '-' if rest.peek() == Some(&'-') => return Err("`--` in brackets is not known".into()),
            other => out.push(other),
        }
        is_first = false;
    }
    Err("a bracket is not closed".into())
}

/// What `\d` and the like stand for.
fn escape(letter: Option<char>, in_brackets: bool) -> Result<String, String> {
    let class = |inner: &str| if in_brackets { inner.to_owned() } else { format!("[{inner}]") };
    Ok(match letter {
        Some('d') => class("0-9"),
        Some('w') => class("A-Za-z0-9_"),
        Some('s') => class(r" \t\n\r\x0b\x0c"),
        Some('D') => "[^0-9]".into(),
        Some('W') => "[^A-Za-z0-9_]".into(),
        Some('S') => r"[^ \t\n\r\x0b\x0c]".into(),
        Some(letter @ ('n' | 't' | 'r' | 'f' | 'v' | 'a')) => format!("\\{letter}"),
        Some('A') if !in_brackets => "^".into(),
        Some('Z') if !in_brackets => "$".into(),
        Some(letter) if letter.is_ascii_punctuation() => format!("\\{letter}"),
        Some(letter) => return Err(format!("`\\{letter}` is not known")),
        None => return Err("it ends with a backslash".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_to_postgresql() {
        // Each asked of PostgreSQL 15 by `select text ~ pattern`.
        let cases = [
            ("AB1234", "^[A-Z]{2}[0-9]{4}$", true),
            ("AB1234\n", "^[A-Z]{2}[0-9]{4}$", false),
            ("xAB1234", "[A-Z]{2}[0-9]{4}", true),
            ("12345-6789", r"^\d{5}(-\d{4})?$", true),
            ("a\nb", "^a.b$", true),
            ("a]b", "^a[]]b$", true),
            ("a[b", "^a[[]b$", true),
            ("a&b", "^a[&&x]b$", true),
            ("a~b", "^a[^&]b$", true),
            ("é", "^.$", true),
            ("é", r"^\W$", true),
            ("ab", "^(?:a|b)+$", true),
            ("x y", r"^\S[\s]\S$", true),
            ("a-b", "^[a-z-]+$", true),
            ("q1", "^[[:alpha:]][[:digit:]]$", true),
            ("", "^$", true),
            ("a.b", r"^a\.b\Z", true),
            ("a+b", r"^a[+.]b$", true),
        ];
        for (text, pattern, expected) in cases {
            let regex = compile(pattern, false).unwrap_or_else(|told| panic!("{pattern}: {told}"));
            assert_eq!(regex.is_match(text), expected, "{text:?} ~ {pattern:?}");
        }
        assert!(compile("^[a-z]+@X$", true).expect("it compiles").is_match("Ab@x"));
    }

    #[test]
    fn what_would_mean_something_else_is_refused() {
        let cases = [
            (r"(a)\1", r"`\1` is not known"),
            ("a(?=b)", "only `(?:` is known"),
            ("(?i)a", "only `(?:` is known"),
            (r"\ba", r"`\b` is not known"),
            (r"\yab", r"`\y` is not known"),
            ("[[.a.]]", "collating"),
            ("[a", "not closed"),
            ("(a", "unclosed group"),
            ("***=a", "director"),
            ("a\\", "backslash"),
        ];
        for (pattern, words) in cases {
            let told = compile(pattern, false).expect_err(pattern);
            assert!(told.contains(words), "{pattern}: {told}");
        }
    }
}
