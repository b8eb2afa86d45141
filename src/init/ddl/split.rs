//! A script of SQL as its statements, whatever stands between them: settings of psql, comments, blocks of data.

use crate::diagnostic::Span;

/// A statement, without its semicolon.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<'t> {
    pub text: &'t str,
    pub span: Span,
}

/// The statements of a script. Blocks of data after `COPY ... FROM stdin` are passed over.
pub fn statements(text: &str, source: u32) -> Vec<Statement<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut body = Body::default();
    while at < bytes.len() {
        let is_line_start = at == 0 || bytes[at - 1] == b'\n';
        // A command of psql; `\restrict` is what pg_dump writes.
        if is_line_start && bytes[at] == b'\\' && text[start..at].trim().is_empty() {
            at = line_end(bytes, at);
            start = at;
            continue;
        }
        if let Some(end) = skip(bytes, at) {
            // A comment before a statement is not a part of it.
            if is_comment(bytes, at) && text[start..at].trim().is_empty() {
                start = end;
            }
            at = end;
            continue;
        }
        if bytes[at] == b';' && !body.is_open() {
            let statement = trimmed(text, start, at, source);
            at += 1;
            if let Some(statement) = &statement
                && is_copy_from_stdin(statement.text)
            {
                at = data_end(text, at);
            }
            found.extend(statement);
            start = at;
            body = Body::default();
            continue;
        }
        let word = word_end(bytes, at);
        if word > at {
            body.word(&text[at..word]);
            at = word;
        } else {
            at += 1;
        }
    }
    found.extend(trimmed(text, start, bytes.len(), source));
    found
}

