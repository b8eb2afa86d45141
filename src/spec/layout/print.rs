//! The tree in canonical layout.

use super::keys::Place;
use super::scalar::bare;
use super::tree::{Document, Entry, Flow, Tree};

/// The longest line that braces are put on.
const WIDTH: usize = 120;

/// A line of output.
struct Line {
    text: String,
    /// The comment at its end, and the column where it stood.
    beside: Option<(String, usize)>,
}

/// The whole text, with keys in the order that the place knows.
pub fn print(document: &Document, place: &Place) -> String {
    let mut printer = Printer { lines: Vec::new() };
    printer.comments(&document.above, 0);
    printer.tree(&document.root, place, 0, 0);
    printer.comments(&document.below, 0);
    while printer.lines.last().is_some_and(|line| line.text.is_empty()) {
        printer.lines.pop();
    }
    with_comments(&printer.lines)
}

/// Lines with the comments at their ends: those that stood one below the other still do.
fn with_comments(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < lines.len() {
        let column = lines[at].beside.as_ref().map(|(_, column)| *column);
        let same =
            |line: &&Line| column.is_some() && line.beside.as_ref().map(|(_, column)| *column) == column;
        let run = lines[at..].iter().take_while(same).count().max(1);
        let width = lines[at..at + run].iter().map(|line| line.text.chars().count()).max().unwrap_or(0);
        for line in &lines[at..at + run] {
            text += &match &line.beside {
                Some((comment, _)) => format!("{:width$}  {comment}\n", line.text),
                None => format!("{}\n", line.text),
            };
        }
        at += run;
    }
    text
}

struct Printer {
    lines: Vec<Line>,
}

impl Printer {
    fn line(&mut self, text: String) {
        self.lines.push(Line { text, beside: None });
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.text.is_empty()) {
            self.line(String::new());
        }
    }

    /// Comments on lines of their own; blank lines between them stay, but only one at a time.
    fn comments(&mut self, comments: &[String], level: usize) {
        for comment in comments {
            match comment.is_empty() {
                true => self.blank(),
                false => self.line(format!("{}{comment}", "  ".repeat(level))),
            }
        }
    }

    /// A block mapping or list at that level; `depth` counts keys from the top of the document.
    fn tree(&mut self, tree: &Tree, place: &Place, level: usize, depth: usize) {
        match tree {
            Tree::Map(entries) => {
                let order = place.order(entries.iter().map(Entry::name));
                let mut sorted: Vec<(usize, &Entry)> = entries.iter().enumerate().collect();
                sorted.sort_by_key(|(at, _)| order.as_ref().map_or(*at, |order| order[*at]));
                // Tables, which are what stands on lines of their own below a key of the top, are set apart.
                let is_apart = depth == 1 && order.is_none();
                let mut was_long = false;
                for (nth, (_, entry)) in sorted.into_iter().enumerate() {
                    let begin = self.lines.len();
                    let head = self.entry(entry, place, level, depth);
                    let is_long = self.lines.len() > head + 1;
                    if is_apart && nth > 0 && (is_long || was_long) {
                        self.set_apart(begin);
                    }
                    was_long = is_long;
                }
            }
            Tree::List(entries) => {
                for entry in entries {
                    self.entry(entry, place, level, depth);
                }
            }
            other => self.line(format!("{}{}", "  ".repeat(level), in_line(other, place))),
        }
    }

    /// A blank line before the one with that number, unless there is one.
    fn set_apart(&mut self, begin: usize) {
        let is_blank = |line: Option<&Line>| line.is_none_or(|line| line.text.is_empty());
        if !is_blank(self.lines.get(begin)) && (begin == 0 || !is_blank(self.lines.get(begin - 1))) {
            self.lines.insert(begin, Line { text: String::new(), beside: None });
        }
    }

    /// Adds an entry, and says which line its key stands on.
    fn entry(&mut self, entry: &Entry, place: &Place, level: usize, depth: usize) -> usize {
        let is_first = self.lines.last().is_none_or(|line| opens(&line.text) && line.beside.is_none());
        // No blank line between a key and what it opens.
        let skipped =
            if is_first { entry.above.iter().take_while(|line| line.is_empty()).count() } else { 0 };
        self.comments(&entry.above[skipped..], level);
        let indent = "  ".repeat(level);
        let (head, below) = match &entry.key {
            Some(key) => (format!("{indent}{}:", bare(key)), place.below(Some(entry.name()))),
            None => (format!("{indent}-"), place.below(None)),
        };
        let head = entry.anchor.iter().fold(head, |head, anchor| format!("{head} {anchor}"));
        let begin = self.lines.len();
        if entry.value != Tree::Remark {
            self.value(entry, head, &below, level, depth);
            self.lines[begin].beside = self.lines[begin].beside.take().or(entry.beside.clone());
        }
        begin
    }

    fn value(&mut self, entry: &Entry, head: String, place: &Place, level: usize, depth: usize) {
        let is_item = entry.key.is_none();
        match &entry.value {
            Tree::Empty => self.line(head),
            // The first key of an item stands behind its dash.
            Tree::Map(entries)
                if is_item
                    && entry.anchor.is_none()
                    && entries.first().is_some_and(|first| first.above.is_empty()) =>
            {
                let begin = self.lines.len();
                self.tree(&entry.value, place, level + 1, depth + 1);
                let first = &mut self.lines[begin];
                match first.text.trim_start() {
                    // Sorting has put a comment first: the dash stands alone.
                    text if text.starts_with('#') || text.is_empty() => {
                        self.lines.insert(begin, Line { text: head, beside: None });
                    }
                    text => first.text = format!("{head} {text}"),
                }
            }
            Tree::Map(_) | Tree::List(_) => {
                self.line(head);
                self.tree(&entry.value, place, level + 1, depth + 1);
            }
            Tree::Raw { first, lines } => self.raw(&head, first, lines, level),
            Tree::Flow(_, Some(written)) if self.is_too_long(&head, entry, place) => {
                let Tree::Raw { first, lines } = written.as_ref() else { unreachable!("lines are kept raw") };
                self.raw(&head, first, lines, level);
            }
            Tree::Flow(Flow::Map(pairs), _)
                if !is_item && self.is_too_long(&head, entry, place) && knows(place, pairs) =>
            {
                self.line(head);
                let entries = pairs.iter().map(|(key, value)| opened(key, value)).collect();
                self.tree(&Tree::Map(entries), place, level + 1, depth + 1);
            }
            tree => self.line(format!("{head} {}", in_line(tree, place))),
        }
    }

    /// Lines as they were, moved to that level.
    fn raw(&mut self, head: &str, first: &str, lines: &[String], level: usize) {
        self.line(format!("{head} {first}"));
        let indent = "  ".repeat(level + 1);
        for line in lines {
            self.line(if line.is_empty() { String::new() } else { format!("{indent}{line}") });
        }
    }

    fn is_too_long(&self, head: &str, entry: &Entry, place: &Place) -> bool {
        head.chars().count() + 1 + in_line(&entry.value, place).chars().count() > WIDTH
    }
}

