//! A YAML text as a tree that keeps what YAML throws away: comments, blank lines, and how scalars were written.

use super::scalar;
use crate::diagnostic::{Diagnostic, Span};

/// A value as it stands in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tree {
    /// Nothing.
    #[default]
    Empty,
    /// A scalar of one line, as written.
    Scalar(String),
    /// Braces or brackets; comments within make it [`Tree::Raw`]. Where it was written over several lines, they are kept.
    Flow(Flow, Option<Box<Tree>>),
    /// Key by key, each on lines of its own.
    Map(Vec<Entry>),
    /// Item by item, each on lines of its own.
    List(Vec<Entry>),
    /// No value: comments at the end of a mapping or a list, above nothing.
    Remark,
    /// Lines that are kept as they are, but for their common indentation: block texts, and what is not understood. The first one
    /// stands behind the key.
    Raw {
        /// Behind the key.
        first: String,
        /// Below it, without the indentation that they share.
        lines: Vec<String>,
    },
}

/// A mapping or list within braces or brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// `{key: value}`.
    Map(Vec<(String, Flow)>),
    /// `[value]`.
    List(Vec<Flow>),
    /// A scalar as written.
    Scalar(String),
}

/// A key with its value, or an item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Comments above, each a line; an empty one is a blank line.
    pub above: Vec<String>,
    /// The key as written; none for items.
    pub key: Option<String>,
    /// The anchor before its value: `&name`.
    pub anchor: Option<String>,
    /// Its value.
    pub value: Tree,
    /// The comment at the end of its first line, with the column where it stood.
    pub beside: Option<(String, usize)>,
}

/// A whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Comments before it: about the file, whatever key comes first.
    pub above: Vec<String>,
    /// The value.
    pub root: Tree,
    /// Comments after it.
    pub below: Vec<String>,
}

/// Reads a text that is valid YAML.
pub fn read(source: u32, text: &str) -> Result<Document, Diagnostic> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        lines.push(Line::new(line, start));
        start += line.len() + 1;
    }
    while lines.last().is_some_and(|line| line.kind == Kind::Blank) {
        lines.pop();
    }
    let mut reader = Reader { source, lines, at: 0 };
    let above = reader.above();
    let root = match reader.current() {
        Some(line) => reader.block(line.indent, Vec::new())?,
        None => return Ok(Document { above, root: Tree::Empty, below: Vec::new() }),
    };
    let below = reader.above();
    match reader.current() {
        Some(_) => Err(reader.not_understood()),
        None => Ok(Document { above, root, below }),
    }
}

#[derive(Clone, Debug)]
struct Line<'t> {
    /// Without line ending and trailing white space.
    text: &'t str,
    indent: usize,
    /// Byte offset in the text.
    start: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Comment,
    Content,
}

impl<'t> Line<'t> {
    fn new(line: &'t str, start: usize) -> Self {
        let text = line.trim_end();
        let content = text.trim_start_matches(' ');
        let kind = match content.as_bytes().first() {
            None => Kind::Blank,
            Some(b'#') => Kind::Comment,
            // What begins and ends the one document of a text stays above and below it, as comments do.
            Some(_) if matches!(text, "---" | "...") => Kind::Comment,
            Some(_) => Kind::Content,
        };
        Self { text, indent: text.len() - content.len(), start, kind }
    }

    fn content(&self) -> &'t str {
        &self.text[self.indent..]
    }
}

struct Reader<'t> {
    source: u32,
    lines: Vec<Line<'t>>,
    at: usize,
}

