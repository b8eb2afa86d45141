//! Copying short pieces of bytes, a whole word at a time.

use super::Texts;

/// Bytes that a copy moves at once.
pub(crate) const WORD: usize = 16;

/// Puts a piece of a buffer at a place, and gives the place after it. Words are copied as long as the buffer goes on
/// behind the piece, and then up to a [`WORD`] behind the place is overwritten.
#[inline(always)]
pub(crate) fn append(out: &mut [u8], at: usize, from: &[u8], start: usize, end: usize) -> usize {
    let length = end - start;
    if end + WORD <= from.len() {
        let mut done = 0;
        while done < length {
            out[at + done..at + done + WORD].copy_from_slice(&from[start + done..start + done + WORD]);
            done += WORD;
        }
    } else {
        out[at..at + length].copy_from_slice(&from[start..end]);
    }
    at + length
}

/// As [`append`], one of some texts.
#[inline(always)]
pub(crate) fn append_text(out: &mut [u8], at: usize, texts: &Texts, text: usize) -> usize {
    let range = texts.range(text);
    append(out, at, texts.bytes(), range.start, range.end)
}
