//! A problem in the user's text: what, where, what was expected, what to try.
//!
//! A [`Diagnostic`] is a value; [`Sources::render`] shows it to a person and [`Sources::locate`]
//! gives its place to a machine. Everything that refuses a spec speaks through this module, so
//! that all problems of a spec can be collected and shown at once.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::io;
use std::path::Path;

/// The name of standard input as a source; files that it names are relative to the current directory.
pub const STDIN: &str = "<stdin>";

/// A range of bytes in one of the [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// Which source: an index into [`Sources`].
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` within this span's text, both relative to its first byte.
    pub fn part(self, start: usize, end: usize) -> Span {
        let limit = self.end.max(self.start);
        let clip = |offset: usize| self.start.saturating_add(offset as u32).min(limit);
        Span { source: self.source, start: clip(start), end: clip(end) }
    }
}

/// A text with the name that the user knows it by: a path as typed, `<stdin>`, or a built-in's name.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name shown in messages.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Severity {
    /// Nothing can be made of the spec.
    #[default]
    Error,
    /// Something was done otherwise than written, since what was written could not be.
    Warning,
    /// Something was decided that the text leaves open; shown to those who ask (`--verbose`).
    Note,
}

/// One problem, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line without a final full stop.
    pub message: String,
    /// Where; `None` when the problem has no place in a text (a command-line option, say).
    pub span: Option<Span>,
    /// A few words to stand beside the marked text; may be empty.
    pub label: String,
    /// What was expected or what to try, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), ..Self::nowhere(message) }
    }

    /// A problem without a place in a text.
    pub fn nowhere(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { severity: Severity::Error, message, span: None, label: String::new(), help: Vec::new() }
    }

    /// The same as a warning or a note.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds the words that stand beside the marked text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a line that says what to try.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds "did you mean" when one of `known` is close to `name`.
    pub fn suggest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(name, known) {
            Some(best) => self.help(format!("did you mean `{best}`?")),
            None => self,
        }
    }
}

/// A number as people read it: `1,234,567`.
pub fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The one of `known` that a person who typed `name` most likely meant, if any is close enough.
pub fn closest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        // A third of the letters may be wrong, but not all of a short name.
        .filter(|(distance, candidate)| {
            *distance <= candidate.len().max(name.len()).div_ceil(3) && *distance < name.len()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Reads a file's text.
pub type ReadFile = fn(&Path) -> io::Result<String>;

/// The texts that spans point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<Source>,
    /// How files named in a text are read; without it there are none.
    read_file: Option<ReadFile>,
}

/// A place as editors count it: both numbers start at 1, columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the source.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// No texts yet, but texts may name files, which are read by `read_file`.
    pub fn reading(read_file: ReadFile) -> Self {
        Self { texts: Vec::new(), read_file: Some(read_file) }
    }

    /// The number of a file that is named in source `from`: its path is relative to that source's directory. A file that was
    /// opened before is not read again.
    ///
    /// # Errors
    /// What reading gives; `Unsupported` where no files can be read: in built-in specs, and in [`Sources::new`].
    pub fn open(&mut self, from: u32, path: &str) -> io::Result<u32> {
        let base = &self.get(from).name;
        let (Some(read_file), false) = (self.read_file, base.starts_with('<') && base != STDIN) else {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "no files can be read from here"));
        };
        let file = Path::new(base).parent().unwrap_or(Path::new("")).join(path);
        let name = file.display().to_string();
        if let Some(known) = self.texts.iter().position(|source| source.name == name) {
            return Ok(known as u32);
        }
        let text = read_file(&file)?;
        Ok(self.add(name, text))
    }

    /// Adds a text and returns its number, to be used in [`Span::source`].
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        self.texts.push(Source { name: name.into(), text: text.into() });
        (self.texts.len() - 1) as u32
    }

    /// The text with that number.
    pub fn get(&self, source: u32) -> &Source {
        &self.texts[source as usize]
    }

    /// All texts, in the order in which they were added.
    pub fn texts(&self) -> &[Source] {
        &self.texts
    }

    /// The characters a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span starts, as editors count.
    pub fn locate(&self, span: Span) -> Location {
        let source = self.get(span.source);
        let before = &source.text[..floor_boundary(&source.text, span.start as usize)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Location {
            file: source.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The problem as rustc would print it: message, `file:line:column`, the line, help. Ends with a newline.
    pub fn render(&self, diagnostic: &Diagnostic, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(diagnostic.message.as_str());
        let mut group = match diagnostic.span {
            Some(span) => {
                let source = self.get(span.source);
                let start = floor_boundary(&source.text, span.start as usize);
                let end = floor_boundary(&source.text, span.end as usize).max(start);
                let mark = AnnotationKind::Primary.span(start..end).label(diagnostic.label.as_str());
                title.element(Snippet::source(&source.text).path(source.name.as_str()).annotation(mark))
            }
            None => title.elements(std::iter::empty::<annotate_snippets::Element<'_>>()),
        };
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let mut text = renderer.render(&[group]).to_string();
        text.push('\n');
        text
    }
}

/// The largest character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_its_line_and_what_to_try() {
        let mut sources = Sources::new();
        let source = sources.add("shop.yaml", "a: 1\nexpr: lower(emial)\n");
        let problem = Diagnostic::new(Span { source, start: 17, end: 22 }, "unknown column `emial`")
            .suggest("emial", ["email", "id"]);
        let shown = sources.render(&problem, false);
        assert!(shown.contains("error: unknown column `emial`"), "{shown}");
        assert!(shown.contains("shop.yaml:2:13"), "{shown}");
        assert!(shown.contains("did you mean `email`?"), "{shown}");
    }

    #[test]
    fn places_count_characters_not_bytes() {
        let mut sources = Sources::new();
        let source = sources.add("x", "é: ü\n");
        let place = sources.locate(Span { source, start: 4, end: 6 });
        assert_eq!((place.line, place.column), (1, 4));
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!([grouped(0u64), grouped(999u64), grouped(1_234_567u64)], ["0", "999", "1,234,567"]);
    }

    #[test]
    fn files_are_relative_to_the_text_that_names_them() {
        let echo: ReadFile = |path| Ok(path.display().to_string());
        let mut sources = Sources::reading(echo);
        let spec = sources.add("specs/shop.yaml", "");
        let file = sources.open(spec, "data/tax.csv").expect("echo reads all");
        assert_eq!(sources.get(file).text, "specs/data/tax.csv");
        assert_eq!(sources.open(spec, "data/tax.csv").expect("echo reads all"), file);
        let stdin = sources.add(STDIN, "");
        let file = sources.open(stdin, "tax.csv").expect("echo reads all");
        assert_eq!(sources.get(file).text, "tax.csv");
        let builtin = sources.add("<ecommerce>", "");
        assert!(sources.open(builtin, "tax.csv").is_err());
    }

    #[test]
    fn far_words_are_not_suggested() {
        assert_eq!(closest("zzz", ["email", "name"]), None);
        assert_eq!(closest("Emial", ["email", "name"]), Some("email"));
    }
}
