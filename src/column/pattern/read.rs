//! From the text of a regular expression to the tree of what it makes.

use super::{BadPattern, Part};
use regex_syntax::ParserBuilder;
use regex_syntax::ast::{self, Ast, ClassPerlKind, ClassSetItem, Visitor};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// How often `*`, `+` and `{n,}` repeat at most beyond their minimum.
const OPEN_REPEATS: u32 = 8;

/// So that a text stays far below what a batch holds.
const MOST_REPEATS: u32 = 10_000;

/// A class of more characters was hardly meant to be made.
const MOST_LETTERS: usize = 5_000;

/// Which ends of the text a part touches.
#[derive(Clone, Copy)]
struct Ends {
    first: bool,
    last: bool,
}

pub(super) fn read(text: &str) -> Result<Part, BadPattern> {
    part(&parse(text)?, Ends { first: true, last: true })
}

/// Parsed byte by byte, in which classes are ASCII; where the text lists characters beyond it, by characters, with the open classes
/// written out as ASCII.
fn parse(text: &str) -> Result<Hir, BadPattern> {
    let bytes = ParserBuilder::new().unicode(false).utf8(false).build().parse(text);
    let error = match bytes {
        Ok(hir) => return Ok(hir),
        Err(error @ regex_syntax::Error::Parse(_)) => return Err(syntax(&error)),
        Err(error) if text.is_ascii() => return Err(syntax(&error)),
        Err(error) => error,
    };
    let Ok(ast) = ast::parse::Parser::new().parse(text) else { return Err(syntax(&error)) };
    let changes = ast::visit(&ast, Open::default()).expect("the visitor does not fail");
    let written = apply(text, changes);
    let by_characters = ParserBuilder::new().unicode(true).utf8(true).build().parse(&written);
    by_characters.map_err(|error| BadPattern { place: None, ..syntax(&error) })
}

fn syntax(error: &regex_syntax::Error) -> BadPattern {
    let (kind, span) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span()),
        other => return BadPattern { message: other.to_string(), place: None },
    };
    BadPattern { message: kind, place: Some((span.start.offset, span.end.offset)) }
}

/// Finds the classes that say what they hold only with a list of all characters there are: place and ASCII text.
#[derive(Default)]
struct Open(Vec<(usize, usize, String)>);

impl Open {
    fn replace(&mut self, span: &ast::Span, text: String) {
        self.0.push((span.start.offset, span.end.offset, text));
    }

    fn perl(&mut self, class: &ast::ClassPerl, brackets: bool) {
        let inside = match (&class.kind, class.negated) {
            (ClassPerlKind::Digit, false) => "0-9",
            (ClassPerlKind::Digit, true) => " -/:-~",
            (ClassPerlKind::Word, false) => "0-9A-Za-z_",
            (ClassPerlKind::Word, true) => r" -/:-@\[-\^`\{-~",
            (ClassPerlKind::Space, false) => " ",
            (ClassPerlKind::Space, true) => "!-~",
        };
        self.replace(&class.span, if brackets { format!("[{inside}]") } else { inside.to_owned() });
    }

    fn bracketed(&mut self, class: &ast::ClassBracketed) {
        if class.negated {
            let (start, end) = (class.span.start.offset, class.span.end.offset);
            self.0.push((start, start, "[[ -~]&&".into()));
            self.0.push((end, end, "]".into()));
        }
    }
}

impl Visitor for Open {
    type Output = Vec<(usize, usize, String)>;
    type Err = std::convert::Infallible;

    fn finish(self) -> Result<Self::Output, Self::Err> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::Dot(span) => self.replace(span, "[ -~]".into()),
            Ast::ClassPerl(class) => self.perl(class, true),
            Ast::ClassBracketed(class) => self.bracketed(class),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        match item {
            ClassSetItem::Perl(class) => self.perl(class, false),
            ClassSetItem::Bracketed(class) => self.bracketed(class),
            _ => {}
        }
        Ok(())
    }
}

fn apply(text: &str, mut changes: Vec<(usize, usize, String)>) -> String {
    changes.sort_by_key(|(start, ..)| *start);
    let mut written = String::new();
    let mut done = 0;
    for (start, end, change) in changes {
        written.push_str(&text[done..start]);
        written.push_str(&change);
        done = end;
    }
    written + &text[done..]
}

fn bad<T>(message: impl Into<String>) -> Result<T, BadPattern> {
    Err(BadPattern { message: message.into(), place: None })
}

fn part(hir: &Hir, ends: Ends) -> Result<Part, BadPattern> {
    Ok(match hir.kind() {
        HirKind::Empty => Part::Literal(Vec::new()),
        HirKind::Look(look) => match look {
            Look::Start if ends.first => Part::Literal(Vec::new()),
            Look::End if ends.last => Part::Literal(Vec::new()),
            Look::Start | Look::StartLF | Look::StartCRLF => {
                return bad("`^` stands only at the beginning: the pattern is the whole text");
            }
            Look::End | Look::EndLF | Look::EndCRLF => {
                return bad("`$` stands only at the end: the pattern is the whole text");
            }
            _ => {
                return bad("`\\b` and its like look at what stands around: write the characters themselves");
            }
        },
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(_) => Part::Literal(literal.0.to_vec()),
            Err(_) => return bad("the pattern makes bytes that are not text"),
        },
        HirKind::Class(class) => class_part(class)?,
        HirKind::Repetition(repetition) => {
            let max = repetition.max.unwrap_or(repetition.min.saturating_add(OPEN_REPEATS));
            if max > MOST_REPEATS {
                return bad(format!("a part is repeated at most {MOST_REPEATS} times"));
            }
            let inside = Ends { first: false, last: false };
            Part::Repeat { part: Box::new(part(&repetition.sub, inside)?), min: repetition.min, max }
        }
        HirKind::Capture(capture) => part(&capture.sub, ends)?,
        HirKind::Concat(parts) => {
            let is_look = |hir: &Hir| matches!(hir.kind(), HirKind::Look(_));
            let of = |(at, hir): (usize, &Hir)| {
                let first = ends.first && parts[..at].iter().all(is_look);
                let last = ends.last && parts[at + 1..].iter().all(is_look);
                part(hir, Ends { first, last })
            };
            Part::Sequence(parts.iter().enumerate().map(of).collect::<Result<_, _>>()?)
        }
        HirKind::Alternation(parts) => {
            Part::Alternatives(parts.iter().map(|hir| part(hir, ends)).collect::<Result<_, _>>()?)
        }
    })
}

/// The printable characters of a class.
fn class_part(class: &Class) -> Result<Part, BadPattern> {
    let mut letters: Vec<char> = match class {
        Class::Bytes(class) => {
            let holds = |c: &u8| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(c));
            (b' '..=b'~').filter(holds).map(char::from).collect()
        }
        Class::Unicode(class) => {
            let all = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            all.filter(|letter| !letter.is_control()).take(MOST_LETTERS + 1).collect()
        }
    };
    letters.dedup();
    match letters.len() {
        0 => bad(
            "a class of the pattern has no printable character; beyond ASCII, write the characters themselves",
        ),
        len if len > MOST_LETTERS => {
            bad(format!("a class of the pattern has more than {MOST_LETTERS} characters"))
        }
        _ => {
            Ok(match letters.iter().map(|letter| u8::try_from(*letter).ok().filter(u8::is_ascii)).collect() {
                Some(bytes) => Part::Class(bytes),
                None => Part::Letters(letters),
            })
        }
    }
}
