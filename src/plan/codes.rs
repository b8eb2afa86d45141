//! Codes such as an order's number: fixed parts, counters and random characters, as long as their column and no longer.

use super::draft::Draft;
use super::generators::Place;
use crate::column::{Column, Joined, Pattern, Wanted};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{At, CodeClass, CodePart, Generator, Modifiers};
use crate::value::SqlType;
use crate::value::text::quote_identifier;

impl<'s> Draft<'s> {
    /// A code is joined from templates (text, dates, counters) and patterns (text, random characters). With a counter it is unique;
    /// without one, the pattern that allows most texts is made so.
    pub(super) fn code(
        &mut self,
        place: &Place<'s>,
        parts: &At<Vec<CodePart>>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        if parts.value == [CodePart::Uuid] && place.sql_type == SqlType::Uuid {
            let v4 = At::new(crate::spec::UuidVersion::V4, parts.span);
            return self.uuid(place, &v4);
        }
        if !self.makes_text(place, parts.span, "template") {
            return None;
        }
        let parts = self.fitting_parts(place, parts)?;
        let is_counted = parts.value.iter().any(|part| matches!(part, CodePart::Counter(_)));
        let runs = runs(&parts.value);
        let to_be_unique = place.unique.filter(|_| place.rows > 1 && !is_counted);
        let most = (0..runs.len()).filter(|at| is_random(runs[*at])).max_by_key(|at| capacity(runs[*at]));
        if let (Some(span), None) = (to_be_unique, most) {
            self.refuse(span, "this template repeats", "add `{sequence:6}` to it, or leave out `unique`");
            return None;
        }
        let mut columns = Vec::new();
        for (at, run) in runs.iter().enumerate() {
            let part = Place {
                part: format!("{}code {}", place.part, at + 1),
                sql_type: SqlType::Text,
                unique: to_be_unique.filter(|_| most == Some(at)),
                length: None,
                modifiers: Modifiers::default(),
                ..*place
            };
            let built = match is_random(run) {
                true => self.pattern(&part, &At::new(regex(run), parts.span)),
                false => {
                    let template = self.template_of(place, run);
                    self.template(&part, &At::new(template, parts.span), reads)
                }
            };
            columns.push(built?.0);
        }
        let origin = format!("code {}", shown(&parts.value));
        Some((Box::new(Joined { parts: columns }), origin))
    }

    /// A pattern, narrowed where the column is too short for it, or unique and its texts cannot be told apart.
    pub(super) fn fitting_pattern(
        &mut self,
        place: &Place<'s>,
        text: &At<String>,
    ) -> Option<(Box<dyn Column>, String)> {
        let (Ok(written), Some(narrowed)) = (Pattern::parse(&text.value), narrowed(place, &text.value))
        else {
            return self.pattern(place, text);
        };
        let is_unique = place.unique.is_some();
        let limit = place.sql_type.max_chars().map_or(u64::MAX, u64::from);
        let message = match written.max_len() > limit {
            true => {
                format!("this makes up to {} characters, {} holds {limit}", written.max_len(), place.sql_type)
            }
            false if is_unique && written.is_ambiguous() => {
                "the pattern can make one text in more than one way, and the column is unique".to_owned()
            }
            false => return self.pattern(place, text),
        };
        let problem = Diagnostic::new(text.span, message).severity(Severity::Warning);
        self.notes.push(problem.help(format!("it is narrowed to `{narrowed}`")));
        self.pattern(place, &At::new(narrowed.to_string(), text.span))
    }

