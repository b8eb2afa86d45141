//! The same number with other signs between its parts.

use super::{Kind, Room, TextNoise, first_that_differs, of_texts};
use crate::random::CellRng;

pub(super) static KIND: Kind = Kind {
    name: "format",
    summary: "other signs between the parts of a number kept as text, or none: phone numbers, dates, codes",
    example: ("(555) 123-4567", "555.123.4567"),
    parameters: &[],
    build: |asked| of_texts(asked, "format", Format),
};

#[derive(Debug)]
struct Format(Room);

impl TextNoise for Format {
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String> {
        if !clean.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let ways: [fn(&str) -> String; 5] = [
            |text| parted(text, ""),
            |text| parted(text, " "),
            |text| parted(text, "-"),
            |text| parted(text, "."),
            |text| parted(text, "/"),
        ];
        first_that_differs(clean, self.0, draws, &ways)
    }
}

/// The parts with this sign between them.
fn parted(text: &str, sign: &str) -> String {
    let is_sign = |letter: char| matches!(letter, ' ' | '-' | '.' | '/' | '(' | ')');
    let parts: Vec<&str> = text.split(is_sign).filter(|part| !part.is_empty()).collect();
    parts.join(sign)
}
