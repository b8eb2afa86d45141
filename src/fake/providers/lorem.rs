//! Latin filler of any length.

use crate::fake::grammar::capital;
use crate::fake::source::ByRow;
use crate::fake::{LOCALES, Language, Provider, Recipe, Request, TextSource, lists};
use crate::random::{CellRng, Permutation};
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::Texts;

/// How long a text is and how it looks.
#[derive(Clone, Copy)]
struct Shape {
    paragraphs: Span,
    /// Per paragraph.
    sentences: Span,
    /// Per sentence.
    words: Span,
    form: Form,
}

/// From the first to the second, both included.
type Span = (u64, u64);

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `alias dolor sit`
    Words,
    /// `Alias Dolor Sit`
    Title,
    /// `Alias dolor sit.`
    Sentences,
}

const fn integer(name: &'static str, default: Option<&'static str>, summary: &'static str) -> Parameter {
    Parameter { name, kind: ParameterKind::Integer, default, summary }
}

const MIN_WORDS: &str = "fewest words of a sentence";
const MAX_WORDS: &str = "most words of a sentence";
const MIN_SENTENCES: &str = "fewest sentences of a paragraph";
const MAX_SENTENCES: &str = "most sentences of a paragraph";

const fn lorem(
    name: &'static str,
    summary: &'static str,
    column_names: &'static [&'static str],
    parameters: &'static [Parameter],
    build: fn(&Request) -> Result<Box<dyn TextSource>, Refusal>,
) -> Provider {
    let recipe = Recipe::Build(build);
    Provider { name, group: "lorem", summary, column_names, parameters, language: Language::Neutral, recipe }
}

