//! The canonical layout of a spec's text: `datagen fmt`.
//!
//! Only the layout changes, never the meaning: [`canonical`] reads the text again after laying it out, and refuses where
//! anything but places differs. YAML is read here by lines into a [`tree`] that keeps comments and scalars as they
//! were written; what that reading does not understand (texts over several lines, comments and anchors within braces) is moved as a whole
//! and otherwise left alone. [`print`](print::print) writes the tree: keys in the order of the schema where that is known, two spaces a
//! level, one line for short mappings in braces.

mod json;
mod keys;
mod print;
mod scalar;
mod tree;

use self::keys::Place;
use super::{BadSpec, Node, Spec};
use crate::diagnostic::{Diagnostic, Sources};

/// A spec's text in canonical layout.
///
/// # Errors
/// The problem of a text that is no YAML or JSON, or whose lines cannot be told apart safely.
pub fn canonical(sources: &Sources, source: u32) -> Result<String, Diagnostic> {
    let text = &sources.get(source).text;
    let root = Node::parse(sources, source)?;
    let layouts = match json::is_json(text) {
        true => vec![json::print(&root)],
        false => {
            let document = tree::read(source, text)?;
            // An alias has to come after its anchor: where the usual order of keys would part them, keys stay in theirs.
            let orders = [Place::top(), Place::default()];
            orders.iter().map(|place| print::print(&document, place)).collect()
        }
    };
    let meant = meaning(sources, source, text);
    let same = layouts.into_iter().find(|laid_out| meaning(sources, source, laid_out) == meant);
    same.ok_or_else(|| {
        let problem =
            Diagnostic::nowhere("laying this spec out would change what it means, so it is left as it is");
        problem.help("this is a bug of datagen; please report it with the spec")
    })
}

/// Everything that a text says, without places: two texts that mean the same give the same.
fn meaning(sources: &Sources, source: u32, text: &str) -> String {
    let mut sources = sources.clone();
    // Under the same name, so that files named in it are found.
    let name = sources.get(source).name.clone();
    let copy = sources.add(name, text);
    let document = Node::parse(&sources, copy).map(|node| keys::ordered(&node));
    let spec = match Spec::parse(&mut sources, copy) {
        Ok(spec) => format!("{spec:?}"),
        // Problems come in the order of the text, which may change.
        Err(BadSpec { problems, partial }) => {
            // What helps may speak of the key that comes first.
            let mut told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            told.sort();
            format!("{told:?} {partial:?}")
        }
    };
    without_places(&format!("{document:?}\n{spec}"))
}

/// What `Debug` shows, without spans.
fn without_places(shown: &str) -> String {
    let mut parts = shown.split("Span {");
    let mut text = parts.next().unwrap_or("").to_owned();
    for part in parts {
        text.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    text
}

#[cfg(test)]
mod tests;
