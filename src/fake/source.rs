//! Ways to make texts: picks from a dictionary, a function of the row, a function of a number.

use super::{Request, TextSource};
use crate::fake::lists::List;
use crate::random::{Alias, Permutation, below, mix};
use crate::spec::Refusal;
use crate::value::{Data, Dictionary, Rows, Texts, Vector};
use std::sync::Arc;

/// Picks from a dictionary: the row chooses a thing, and `codes` say which text the thing has.
pub(super) struct Picks<F> {
    pub texts: Dictionary,
    pub codes: Vec<u32>,
    /// The thing of a row: an index into `codes`.
    pub thing: F,
    pub distinct: Option<u128>,
}

impl<F: Fn(u64) -> usize + Send + Sync> TextSource for Picks<F> {
    fn fill(&self, rows: &Rows) -> Vector {
        let codes = rows.map(|row| self.codes[(self.thing)(row)]);
        Data::Dict { codes, values: self.texts.clone() }.into()
    }

    fn distinct(&self) -> Option<u128> {
        self.distinct
    }
}

/// The dictionary of `texts`, each once, and the place of each text in it.
pub(super) fn dictionary<T: AsRef<str>>(texts: &[T]) -> (Dictionary, Vec<u32>) {
    let mut places = std::collections::BTreeMap::new();
    let mut distinct = Texts::default();
    let codes = texts
        .iter()
        .map(|text| {
            *places.entry(text.as_ref()).or_insert_with(|| {
                distinct.push(text.as_ref());
                distinct.len() as u32 - 1
            })
        })
        .collect();
    (Arc::new(distinct), codes)
}

/// Picks from a list by weight, or each value at most once; values that do not fit the column are left out.
pub(super) fn pick(request: &Request, list: &List) -> Result<Box<dyn TextSource>, Refusal> {
    let fitting = |at: &usize| request.fits(list.values[*at].chars().count());
    let kept: Vec<usize> = (0..list.values.len()).filter(fitting).collect();
    if kept.is_empty() {
        return Err(too_narrow(
            request,
            list.values.iter().map(|value| value.chars().count()).min().unwrap_or(0),
        ));
    }
    let values: Vec<&str> = kept.iter().map(|at| list.values[*at]).collect();
    let weights: Vec<f64> = kept.iter().map(|at| list.weights[*at]).collect();
    let (texts, codes) = dictionary(&values);
    Ok(pick_dictionary(request, texts, codes, &weights))
}

/// Picks from a dictionary by weight, or, when values have to be unique, each text at most once.
pub(super) fn pick_dictionary(
    request: &Request,
    texts: Dictionary,
    codes: Vec<u32>,
    weights: &[f64],
) -> Box<dyn TextSource> {
    let key = request.key();
    let count = texts.len() as u64;
    let distinct = Some(count as u128);
    if request.unique {
        let permutation = Permutation::new(key, count);
        let codes = (0..count as u32).collect();
        return Box::new(Picks { texts, codes, thing: move |row| permutation.apply(row) as usize, distinct });
    }
    let alias = Alias::new(weights);
    Box::new(Picks { texts, codes, thing: move |row| alias.pick(mix(key, row)), distinct })
}

/// Texts written row by row into one buffer.
pub(super) struct ByRow<F> {
    pub write: F,
    /// Texts are cut to that many characters, at the end of a word where one is near.
    pub cut: Option<u32>,
    pub distinct: Option<u128>,
}

impl<F: Fn(u64, &mut Vec<u8>) + Send + Sync> TextSource for ByRow<F> {
    fn fill(&self, rows: &Rows) -> Vector {
        let mut texts = Texts::with_capacity(rows.len(), rows.len() * 24);
        match self.cut {
            None => rows.for_each(|row| {
                (self.write)(row, texts.buffer());
                texts.finish();
            }),
            Some(limit) => rows.for_each(|row| {
                let start = texts.buffer().len();
                (self.write)(row, texts.buffer());
                cut(texts.buffer(), start, limit as usize);
                texts.finish();
            }),
        }
        Data::Text(texts).into()
    }

