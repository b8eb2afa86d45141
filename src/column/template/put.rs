//! Putting the texts of a batch together: what each placeholder says is made first, in a loop of its own, and then each text is a few
//! stores of whole words.

use super::Format;
use super::format::NumberFormat;
use crate::value::words::{WORD, append, append_text};
use crate::value::{Data, SqlType, Texts, Vector, text};

/// A part of each text of a batch.
pub(super) enum Part {
    /// The same in all of them: a word, of which so many bytes count.
    Word([u8; WORD], usize),
    /// A longer one, with room behind it, so that it is copied in whole words; how long it is.
    Literal(Vec<u8>, usize),
    /// Short ones: what counts of each word stands beside it.
    Short(Vec<[u8; WORD]>, Vec<u8>),
    /// Any texts.
    Texts(Texts),
    /// Texts of a dictionary.
    Coded(Vec<u32>, std::sync::Arc<Texts>),
}

impl Part {
    /// A text to copy.
    pub fn literal(literal: &str) -> Self {
        let mut bytes = literal.as_bytes().to_vec();
        bytes.resize(literal.len() + WORD, 0);
        if literal.len() <= WORD
            && let Some(word) = bytes.first_chunk()
        {
            return Part::Word(*word, literal.len());
        }
        Part::Literal(bytes, literal.len())
    }

    /// What a format makes of values; of a null nothing.
    pub fn values(vector: Vector, sql_type: &SqlType, format: &Format) -> Self {
        if let Some(width) = zeros(sql_type, format)
            && let Some(part) = numbers(&vector, width)
        {
            return part;
        }
        let is_text = matches!(sql_type, SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_));
        match vector {
            Vector { data: Data::Text(texts), valid: None } if is_text && *format == Format::Plain => {
                Part::Texts(texts)
            }
            Vector { data: Data::Dict { codes, values }, valid: None }
                if is_text && *format == Format::Plain =>
            {
                Part::Coded(codes, values)
            }
            vector => Part::Texts(written(&vector, sql_type, format)),
        }
    }

    /// At most so many bytes in that many texts.
    fn most_bytes(&self, count: usize) -> usize {
        match self {
            Part::Word(_, length) | Part::Literal(_, length) => length * count,
            Part::Short(words, _) => WORD * words.len(),
            // Pieces of a longer text are fewer bytes than that has.
            Part::Texts(texts) => (0..texts.len()).map(|text| texts.range(text).len()).sum(),
            Part::Coded(codes, texts) => codes.iter().map(|code| texts.range(*code as usize).len()).sum(),
        }
    }

    /// Puts the part of a text at a place, and gives the place after it.
    #[inline(always)]
    fn put(&self, out: &mut [u8], at: usize, nth: usize) -> usize {
        match self {
            Part::Word(word, length) => {
                out[at..at + WORD].copy_from_slice(word);
                at + length
            }
            Part::Literal(bytes, length) => append(out, at, bytes, 0, *length),
            Part::Short(words, lengths) => {
                out[at..at + WORD].copy_from_slice(&words[nth]);
                at + lengths[nth] as usize
            }
            Part::Texts(texts) => append_text(out, at, texts, nth),
            Part::Coded(codes, texts) => append_text(out, at, texts, codes[nth] as usize),
        }
    }
}

/// That many texts, each of one part after the other.
pub(super) fn put_together(count: usize, parts: &[Part]) -> Texts {
    let most = parts.iter().map(|part| part.most_bytes(count)).sum();
    Texts::written(count, most, |out, at, nth| parts.iter().fold(at, |at, part| part.put(out, at, nth)))
}

/// The width to which a format fills whole numbers of that type with zeros, 0 if it does not; `None` where there is more to it.
fn zeros(sql_type: &SqlType, format: &Format) -> Option<usize> {
    let is_whole = matches!(sql_type, SqlType::SmallInt | SqlType::Int | SqlType::BigInt);
    match format {
        Format::Plain if is_whole => Some(0),
        Format::Number(NumberFormat { width, grouped: false, decimals: None }) if is_whole => Some(*width),
        _ => None,
    }
}

/// The digits of whole numbers, if they fit into words.
fn numbers(vector: &Vector, width: usize) -> Option<Part> {
    let values = vector.ints();
    let are_below = |limit: u64| values.iter().fold(true, |all, value| all & ((*value as u64) < limit));
    let mut words = vec![[0; WORD]; values.len()];
    let mut lengths = vec![0; values.len()];
    let cells = values.iter().zip(words.iter_mut().zip(&mut lengths));
    // A negative number is a very large one.
    if width <= 8 && are_below(100_000_000) {
        for (value, (cell, length)) in cells {
            let (word, digits) = text::short_padded_integer(*value as u32, width);
            cell[..8].copy_from_slice(&word.to_le_bytes());
            *length = digits as u8;
        }
    } else if width <= WORD && are_below(10_000_000_000_000_000) {
        for (value, (cell, length)) in cells {
            let (word, digits) = text::padded_integer(*value as u64, width);
            *cell = word.to_le_bytes();
            *length = digits as u8;
        }
    } else {
        return None;
    }
    for (valid, length) in vector.valid.iter().flatten().zip(&mut lengths) {
        *length *= u8::from(*valid);
    }
    Some(Part::Short(words, lengths))
}