    /// Texts that would repeat, each with its row's number: `Garden 12`. Where the column is too narrow for that, any characters.
    pub(super) fn numbered(
        &mut self,
        place: &Place<'s>,
        generator: &Generator,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        const SHORTEST: u32 = 4;
        let suffix = digits(place.rows) as u32 + 1;
        let room = place.sql_type.max_chars().map(|limit| limit.saturating_sub(suffix));
        if room.is_some_and(|room| room < SHORTEST) {
            let width = place.sql_type.max_chars().unwrap_or(1);
            let pattern = At::new(format!("[A-Z0-9]{{{width}}}"), place.span);
            return self.pattern(place, &pattern);
        }
        let part = |name: &str, room: Option<u32>| Place {
            part: format!("{}{name}", place.part),
            sql_type: SqlType::Varchar(room),
            unique: None,
            length: None,
            modifiers: Modifiers::default(),
            ..*place
        };
        let (text, origin) = self.generator(&part("text", room), generator, None, reads)?;
        let number = At::new(" {row}".to_owned(), place.span);
        let (number, _) = self.template(&part("number", None), &number, reads)?;
        Some((Box::new(Joined { parts: vec![text, number] }), format!("{origin}, numbered")))
    }

    /// The parts with counters wide enough for the table, shortened where the column is too narrow.
    fn fitting_parts(&mut self, place: &Place, parts: &At<Vec<CodePart>>) -> Option<At<Vec<CodePart>>> {
        let least_digits = digits(place.rows);
        let mut fitting: Vec<CodePart> = parts.value.clone();
        for part in &mut fitting {
            match part {
                CodePart::Counter(width) => *width = (*width).max(least_digits),
                CodePart::Table => *part = CodePart::Text(self.tables[place.table].name().to_owned()),
                _ => {}
            }
        }
        let Some(limit) = place.sql_type.max_chars().map(|limit| limit as usize) else {
            return Some(At::new(fitting, parts.span));
        };
        let length = total_length(&fitting);
        if length <= limit {
            return Some(At::new(fitting, parts.span));
        }
        let is_unique = place.unique.is_some();
        let texts = if is_unique { place.rows } else { 1 };
        while total_length(&fitting) > limit {
            if !shorten(&mut fitting, least_digits, texts) {
                let message = format!(
                    "{} holds {limit} characters: too few for a code of {} rows",
                    place.sql_type, place.rows
                );
                self.refuse(parts.span, message, "widen the column, or use fewer rows");
                return None;
            }
        }
        let message = format!("this makes {length} characters, {} holds {limit}", place.sql_type);
        let problem = Diagnostic::new(parts.span, message).severity(Severity::Warning);
        self.notes.push(problem.help(format!("it is shortened to `{}`", shown(&fitting))));
        Some(At::new(fitting, parts.span))
    }

    /// Parts without random characters, as a template of our own.
    fn template_of(&self, place: &Place, parts: &[CodePart]) -> String {
        let moment = self.creation_of(place.table, place.column);
        let moment = moment.map_or("as_of".to_owned(), |name| quote_identifier(&name));
        let piece = |part: &CodePart| match part {
            CodePart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
            CodePart::Moment(format) => format!("{{{moment}:{format}}}"),
            CodePart::Counter(width) => format!("{{row:0{width}}}"),
            CodePart::Random(..) | CodePart::Uuid | CodePart::Table => {
                unreachable!("random parts are patterns, and tables have become their names")
            }
        };
        parts.iter().map(piece).collect()
    }
}

/// A pattern as it fits its column.
pub(super) fn narrowed(place: &Place, pattern: &str) -> Option<Pattern> {
    let is_unique = place.unique.is_some();
    let wanted = Wanted {
        limit: place.sql_type.max_chars().map_or(u64::MAX, u64::from),
        texts: if is_unique { place.rows as u128 } else { 1 },
        is_unambiguous: is_unique,
    };
    Pattern::parse(pattern).ok()?.narrowed(wanted)
}

/// Neighbours that one template or one pattern can make.
fn runs(parts: &[CodePart]) -> Vec<&[CodePart]> {
    let kind = |part: &CodePart| match part {
        CodePart::Text(_) | CodePart::Table => None,
        CodePart::Random(..) | CodePart::Uuid => Some(true),
        CodePart::Moment(_) | CodePart::Counter(_) => Some(false),
    };
    let mut runs = Vec::new();
    let (mut start, mut is_random) = (0, None);
    for (at, part) in parts.iter().enumerate() {
        match (kind(part), is_random) {
            (Some(now), Some(before)) if now != before => {
                runs.push(&parts[start..at]);
                (start, is_random) = (at, Some(now));
            }
            (Some(now), None) => is_random = Some(now),
            _ => {}
        }
    }
    runs.push(&parts[start..]);
    runs
}

