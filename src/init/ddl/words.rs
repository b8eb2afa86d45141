//! Reading a statement word by word, where the SQL parser does not know it.

use super::split::{after_comments, parentheses, skip, word_end};

/// What is left of a statement.
#[derive(Clone, Copy)]
pub struct Words<'t> {
    rest: &'t str,
}

/// A name, perhaps with its schema; folded as PostgreSQL does: lower case unless quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub schema: Option<String>,
    pub name: String,
}

impl<'t> Words<'t> {
    pub fn new(text: &'t str) -> Self {
        Words { rest: after_comments(text) }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'t str {
        self.rest
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = after_comments(&self.rest[bytes..]);
    }

    /// The next bare word, in upper case.
    pub fn peek(&self) -> String {
        self.rest[..word_end(self.rest.as_bytes(), 0)].to_ascii_uppercase()
    }

    /// Passes over a word (or one character that is none) if it stands there.
    pub fn eat(&mut self, word: &str) -> bool {
        let found = match word.chars().all(|c| c.is_alphanumeric() || c == '_') {
            true => self.peek() == word,
            false => self.rest.starts_with(word),
        };
        if found {
            self.advance(word.len());
        }
        found
    }

    /// Passes over words if all of them stand there.
    pub fn eat_all(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        let found = words.split(' ').all(|word| ahead.eat(word));
        if found {
            *self = ahead;
        }
        found
    }

    /// An identifier.
    pub fn identifier(&mut self) -> Option<String> {
        let bytes = self.rest.as_bytes();
        let first = *bytes.first()?;
        if first == b'"' || first == b'`' {
            let end = skip(bytes, 0)?;
            let quote = first as char;
            let inner = self.rest[1..end].strip_suffix(quote)?;
            let name = inner.replace(&format!("{quote}{quote}"), &quote.to_string());
            self.advance(end);
            return Some(name);
        }
        let end = word_end(bytes, 0);
        if end == 0 || first.is_ascii_digit() {
            return None;
        }
        let name = self.rest[..end].to_lowercase();
        self.advance(end);
        Some(name)
    }

    /// A name with as many schemas as there are; the last counts.
    pub fn name(&mut self) -> Option<Name> {
        let mut parts = vec![self.identifier()?];
        while self.eat(".") {
            parts.push(self.identifier()?);
        }
        let name = parts.pop()?;
        Some(Name { schema: parts.pop(), name })
    }

    /// A group in parentheses, if one stands there: what is inside.
    pub fn group(&mut self) -> Option<&'t str> {
        let rest = self.rest;
        let (open, close) = parentheses(rest).filter(|_| rest.starts_with('('))?;
        self.advance(close + 1);
        Some(&rest[open..close])
    }

    /// A text in quotes.
    pub fn text(&mut self) -> Option<String> {
        let start = if self.rest.starts_with("E'") || self.rest.starts_with("e'") { 1 } else { 0 };
        if !self.rest[start..].starts_with('\'') {
            return None;
        }
        let end = skip(self.rest.as_bytes(), start)?;
        let inner = self.rest[start + 1..end].strip_suffix('\'')?.replace("''", "'");
        self.advance(end);
        Some(inner)
    }

    /// A whole number, perhaps negative.
    pub fn number(&mut self) -> Option<i64> {
        let minus = self.eat("-");
        let digits: String = self.rest.chars().take_while(char::is_ascii_digit).collect();
        let number = digits.parse::<i64>().ok()?;
        self.advance(digits.len());
        Some(if minus { -number } else { number })
    }

    /// Passes over whatever stands next: a word, a quoted text, a group or a character. False at the end.
    pub fn skip_one(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        if bytes.is_empty() {
            return false;
        }
        if self.group().is_some() {
            return true;
        }
        let length = skip(bytes, 0).unwrap_or_else(|| match word_end(bytes, 0) {
            0 => self.rest.chars().next().map_or(1, char::len_utf8),
            end => end,
        });
        self.advance(length);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_names_and_groups_are_read_in_turn() {
        let mut words =
            Words::new("create /* c */ TABLE IF NOT exists Sales.\"Line Items\" (a int) x -5 'it''s'");
        assert!(words.eat_all("CREATE TABLE") && !words.eat("ONLY") && words.eat_all("IF NOT EXISTS"));
        let name = Name { schema: Some("sales".into()), name: "Line Items".into() };
        assert_eq!(words.name(), Some(name));
        assert_eq!(words.group(), Some("a int"));
        assert_eq!(words.group(), None);
        assert_eq!(words.identifier().as_deref(), Some("x"));
        assert_eq!(words.number(), Some(-5));
        assert_eq!(words.text().as_deref(), Some("it's"));
        assert!(!words.skip_one());
    }
}
