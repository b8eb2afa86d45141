//! YAML's scalars and braces, as far as they stand in a line: where they end, and which quotes they need.

use super::tree::Flow;

/// A line's key, as written, and what stands behind its colon; `None` where the line is no `key: value`.
pub fn split_key(content: &str) -> Option<(&str, &str)> {
    let end = match content.as_bytes().first()? {
        b'"' | b'\'' => quoted_end(content)?,
        // Anchors, tags, complex keys, braces: not for us.
        b'&' | b'*' | b'!' | b'?' | b'{' | b'[' | b'|' | b'>' | b'%' | b'@' | b'`' => return None,
        _ => plain_key_end(content)?,
    };
    let (key, rest) = content.split_at(end);
    let rest = rest.trim_start_matches(' ').strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then_some((key.trim_end(), rest))
}

/// Where a plain key ends: before a colon that a space or nothing follows.
fn plain_key_end(content: &str) -> Option<usize> {
    let ends = content.match_indices(':').map(|(at, _)| at);
    let end = ends.into_iter().find(|at| matches!(content.as_bytes().get(at + 1), None | Some(b' ')))?;
    (!content[..end].contains(" #")).then_some(end)
}

/// Where a quoted text at the beginning ends, behind its closing quote.
fn quoted_end(text: &str) -> Option<usize> {
    let quote = text.as_bytes()[0];
    let mut at = 1;
    while let Some(byte) = text.as_bytes().get(at) {
        match (byte, quote) {
            (b'\\', b'"') => at += 2,
            (b'\'', b'\'') if text.as_bytes().get(at + 1) == Some(&b'\'') => at += 2,
            (byte, quote) if *byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// The anchor at the beginning of a value, and what stands behind it: `&name value`.
pub fn split_anchor(text: &str) -> (Option<&str>, &str) {
    match text.starts_with('&') {
        true => {
            let end = text.find(' ').unwrap_or(text.len());
            (Some(&text[..end]), text[end..].trim_start_matches(' '))
        }
        false => (None, text),
    }
}

/// A scalar or an alias that fills a line, and the comment behind it (or nothing).
pub fn one_line(text: &str) -> Option<(&str, &str)> {
    let end = match text.as_bytes().first()? {
        b'"' | b'\'' => quoted_end(text)?,
        b'&' | b'!' | b'%' | b'@' | b'`' => return None,
        _ => text.find(" #").unwrap_or(text.len()),
    };
    let (scalar, rest) = text.split_at(end);
    let rest = rest.trim();
    (rest.is_empty() || rest.starts_with('#')).then_some((scalar.trim_end(), rest))
}

/// Braces or brackets that fill a text, and the comment behind them (or nothing). `None` where something within is not
/// understood: a comment, an anchor, a text over several lines.
pub fn flow(text: &str) -> Option<(Flow, String)> {
    let mut reader = Braces { text, at: 0 };
    let flow = reader.value()?;
    let rest = text[reader.at..].trim();
    (rest.is_empty() || rest.starts_with('#')).then(|| (flow, rest.to_owned()))
}

struct Braces<'t> {
    text: &'t str,
    at: usize,
}

impl Braces<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n')) {
            self.at += 1;
        }
    }

    /// Takes a sign, if it is the next.
    fn takes(&mut self, sign: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(sign);
        self.at += is_next as usize;
        is_next
    }

    fn value(&mut self) -> Option<Flow> {
        self.space();
        match self.peek()? {
            b'{' => {
                self.at += 1;
                self.map()
            }
            b'[' => {
                self.at += 1;
                self.list()
            }
            _ => self.scalar().map(Flow::Scalar),
        }
    }

    fn map(&mut self) -> Option<Flow> {
        let mut entries = Vec::new();
        while !self.takes(b'}') {
            let key = self.scalar()?;
            if !self.takes(b':') {
                return None;
            }
            self.space();
            let value = match self.peek()? {
                b',' | b'}' => Flow::Scalar(String::new()),
                _ => self.value()?,
            };
            entries.push((key, value));
            if !self.takes(b',') {
                return self.takes(b'}').then_some(Flow::Map(entries));
            }
        }
        Some(Flow::Map(entries))
    }

    fn list(&mut self) -> Option<Flow> {
        let mut items = Vec::new();
        while !self.takes(b']') {
            let item = self.value()?;
            // `[a: b]` is a mapping of one key; rare, and left alone.
            if self.takes(b':') {
                return None;
            }
            items.push(item);
            if !self.takes(b',') {
                return self.takes(b']').then_some(Flow::List(items));
            }
        }
        Some(Flow::List(items))
    }

    /// A scalar of one line, as written.
    fn scalar(&mut self) -> Option<String> {
        self.space();
        let rest = &self.text[self.at..];
        let first = *rest.as_bytes().first()?;
        let end = match first {
            b'"' | b'\'' => quoted_end(rest)?,
            b'&' | b'*' | b'!' | b'?' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => return None,
            _ => plain_end(rest),
        };
        let written = rest[..end].trim_end();
        self.at += written.len();
        (!written.is_empty() && !written.contains('\n') && !written.contains(" #"))
            .then(|| written.to_owned())
    }
}

/// Where a plain scalar within braces ends.
fn plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: usize| match bytes[at] {
        b',' | b'{' | b'}' | b'[' | b']' => true,
        b':' => matches!(bytes.get(at + 1), None | Some(b' ' | b'\n' | b',' | b'}' | b']')),
        _ => false,
    };
    (0..bytes.len()).find(|at| ends(*at)).unwrap_or(text.len())
}

/// A scalar without quotes that it does not need: of words of letters, digits and `_` that mean themselves.
pub fn bare(written: &str) -> &str {
    let quote = match written.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) if written.len() > 2 => *quote as char,
        _ => return written,
    };
    let inner = &written[1..written.len() - 1];
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    // What YAML, in any of its versions, takes for something else.
    const MEANT: [&str; 12] =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
    let is_meant = MEANT.contains(&inner.to_lowercase().as_str());
    match written.ends_with(quote) && inner.split(' ').all(is_word) && !is_meant {
        true => inner,
        false => written,
    }
}