fn is_random(parts: &[CodePart]) -> bool {
    parts.iter().any(|part| matches!(part, CodePart::Random(..) | CodePart::Uuid))
}

/// Characters of a class, as a regular expression and in number.
fn class(class: CodeClass) -> (&'static str, u128) {
    match class {
        CodeClass::Digits => ("[0-9]", 10),
        CodeClass::Hex => ("[0-9a-f]", 16),
        CodeClass::Capitals => ("[A-Z]", 26),
        CodeClass::Small => ("[a-z]", 26),
        CodeClass::Letters => ("[A-Za-z]", 52),
        CodeClass::Alphanumeric => ("[A-Za-z0-9]", 62),
    }
}

fn regex(parts: &[CodePart]) -> String {
    let piece = |part: &CodePart| match part {
        CodePart::Text(text) => regex_syntax::escape(text),
        CodePart::Random(of, count) => format!("{}{{{count}}}", class(*of).0),
        CodePart::Uuid => "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}".to_owned(),
        CodePart::Moment(_) | CodePart::Counter(_) | CodePart::Table => {
            unreachable!("a run of random parts has only text beside them")
        }
    };
    parts.iter().map(piece).collect()
}

/// How many texts the random parts make.
fn capacity(parts: &[CodePart]) -> u128 {
    parts.iter().fold(1u128, |product, part| match part {
        CodePart::Random(of, count) => product.saturating_mul(class(*of).1.saturating_pow(*count as u32)),
        CodePart::Uuid => u128::MAX,
        _ => product,
    })
}

fn length(part: &CodePart) -> usize {
    match part {
        CodePart::Text(text) => text.chars().count(),
        CodePart::Counter(width) | CodePart::Random(_, width) => *width,
        CodePart::Uuid => 36,
        CodePart::Table => 0,
        CodePart::Moment("%Y") => 4,
        CodePart::Moment("%B") => "September".len(),
        CodePart::Moment("%Y%m%d") => 8,
        CodePart::Moment("%s") => 10,
        CodePart::Moment(_) => 2,
    }
}

fn total_length(parts: &[CodePart]) -> usize {
    parts.iter().map(length).sum()
}

fn digits(rows: u64) -> usize {
    rows.max(1).ilog10() as usize + 1
}

/// Takes a character or so from the part that can spare it most easily: zeros before counters, hyphens of UUIDs, random
/// characters beyond what `texts` different codes need, letters of the text, dates. False when nothing can be spared.
fn shorten(parts: &mut Vec<CodePart>, least_digits: usize, texts: u64) -> bool {
    let is_counted = parts.iter().any(|part| matches!(part, CodePart::Counter(_)));
    if let Some(CodePart::Counter(width)) =
        parts.iter_mut().find(|part| matches!(part, CodePart::Counter(width) if *width > least_digits))
    {
        *width -= 1;
        return true;
    }
    if let Some(part) = parts.iter_mut().find(|part| **part == CodePart::Uuid) {
        *part = CodePart::Random(CodeClass::Hex, 32);
        return true;
    }
    let needed = if is_counted { 1 } else { texts as u128 };
    let longest = (0..parts.len())
        .filter(|at| matches!(parts[*at], CodePart::Random(_, count) if count > 1))
        .max_by_key(|at| length(&parts[*at]));
    if let Some(at) = longest
        && let CodePart::Random(of, count) = parts[at]
    {
        let before = parts[at].clone();
        parts[at] = CodePart::Random(of, count - 1);
        // One run of random parts has to tell the codes apart.
        if runs(parts).into_iter().map(capacity).max().unwrap_or(1) >= needed {
            return true;
        }
        parts[at] = before;
    }
    let text = (0..parts.len())
        .filter(|at| matches!(parts[*at], CodePart::Text(_)))
        .max_by_key(|at| length(&parts[*at]));
    if let Some(at) = text
        && let CodePart::Text(text) = &mut parts[at]
    {
        // `ORDER-` becomes `ORDE-`: what separates stays as long as there is something to separate.
        let last =
            text.char_indices().rev().find(|(_, c)| c.is_alphanumeric()).or(text.char_indices().next_back());
        let (start, letter) = last.expect("no part is empty");
        text.replace_range(start..start + letter.len_utf8(), "");
        if text.is_empty() {
            parts.remove(at);
        }
        return true;
    }
    match parts.iter().position(|part| matches!(part, CodePart::Moment(_))) {
        Some(at) if parts[at] == CodePart::Moment("%Y") => parts[at] = CodePart::Moment("%y"),
        Some(at) => drop(parts.remove(at)),
        None => return false,
    }
    true
}