impl<'t> Reader<'t> {
    /// Comments and blank lines up to the next content.
    fn above(&mut self) -> Vec<String> {
        let mut above = Vec::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| line.kind != Kind::Content) {
            above.push(line.content().to_owned());
            self.at += 1;
        }
        above
    }

    /// The line of content that the reader has come to.
    fn current(&self) -> Option<Line<'t>> {
        self.lines.get(self.at).cloned()
    }

    fn not_understood(&self) -> Diagnostic {
        let line = self.lines.get(self.at.min(self.lines.len() - 1)).expect("a text has lines");
        let start = line.start + line.indent;
        let span =
            Span { source: self.source, start: start as u32, end: (line.start + line.text.len()) as u32 };
        Diagnostic::new(
            span,
            "`datagen fmt` does not know how to lay this out, so it leaves the file as it is",
        )
        .help("it knows mappings, lists, braces, quoted and plain texts, block texts and comments")
    }

    /// A mapping or a list whose keys or dashes stand in that column. What stands above its first entry is given.
    fn block(&mut self, indent: usize, mut above: Vec<String>) -> Result<Tree, Diagnostic> {
        let is_list = self.current().is_some_and(|line| is_item(line.content()));
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(line) = self.current().filter(|line| line.indent == indent) {
            if is_item(line.content()) != is_list {
                break;
            }
            let mut entry = match is_list {
                true => self.item(&line)?,
                false => self.pair(line.content(), indent)?,
            };
            entry.above = std::mem::take(&mut above);
            entries.push(entry);
            let before = self.at;
            above = self.above();
            if self.current().is_none_or(|next| next.indent < indent || is_item(next.content()) != is_list) {
                self.at = before;
                let has_more = self.next_content().is_some_and(|next| next.indent == indent);
                // Comments before something further out belong to that, unless they stand as deep as this.
                if !has_more {
                    entries.extend(self.remark(indent));
                }
                break;
            }
        }
        match entries.is_empty() || self.deeper_than(indent) {
            true => Err(self.not_understood()),
            false => Ok(if is_list { Tree::List(entries) } else { Tree::Map(entries) }),
        }
    }

    /// Whether content follows that stands deeper, though nothing is open to hold it.
    fn deeper_than(&self, indent: usize) -> bool {
        self.next_content().is_some_and(|line| line.indent > indent)
    }

    fn next_content(&self) -> Option<&Line<'t>> {
        self.lines[self.at..].iter().find(|line| line.kind == Kind::Content)
    }

    /// Comments that stand at least as deep, as an entry of nothing.
    fn remark(&mut self, indent: usize) -> Option<Entry> {
        let is_open =
            |line: &&Line| line.kind == Kind::Blank || line.kind == Kind::Comment && line.indent >= indent;
        let open: Vec<&Line> = self.lines[self.at..].iter().take_while(is_open).collect();
        let length = open.iter().rposition(|line| line.kind == Kind::Comment)? + 1;
        let above = open[..length].iter().map(|line| line.content().to_owned()).collect();
        self.at += length;
        Some(Entry { above, value: Tree::Remark, ..Entry::default() })
    }

    /// `- value`, or `- key: value` with further keys below.
    fn item(&mut self, line: &Line<'t>) -> Result<Entry, Diagnostic> {
        let rest = line.content()[1..].trim_start_matches(' ');
        let column = line.text.len() - rest.len();
        if is_item(rest) {
            return Err(self.not_understood());
        }
        if rest.is_empty() || rest.starts_with('#') || scalar::split_key(rest).is_none() {
            return self.value(None, rest, line.indent);
        }
        // A mapping that begins behind the dash: its other keys stand below the first.
        let mut first = self.pair(rest, column)?;
        first.above = Vec::new();
        let mut entries = vec![first];
        let before = self.at;
        let above = self.above();
        if self.current().is_some_and(|next| next.indent == column && !is_item(next.content())) {
            match self.block(column, above)? {
                Tree::Map(rest) => entries.extend(rest),
                _ => return Err(self.not_understood()),
            }
        } else {
            self.at = before;
        }
        Ok(Entry { value: Tree::Map(entries), ..Entry::default() })
    }

    /// `key: value`; the key stands in that column.
    fn pair(&mut self, content: &'t str, indent: usize) -> Result<Entry, Diagnostic> {
        let Some((key, rest)) = scalar::split_key(content) else { return Err(self.not_understood()) };
        let rest = rest.trim_start_matches(' ');
        self.value(Some(key.to_owned()), rest, indent)
    }

    /// What stands behind a key or a dash, and below it. The reader is at the line.
    fn value(&mut self, key: Option<String>, rest: &'t str, indent: usize) -> Result<Entry, Diagnostic> {
        let is_pair = key.is_some();
        let (anchor, rest) = scalar::split_anchor(rest);
        let anchor = anchor.map(str::to_owned);
        let entry = |value, beside| Entry { above: Vec::new(), key, anchor, value, beside };
        let first_line = self.at;
        self.at += 1;
        if rest.is_empty() || rest.starts_with('#') {
            let place = self.lines[first_line].text.chars().count() - rest.chars().count();
            let beside = (!rest.is_empty()).then(|| (rest.to_owned(), place));
            let before = self.at;
            let above = self.above();
            let opens = |line: &Line| {
                line.indent > indent || is_pair && line.indent == indent && is_item(line.content())
            };
            return match self.current().filter(opens) {
                Some(line) => Ok(entry(self.block(line.indent, above)?, beside)),
                None => {
                    self.at = before;
                    Ok(entry(Tree::Empty, beside))
                }
            };
        }
        let lines = self.below(indent, rest);
        let (value, beside) = match rest.as_bytes()[0] {
            b'|' | b'>' => (raw(rest, &lines), None),
            b'{' | b'[' => match scalar::flow(&joined(rest, &lines)) {
                Some((flow, comment)) if lines.is_empty() => (Tree::Flow(flow, None), Some(comment)),
                Some((flow, comment)) if comment.is_empty() => {
                    (Tree::Flow(flow, Some(Box::new(raw(rest, &lines)))), None)
                }
                _ => (raw(rest, &lines), None),
            },
            _ if lines.is_empty() => match scalar::one_line(rest) {
                Some((text, comment)) => (Tree::Scalar(text.to_owned()), Some(comment.to_owned())),
                None => return Err(self.failed_at(first_line)),
            },
            _ => (raw(rest, &lines), None),
        };
        let beside = beside.filter(|comment| !comment.is_empty());
        let beside = beside.map(|comment| {
            let at = self.lines[first_line].text.chars().count() - comment.chars().count();
            (comment, at)
        });
        Ok(entry(value, beside))
    }

    fn failed_at(&mut self, line: usize) -> Diagnostic {
        self.at = line;
        self.not_understood()
    }

    /// The lines below that go on with a value begun behind a key in that column: all that stand deeper. Of a block text, comments
    /// and blank lines within are text.
    fn below(&mut self, indent: usize, rest: &str) -> Vec<Line<'t>> {
        let begin = self.at;
        let mut end = begin;
        let is_block = rest.starts_with(['|', '>']);
        let is_flow = rest.starts_with(['{', '[']);
        for (at, line) in self.lines.iter().enumerate().skip(begin) {
            let goes_on = match line.kind {
                Kind::Blank => continue,
                Kind::Comment => line.indent > indent && (is_block || is_flow),
                // A closing brace may stand as far out as the key.
                Kind::Content => line.indent > indent || is_flow && line.content().starts_with(['}', ']']),
            };
            if !goes_on {
                break;
            }
            end = at + 1;
        }
        // Comments below braces that are closed belong to what follows.
        while is_flow && end > begin && self.lines[end - 1].kind != Kind::Content {
            end -= 1;
        }
        self.at = end;
        self.lines[begin..end].to_vec()
    }
}

/// Whether a line begins an item of a list.
fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// Lines as one, as braces may be read.
fn joined(first: &str, lines: &[Line]) -> String {
    let rest: String = lines.iter().map(|line| format!("\n{}", line.content())).collect();
    format!("{first}{rest}")
}

fn raw(first: &str, lines: &[Line]) -> Tree {
    let shared =
        lines.iter().filter(|line| line.kind != Kind::Blank).map(|line| line.indent).min().unwrap_or(0);
    let lines = lines.iter().map(|line| line.text.get(shared..).unwrap_or("").to_owned());
    Tree::Raw { first: first.to_owned(), lines: lines.collect() }
}