pub static WORD: Provider = Provider {
    name: "word",
    group: "lorem",
    summary: "one word",
    column_names: &["word"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::List("lorem"),
};

pub static WORDS: Provider = lorem(
    "words",
    "a few words",
    &["words", "keywords"],
    &[integer("min", Some("3"), "fewest words"), integer("max", Some("3"), "most words")],
    |request| {
        let words = span(request, "min", "max", (3, 3))?;
        text(request, Shape { paragraphs: (1, 1), sentences: (1, 1), words, form: Form::Words })
    },
);

pub static TITLE: Provider = lorem(
    "title",
    "a few words with capitals, no full stop",
    &["title", "headline", "heading", "subject", "topic"],
    &[integer("min", Some("2"), "fewest words"), integer("max", Some("6"), "most words")],
    |request| {
        let words = span(request, "min", "max", (2, 6))?;
        text(request, Shape { paragraphs: (1, 1), sentences: (1, 1), words, form: Form::Title })
    },
);

pub static SENTENCE: Provider = lorem(
    "sentence",
    "one sentence",
    &["sentence"],
    &[integer("min", Some("6"), MIN_WORDS), integer("max", Some("14"), MAX_WORDS)],
    |request| {
        let words = span(request, "min", "max", (6, 14))?;
        text(request, Shape { paragraphs: (1, 1), sentences: (1, 1), words, form: Form::Sentences })
    },
);

pub static SENTENCES: Provider = lorem(
    "sentences",
    "a few sentences",
    &["sentences", "description", "summary", "abstract", "details", "text", "bio", "about"],
    &[integer("min", Some("2"), "fewest sentences"), integer("max", Some("4"), "most sentences")],
    |request| {
        let sentences = span(request, "min", "max", (2, 4))?;
        text(request, Shape { paragraphs: (1, 1), sentences, words: (6, 14), form: Form::Sentences })
    },
);

pub static PARAGRAPH: Provider = lorem(
    "paragraph",
    "one paragraph of several sentences",
    &["paragraph", "content", "body", "message"],
    &[integer("min", Some("4"), MIN_SENTENCES), integer("max", Some("8"), MAX_SENTENCES)],
    |request| {
        let sentences = span(request, "min", "max", (4, 8))?;
        text(request, Shape { paragraphs: (1, 1), sentences, words: (6, 14), form: Form::Sentences })
    },
);

pub static PARAGRAPHS: Provider = lorem(
    "paragraphs",
    "a few paragraphs with empty lines between them",
    &["paragraphs", "article", "full_text"],
    &[
        integer("min", Some("2"), "fewest paragraphs"),
        integer("max", Some("4"), "most paragraphs"),
        integer("min_sentences", Some("4"), MIN_SENTENCES),
        integer("max_sentences", Some("8"), MAX_SENTENCES),
    ],
    |request| {
        let paragraphs = span(request, "min", "max", (2, 4))?;
        let sentences = span(request, "min_sentences", "max_sentences", (4, 8))?;
        text(request, Shape { paragraphs, sentences, words: (6, 14), form: Form::Sentences })
    },
);

/// Two parameters that are a range. Where one is given, the other's default gives way.
fn span(request: &Request, min: &'static str, max: &'static str, default: Span) -> Result<Span, Refusal> {
    let given_max = request.arguments.number(max).is_some();
    let low = request.integer(min, default.0, 1, 10_000)?;
    let high = request.integer(max, default.1.max(low), 1, 10_000)?;
    if low <= high {
        return Ok((low, high));
    }
    match request.arguments.number(min) {
        Some(_) if given_max => Err(Refusal::of(min, format!("{min} is {low}, more than {max}, {high}"))),
        _ => Ok((high, high)),
    }
}

fn text(request: &Request, shape: Shape) -> Result<Box<dyn TextSource>, Refusal> {
    let list = lists::known(LOCALES[0], "lorem");
    let words = Vocabulary {
        small: list.values.iter().collect(),
        capital: list.values.iter().map(|word| capital(word)).collect(),
    };
    let longest = list.values.iter().map(|word| word.len()).max().unwrap_or(0);
    let key = request.key();
    // The first words of unique texts are the digits of a number.
    let least_words = shape.paragraphs.0 * shape.sentences.0 * shape.words.0;
    let telling = telling_words(request, words.small.len() as u64, least_words, longest);
    let numbers = (words.small.len() as u64).pow(telling);
    let all = (words.small.len() as u128).saturating_pow(least_words.min(1_000) as u32);
    let distinct = Some(if request.unique { numbers as u128 } else { all });
    let permutation = Permutation::new(key.child("first words"), numbers);
    let write = move |row: u64, out: &mut Vec<u8>| {
        let number = if telling == 0 { 0 } else { permutation.apply(row) };
        shape.write(&words, telling, number, &mut CellRng::new(key, row), out);
    };
    Ok(Box::new(ByRow { write, cut: request.max_chars, distinct }))
}

/// How many words at the beginning have to tell the texts of a unique column apart: as few as give enough texts, but no more than
/// every text has and, after a cut, keeps.
fn telling_words(request: &Request, words: u64, least_words: u64, longest: usize) -> u32 {
    if !request.unique {
        return 0;
    }
    // A cut keeps two thirds of the width or more. A word takes a space and perhaps a sign beside its letters.
    let kept = request.max_chars.map_or(u64::MAX, |limit| limit as u64 * 2 / 3 / (longest as u64 + 2));
    let needed = (1..8).find(|count| words.pow(*count) >= request.rows).unwrap_or(8);
    needed.min(least_words.min(kept) as u32)
}

/// The words, plain and with a capital letter.
struct Vocabulary {
    small: Texts,
    capital: Texts,
}

impl Shape {
    fn write(&self, words: &Vocabulary, telling: u32, mut number: u64, rng: &mut CellRng, out: &mut Vec<u8>) {
        let mut told = 0;
        let size = words.small.len() as u64;
        let mut next = |rng: &mut CellRng| {
            told += 1;
            if told > telling {
                return rng.below(size) as usize;
            }
            let word = (number % size) as usize;
            number /= size;
            word
        };
        for paragraph in 0..draw(self.paragraphs, rng) {
            if paragraph > 0 {
                out.extend_from_slice(b"\n\n");
            }
            for sentence in 0..draw(self.sentences, rng) {
                if sentence > 0 {
                    out.push(b' ');
                }
                let count = draw(self.words, rng);
                for place in 0..count {
                    if place > 0 {
                        out.push(b' ');
                    }
                    let capital = self.form == Form::Title || (self.form == Form::Sentences && place == 0);
                    let list = if capital { &words.capital } else { &words.small };
                    out.extend_from_slice(list.get(next(rng)));
                }
                if self.form == Form::Sentences {
                    out.push(b'.');
                }
            }
        }
    }
}

fn draw(span: Span, rng: &mut CellRng) -> u64 {
    if span.0 == span.1 { span.0 } else { span.0 + rng.below(span.1 - span.0 + 1) }
}