/// The parts as people write them.
fn shown(parts: &[CodePart]) -> String {
    let piece = |part: &CodePart| match part {
        CodePart::Text(text) => text.clone(),
        CodePart::Counter(width) => format!("{{sequence:{width}}}"),
        CodePart::Uuid => "{uuid}".into(),
        CodePart::Table => "{table}".into(),
        CodePart::Random(CodeClass::Digits, count) => format!("{{random:{count}}}"),
        CodePart::Random(CodeClass::Hex, count) => format!("{{hex:{count}}}"),
        CodePart::Random(CodeClass::Capitals, count) => format!("{{upper:{count}}}"),
        CodePart::Random(CodeClass::Small, count) => format!("{{lower:{count}}}"),
        CodePart::Random(CodeClass::Letters, count) => format!("{{alpha:{count}}}"),
        CodePart::Random(CodeClass::Alphanumeric, count) => format!("{{alphanumeric:{count}}}"),
        CodePart::Moment("%Y") => "{year}".into(),
        CodePart::Moment("%y") => "{year:2}".into(),
        CodePart::Moment("%m") => "{month}".into(),
        CodePart::Moment("%B") => "{month:name}".into(),
        CodePart::Moment("%d") => "{day}".into(),
        CodePart::Moment("%s") => "{timestamp}".into(),
        CodePart::Moment(format) => format!("{{{format}}}"),
    };
    parts.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> CodePart {
        CodePart::Text(text.into())
    }

    fn shortened(mut parts: Vec<CodePart>, limit: usize, rows: u64) -> Option<String> {
        while total_length(&parts) > limit {
            if !shorten(&mut parts, digits(rows), rows) {
                return None;
            }
        }
        Some(shown(&parts))
    }

    #[test]
    fn what_tells_codes_apart_goes_last() {
        let order = || vec![text("ORDER-"), CodePart::Moment("%Y"), text("-"), CodePart::Counter(8)];
        assert_eq!(shortened(order(), 19, 500).as_deref(), Some("ORDER-{year}-{sequence:8}"));
        assert_eq!(shortened(order(), 14, 500).as_deref(), Some("ORDER-{year}-{sequence:3}"));
        assert_eq!(shortened(order(), 12, 500).as_deref(), Some("ORD-{year}-{sequence:3}"));
        assert_eq!(shortened(order(), 3, 500).as_deref(), Some("{sequence:3}"));
        assert_eq!(shortened(order(), 2, 500), None);
    }

    #[test]
    fn random_characters_stay_as_many_as_the_rows_need() {
        let code = || vec![text("TX"), CodePart::Random(CodeClass::Digits, 9)];
        assert_eq!(shortened(code(), 8, 1_000).as_deref(), Some("TX{random:6}"));
        assert_eq!(shortened(code(), 4, 1_000).as_deref(), Some("T{random:3}"));
        assert_eq!(shortened(code(), 2, 1_000), None);
    }

    #[test]
    fn neighbours_are_joined_by_what_can_make_them() {
        let parts =
            [text("A-"), CodePart::Random(CodeClass::Hex, 4), text("-"), CodePart::Counter(3), text("!")];
        let runs = runs(&parts);
        assert_eq!(runs, [&parts[..3], &parts[3..]]);
        assert_eq!(regex(runs[0]), r"A\-[0-9a-f]{4}\-");
    }
}