    fn distinct(&self) -> Option<u128> {
        self.distinct
    }
}

/// Texts that a function of the row writes; they are cut to the column's width. Never unique.
pub(super) fn by_row(
    request: &Request,
    write: impl Fn(u64, &mut Vec<u8>) + Send + Sync + 'static,
) -> Box<dyn TextSource> {
    Box::new(ByRow { write, cut: request.max_chars, distinct: None })
}

/// Texts that are a one-to-one function of a number below `count`, drawn at random or, for unique columns, permuted
/// rows. `longest` is the longest text's length; these are codes, which a cut would spoil, so a column too narrow for them is
/// refused.
pub(super) fn numbered(
    request: &Request,
    count: u64,
    longest: usize,
    write: impl Fn(u64, &mut Vec<u8>) + Send + Sync + 'static,
) -> Result<Box<dyn TextSource>, Refusal> {
    if !request.fits(longest) {
        return Err(too_narrow(request, longest));
    }
    let key = request.key();
    let distinct = Some(count as u128);
    if request.unique {
        let permutation = Permutation::new(key, count);
        let write = move |row: u64, out: &mut Vec<u8>| write(permutation.apply(row), out);
        return Ok(Box::new(ByRow { write, cut: None, distinct }));
    }
    let write = move |row: u64, out: &mut Vec<u8>| write(below(mix(key, row), count), out);
    Ok(Box::new(ByRow { write, cut: None, distinct }))
}

/// The refusal of a column that holds fewer characters than the shortest text has.
pub(super) fn too_narrow(request: &Request, needed: usize) -> Refusal {
    let column = request.column;
    let limit = request.max_chars.unwrap_or(0);
    Refusal {
        parameter: None,
        message: format!("these values need {needed} characters, column `{column}` holds {limit}"),
        help: Some(format!("make the column at least {needed} characters wide")),
    }
}

/// Cuts the text that starts at `start` to `limit` characters: back to the end of a word when that loses less than a
/// third, and without punctuation left hanging.
pub(super) fn cut(out: &mut Vec<u8>, start: usize, limit: usize) {
    // As many bytes hold no more characters: the common case.
    if out.len() - start <= limit {
        return;
    }
    let is_boundary = |byte: u8| byte & 0xC0 != 0x80;
    let Some(end) = (start..out.len()).filter(|at| is_boundary(out[*at])).nth(limit) else { return };
    let mut keep = end;
    if out[end] != b' '
        && let Some(space) = out[start..end].iter().rposition(|byte| *byte == b' ')
        && space * 3 >= limit * 2
    {
        keep = start + space;
    }
    while keep > start + 1 && b" ,;:-.".contains(&out[keep - 1]) {
        keep -= 1;
    }
    out.truncate(keep);
}

/// Appends a number's decimal digits, with zeros in front up to `width`.
#[inline]
pub(super) fn push_padded(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number).as_bytes();
    (digits.len()..width).for_each(|_| out.push(b'0'));
    out.extend_from_slice(digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_to(text: &str, limit: usize) -> String {
        let mut out = format!("before {text}").into_bytes();
        cut(&mut out, 7, limit);
        String::from_utf8(out).unwrap().split_off(7)
    }

    #[test]
    fn cutting_keeps_whole_words_and_characters() {
        assert_eq!(cut_to("Very good, and cheap", 11), "Very good");
        assert_eq!(cut_to("Very good, and cheap", 99), "Very good, and cheap");
        assert_eq!(cut_to("Grüße", 4), "Grüß");
        assert_eq!(cut_to("Grüße", 5), "Grüße");
        assert_eq!(cut_to("Donaudampfschiff", 5), "Donau");
        assert_eq!(cut_to("a-b", 1), "a");
    }
}
