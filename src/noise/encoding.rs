//! Letters beyond ASCII, read in the wrong encoding.

use super::{Kind, Room, TextNoise, first_that_differs, of_texts};
use crate::random::CellRng;

pub(super) static KIND: Kind = Kind {
    name: "encoding",
    summary: "UTF-8 read as Windows-1252, or a question mark for each letter beyond ASCII",
    example: ("Zoë Müller", "ZoÃ« MÃ¼ller"),
    parameters: &[],
    build: |asked| of_texts(asked, "encoding", Encoding),
};

/// What Windows-1252 has at 80 to 9F; the five bytes that it leaves open are those of Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

#[derive(Debug)]
struct Encoding(Room);

impl TextNoise for Encoding {
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String> {
        first_that_differs(clean, self.0, draws, &[misread, questioned])
    }
}

fn misread(text: &str) -> String {
    let letter = |byte: u8| match byte {
        0x80..0xA0 => WINDOWS_1252[byte as usize - 0x80],
        _ => byte as char,
    };
    text.bytes().map(letter).collect()
}

fn questioned(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect()
}