/// The parts of a text between commas that stand in no parentheses, quotes or comments; each with its place in the text.
pub fn at_commas(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0i32);
    while at < bytes.len() {
        if let Some(end) = skip(bytes, at) {
            at = end;
            continue;
        }
        match bytes[at] {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b',' if depth == 0 => {
                parts.push((start, &text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push((start, &text[start..]));
    let parts = parts.into_iter().map(|(start, part)| {
        let from = part.len() - after_comments(part).len();
        (start + from, part[from..].trim_end())
    });
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

/// The first group in parentheses: what is inside, and where that begins and ends in the text.
pub fn parentheses(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut open) = (0, 0, 0);
    while at < bytes.len() {
        if let Some(end) = skip(bytes, at) {
            at = end;
            continue;
        }
        match bytes[at] {
            b'(' => {
                depth += 1;
                if depth == 1 {
                    open = at + 1;
                }
            }
            b')' if depth == 1 => return Some((open, at)),
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// A text from its first character that is no blank and in no comment.
pub(super) fn after_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while !rest.is_empty() && is_comment(rest.as_bytes(), 0) {
        let end = skip(rest.as_bytes(), 0).unwrap_or(rest.len());
        rest = rest[end..].trim_start();
    }
    rest
}

fn trimmed(text: &str, start: usize, end: usize, source: u32) -> Option<Statement<'_>> {
    let part = after_comments(&text[start..end]);
    let start = end - part.len();
    let part = part.trim_end();
    let span = Span { source, start: start as u32, end: (start + part.len()) as u32 };
    (!part.is_empty()).then_some(Statement { text: part, span })
}

/// Bodies of functions and triggers that stand in the script itself, between BEGIN and END, have semicolons of their own.
#[derive(Default)]
struct Body {
    words: usize,
    is_creation: bool,
    has_body: bool,
    depth: usize,
}

impl Body {
    fn word(&mut self, word: &str) {
        self.words += 1;
        let word = word.to_ascii_uppercase();
        match (self.words, word.as_str()) {
            (1, "CREATE") => self.is_creation = true,
            (2..=6, "FUNCTION" | "PROCEDURE" | "TRIGGER") if self.is_creation => self.has_body = true,
            (_, "BEGIN") if self.has_body => self.depth += 1,
            (_, "CASE") if self.depth > 0 => self.depth += 1,
            (_, "END") => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn is_open(&self) -> bool {
        self.depth > 0
    }
}

/// Where the quoted text or the comment ends that begins at a place; `None` where none begins.
pub(super) fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    match rest[0] {
        b'\'' => {
            let has_escapes =
                at > 0 && matches!(bytes[at - 1], b'e' | b'E') && (at < 2 || !is_word_byte(bytes[at - 2]));
            Some(at + quote_end(rest, b'\'', has_escapes))
        }
        b'"' => Some(at + quote_end(rest, b'"', false)),
        b'`' => Some(at + quote_end(rest, b'`', false)),
        b'-' if rest.starts_with(b"--") => Some(line_end(bytes, at)),
        b'/' if rest.starts_with(b"/*") => Some(at + comment_end(rest)),
        b'$' if at == 0 || !is_word_byte(bytes[at - 1]) => dollar_end(rest).map(|end| at + end),
        _ => None,
    }
}

fn is_comment(bytes: &[u8], at: usize) -> bool {
    bytes[at..].starts_with(b"--") || bytes[at..].starts_with(b"/*")
}

fn quote_end(rest: &[u8], quote: u8, has_escapes: bool) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' if has_escapes => at += 1,
            found if found == quote => match rest.get(at + 1) {
                Some(next) if *next == quote => at += 1,
                _ => return at + 1,
            },
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// PostgreSQL's comments nest.
fn comment_end(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1);
    while at < rest.len() && depth > 0 {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    at.min(rest.len())
}

/// `$$ ... $$` and `$tag$ ... $tag$`.
fn dollar_end(rest: &[u8]) -> Option<usize> {
    let tag = rest[1..].iter().position(|c| !is_word_byte(*c)).map(|length| length + 2)?;
    let tag = rest.get(..tag).filter(|tag| tag.ends_with(b"$") && !tag[1].is_ascii_digit())?;
    let body = &rest[tag.len()..];
    let end = body.windows(tag.len()).position(|window| window == tag);
    Some(end.map_or(rest.len(), |end| tag.len() + end + tag.len()))
}

fn is_word_byte(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}

pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|c| !is_word_byte(*c)).unwrap_or(bytes.len() - at);
    // `E'...'` is a quoted text, not a word.
    if length == 1 && bytes.get(at + 1) == Some(&b'\'') { at + 1 } else { at + length }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|c| *c == b'\n').map_or(bytes.len(), |length| at + length + 1)
}

fn is_copy_from_stdin(statement: &str) -> bool {
    let upper = statement.to_ascii_uppercase();
    upper.starts_with("COPY ")
        && upper.split_whitespace().collect::<Vec<_>>().join(" ").contains(" FROM STDIN")
}

/// Where the data after a COPY ends: after the line `\.`.
fn data_end(text: &str, at: usize) -> usize {
    match text[at..].find("\n\\.") {
        Some(found) => line_end(text.as_bytes(), at + found + 1),
        None => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        statements(script, 0).into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn semicolons_in_quotes_and_comments_end_nothing() {
        let script =
            "select ';', \";\", `;` -- ; \n, 1; /* ; /* ; */ ; */ select E'\\';' ; select $a$ ; $$ ; $a$;";
        let expected = ["select ';', \";\", `;` -- ; \n, 1", "select E'\\';'", "select $a$ ; $$ ; $a$"];
        assert_eq!(texts(script), expected);
    }

    #[test]
    fn commands_of_psql_and_data_are_passed_over() {
        let script = "\\restrict x;y\nCOPY t (a) FROM stdin;\n1;2\n\\\\.x\n\\.\n\nselect 1;\n\\unrestrict\n";
        assert_eq!(texts(script), ["COPY t (a) FROM stdin", "select 1"]);
    }

    #[test]
    fn bodies_between_begin_and_end_are_one_statement() {
        let script = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; select 1; begin; commit;";
        let found = texts(script);
        assert!(found[0].ends_with("SELECT 2; END"), "{found:?}");
        assert_eq!(found[1..], ["select 1", "begin", "commit"]);
    }

    #[test]
    fn a_statement_begins_after_the_comments_before_it() {
        let script = "-- a comment\n/* another */\ncreate table t ()";
        let found = statements(script, 3);
        assert_eq!(found[0].text, "create table t ()");
        assert_eq!((found[0].span.source, found[0].span.start), (3, 27));
    }

    #[test]
    fn parts_are_between_commas_of_the_first_level() {
        let text = "a numeric(10,2), -- first, of all\n b text default ',', c int[1,2]";
        let parts: Vec<&str> = at_commas(text).into_iter().map(|(_, part)| part).collect();
        assert_eq!(parts, ["a numeric(10,2)", "b text default ','", "c int[1,2]"]);
        assert_eq!(parentheses("t (a, ')', (b)) with"), Some((3, 14)));
        assert_eq!(parentheses("t (a"), None);
    }
}