/// Whether a line is a key that opens what is below it, perhaps with an anchor.
fn opens(line: &str) -> bool {
    line.ends_with(':')
        || line.rsplit_once(' ').is_some_and(|(head, last)| head.ends_with(':') && last.starts_with('&'))
}

/// Whether these are keys of the language, not names of the user's.
fn knows(place: &Place, pairs: &[(String, Flow)]) -> bool {
    !pairs.is_empty() && place.order(pairs.iter().map(|(key, _)| unquoted(key))).is_some()
}

/// A pair within braces as a line of its own.
fn opened(key: &str, value: &Flow) -> Entry {
    let value = match value {
        Flow::Scalar(text) if text.is_empty() => Tree::Empty,
        Flow::Scalar(text) => Tree::Scalar(text.clone()),
        flow => Tree::Flow(flow.clone(), None),
    };
    Entry { key: Some(key.to_owned()), value, ..Entry::default() }
}

impl Entry {
    /// The key without quotes.
    fn name(&self) -> &str {
        unquoted(self.key.as_deref().unwrap_or(""))
    }
}

fn unquoted(key: &str) -> &str {
    match key.as_bytes().first() {
        Some(b'"' | b'\'') if key.len() >= 2 => &key[1..key.len() - 1],
        _ => key,
    }
}

/// On one line.
fn in_line(tree: &Tree, place: &Place) -> String {
    match tree {
        Tree::Scalar(text) => bare(text).to_owned(),
        Tree::Flow(flow, _) => flow_text(flow, place),
        Tree::Empty | Tree::Map(_) | Tree::List(_) | Tree::Raw { .. } | Tree::Remark => String::new(),
    }
}

fn flow_text(flow: &Flow, place: &Place) -> String {
    match flow {
        Flow::Scalar(text) => bare(text).to_owned(),
        Flow::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow_text(item, &place.below(None))).collect();
            format!("[{}]", items.join(", "))
        }
        Flow::Map(pairs) => {
            let order = place.order(pairs.iter().map(|(key, _)| unquoted(key)));
            let mut sorted: Vec<_> = pairs.iter().enumerate().collect();
            sorted.sort_by_key(|(at, _)| order.as_ref().map_or(*at, |order| order[*at]));
            let pair = |(_, (key, value)): (usize, &(String, Flow))| {
                let value = flow_text(value, &place.below(Some(unquoted(key))));
                let space = if value.is_empty() { "" } else { " " };
                format!("{}:{space}{value}", bare(key))
            };
            let pairs: Vec<String> = sorted.into_iter().map(pair).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}
