//! `datagen explain`: what a word of the language, an option or a message means.
//!
//! Everything that can be explained is a [`Subject`] of a chapter, and chapters are made of the registries that the program
//! itself runs by ([`chapters`]), so that help cannot differ from what happens. `docs/reference.md` is the same, all of it.

mod chapters;
mod histogram;
mod keys;
mod refusals;
mod samples;

use super::error::Error;
use super::list::aligned;
use super::{Session, Subcommand, print};
use crate::diagnostic::closest;
use chapters::{CHAPTERS, Chapter};
pub use refusals::{Refusal, theme};

/// Explain a word: a key, provider, distribution, type, function, column name, message, ...
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  datagen explain                        # all that can be explained
  datagen explain zipf
  datagen explain distributions          # a chapter
  datagen explain null                   # in all its meanings
  datagen explain key rows.per           # one of them: its chapter, or where a key stands
  datagen explain age                    # what a column of that name holds
  datagen explain cannot be unique       # what a message means, or some words of it")]
pub struct Explain {
    /// What to explain: a name, a chapter, or words of a message
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Print everything, as docs/reference.md
    #[arg(long, hide = true, conflicts_with = "words")]
    markdown: bool,
}

/// Something that can be explained.
struct Subject {
    /// What it is called.
    name: String,
    /// What else finds it: where a key stands, a function's other names.
    aliases: Vec<String>,
    /// One line.
    summary: String,
    /// Everything else, in Markdown that reads well as it is. Made when asked for: it may compute samples.
    details: Box<dyn Fn() -> String>,
}

impl Subject {
    fn new(
        name: impl Into<String>,
        summary: impl Into<String>,
        details: impl Fn() -> String + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            aliases: Vec::new(),
            summary: sentence(summary.into()),
            details: Box::new(details),
        }
    }

    fn answers(&self, asked: &str) -> bool {
        std::iter::once(&self.name).chain(&self.aliases).any(|name| plain(name) == asked)
    }
}

impl Subcommand for Explain {
    const NAME: &'static str = "explain";

    fn run(self, _session: &Session) -> Result<(), Error> {
        if self.markdown {
            return print(&reference());
        }
        let asked = self.words.join(" ");
        match self.words.is_empty() {
            true => print(&contents()),
            false => print(&explain(&asked)?),
        }
    }
}

/// What was asked for: a chapter, or all subjects of that name.
fn explain(asked: &str) -> Result<String, Error> {
    let plain_asked = plain(asked);
    if let Some(chapter) = CHAPTERS.iter().find(|chapter| plain(chapter.name) == plain_asked) {
        return Ok(listed(chapter));
    }
    let found = find(&plain_asked);
    if !found.is_empty() {
        let pages: Vec<String> = found.iter().map(|(chapter, subject)| page(chapter, subject)).collect();
        return Ok(pages.join("\n"));
    }
    if let Some(page) = chapters::column_name(asked) {
        return Ok(page);
    }
    let error = Error::usage(format!("nothing is known of `{asked}`"));
    let names: Vec<String> = CHAPTERS
        .iter()
        .flat_map(|chapter| (chapter.subjects)().into_iter().map(|subject| subject.name))
        .chain(CHAPTERS.iter().map(|chapter| chapter.name.to_owned()))
        .collect();
    Err(match closest(asked, names.iter().map(String::as_str)) {
        Some(best) => error.help(format!("did you mean `{best}`?")),
        None => error.help("`datagen explain` lists what can be explained"),
    })
}

/// The subjects of that name; `distribution zipf` is the one of that chapter.
fn find(asked: &str) -> Vec<(&'static Chapter, Subject)> {
    let mut found = Vec::new();
    for chapter in CHAPTERS {
        let within =
            asked.strip_prefix(&plain(chapter.one)).filter(|rest| rest.starts_with(' ')).map(str::trim);
        for subject in (chapter.subjects)() {
            let is_meant = subject.answers(asked) || within.is_some_and(|name| subject.answers(name));
            if is_meant || chapter.finds.is_some_and(|finds| finds(&subject, asked)) {
                found.push((chapter, subject));
            }
        }
    }
    // Asked for by its chapter, or as a whole name: what other chapters find in some words is not meant.
    let exact = |(chapter, subject): &(&Chapter, Subject)| {
        subject.answers(asked)
            || asked.strip_prefix(&plain(chapter.one)).is_some_and(|name| subject.answers(name.trim()))
    };
    if found.iter().any(exact) {
        found.retain(exact);
    }
    found
}

/// A subject's page.
fn page(chapter: &Chapter, subject: &Subject) -> String {
    format!("{} ({})\n{}\n{}", subject.name, chapter.one, subject.summary, details(subject))
}

/// Apart from the summary, where there is more.
fn details(subject: &Subject) -> String {
    let details = (subject.details)();
    let details = details.trim_matches('\n');
    if details.is_empty() { String::new() } else { format!("\n{details}\n") }
}

/// All names, chapter by chapter.
fn contents() -> String {
    let mut text = String::from(
        "datagen explain NAME explains one of these, datagen explain CHAPTER a whole chapter.\n",
    );
    for chapter in CHAPTERS {
        let mut names: Vec<String> = Vec::new();
        for subject in (chapter.subjects)() {
            if !names.contains(&subject.name) {
                names.push(subject.name);
            }
        }
        text += &format!("\n{}\n{}", chapter.name, filled(&names));
    }
    text
}

/// Names in lines of a terminal's width.
fn filled(names: &[String]) -> String {
    const WIDTH: usize = 96;
    let mut lines = vec![String::new()];
    for (at, name) in names.iter().enumerate() {
        let comma = if at + 1 < names.len() { "," } else { "" };
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.len() + name.len() > WIDTH {
            lines.push(format!("{name}{comma}"));
        } else {
            let space = if line.is_empty() { "" } else { " " };
            *line += &format!("{space}{name}{comma}");
        }
    }
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// A chapter: its names with their summaries.
fn listed(chapter: &Chapter) -> String {
    let lines = (chapter.subjects)().into_iter().map(|subject| {
        let name =
            subject.aliases.into_iter().next().filter(|_| chapter.lists_aliases).unwrap_or(subject.name);
        vec![format!("  {name}"), subject.summary]
    });
    format!("{}: {}\n\n{}", chapter.name, chapter.about, aligned(lines.collect()))
}

/// Everything, as a page of docs/.
fn reference() -> String {
    let mut text = String::from(REFERENCE_HEAD);
    for chapter in CHAPTERS {
        text += &format!("- [{}](#{}): {}\n", chapter.name, chapter.name.replace(' ', "-"), chapter.about);
    }
    for chapter in CHAPTERS {
        text += &format!("\n## {}\n\n{}.\n", chapter.name, sentence(chapter.about.to_owned()));
        for subject in (chapter.subjects)() {
            let name = subject.aliases.first().filter(|_| chapter.lists_aliases).unwrap_or(&subject.name);
            text += &format!("\n### {name}\n\n{}\n{}", subject.summary, details(&subject));
        }
    }
    text
}

const REFERENCE_HEAD: &str = "\
# Reference

Made of the program's own tables by `datagen explain --markdown > docs/reference.md`; a test holds it to them. `datagen explain
NAME` prints a part of it. The language is taught in [spec.md](spec.md), the command line in [cli.md](cli.md).

";

/// For comparing names: lower case, without backticks, `_` as a space.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('`', "").replace('_', " ").trim().to_owned()
}

/// With a capital letter, unless it begins with code.
fn sentence(text: String) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(characters).collect(),
        _ => text,
    }
}