/// Values one by one, each as its format says.
fn written(vector: &Vector, sql_type: &SqlType, format: &Format) -> Texts {
    let mut texts = Texts::with_capacity(vector.len(), vector.len() * 16);
    for at in 0..vector.len() {
        if vector.is_valid(at) {
            format.write(texts.buffer(), vector, at, sql_type);
        }
        texts.finish();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// A part of the texts: a literal, or values with their type and format.
    #[derive(Clone, Debug)]
    enum Given {
        Literal(String),
        Values(Vector, SqlType, Format),
    }

    /// One text after the other, each value on its own.
    fn one_by_one(count: usize, given: &[Given]) -> Texts {
        let mut texts = Texts::default();
        for at in 0..count {
            for part in given {
                match part {
                    Given::Literal(literal) => texts.buffer().extend_from_slice(literal.as_bytes()),
                    Given::Values(vector, sql_type, format) if vector.is_valid(at) => {
                        format.write(texts.buffer(), vector, at, sql_type);
                    }
                    Given::Values(..) => {}
                }
            }
            texts.finish();
        }
        texts
    }

    const COUNT: usize = 40;

    fn data() -> impl Strategy<Value = (Data, SqlType, Vec<&'static str>)> {
        let integer = (any::<i64>(), 0u32..64).prop_map(|(value, narrow)| value >> narrow);
        let small = 0i64..100_000_000;
        let large = 0i64..20_000_000_000_000_000;
        let integers = prop_oneof![vec(integer, COUNT), vec(small, COUNT), vec(large, COUNT)];
        let of_numbers = vec!["", "03", "08", "09", "016", "020", ",", ".2", "012.1"];
        let decimals = of_numbers.clone();
        let words = ["", "a", "Müller", "it's", "longer than a word is", "exactly sixteen."];
        let texts = vec(prop::sample::select(words.to_vec()), COUNT);
        let codes = vec(0u32..words.len() as u32, COUNT);
        let of_texts = vec!["", "upper", "initial", "slug"];
        let of_codes = of_texts.clone();
        prop_oneof![
            integers.clone().prop_map(move |of| (Data::Int(of), SqlType::BigInt, of_numbers.clone())),
            vec(any::<i32>().prop_map(i64::from), COUNT).prop_map(move |of| (
                Data::Int(of),
                SqlType::numeric(12, 3),
                decimals.clone()
            )),
            vec(-40_000i64..40_000, COUNT).prop_map(|of| (
                Data::Int(of),
                SqlType::Date,
                vec!["", "%Y-%m-%d", "%b %j"]
            )),
            texts.prop_map(move |of| (Data::Text(of.iter().collect()), SqlType::Text, of_texts.clone())),
            codes.prop_map(move |codes| {
                let values = Arc::new(words.iter().collect::<Texts>());
                (Data::Dict { codes, values }, SqlType::Varchar(Some(30)), of_codes.clone())
            }),
        ]
    }

    fn given() -> impl Strategy<Value = Given> {
        let literals =
            prop::sample::select(vec!["", "-", "member", "@example.com", "longer than a word, twice over"]);
        let valid = prop::option::of(vec(any::<bool>(), COUNT));
        let values = (data(), valid, any::<prop::sample::Index>()).prop_map(
            |((data, sql_type, formats), valid, format)| {
                let format = match formats[format.index(formats.len())] {
                    "" => Format::Plain,
                    text => Format::parse(text, &sql_type).expect("is a format"),
                };
                Given::Values(Vector::new(data, valid), sql_type, format)
            },
        );
        prop_oneof![literals.prop_map(|text| Given::Literal(text.into())), values]
    }

    proptest! {
        #[test]
        fn texts_equal_those_written_one_by_one(given in vec(given(), 0..6)) {
            let parts: Vec<Part> = given
                .iter()
                .map(|part| match part {
                    Given::Literal(literal) => Part::literal(literal),
                    Given::Values(vector, sql_type, format) => {
                        Part::values(vector.clone(), sql_type, format)
                    }
                })
                .collect();
            prop_assert_eq!(put_together(COUNT, &parts), one_by_one(COUNT, &given));
        }
    }
}
