//! Letters in the wrong case.

use super::{Kind, Room, TextNoise, first_that_differs, of_texts};
use crate::random::CellRng;

pub(super) static KIND: Kind = Kind {
    name: "case",
    summary: "capitals, small letters, or a capital at each word, where the value is written otherwise",
    example: ("Anna Smith", "ANNA SMITH"),
    parameters: &[],
    build: |asked| of_texts(asked, "case", Case),
};

#[derive(Debug)]
struct Case(Room);

impl TextNoise for Case {
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String> {
        first_that_differs(clean, self.0, draws, &[str::to_uppercase, str::to_lowercase, titled])
    }
}

/// A capital at the beginning of each word, small letters after it.
fn titled(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut is_inside = false;
    for letter in text.chars() {
        match is_inside {
            true => titled.extend(letter.to_lowercase()),
            false => titled.extend(letter.to_uppercase()),
        }
        is_inside = letter.is_alphanumeric();
    }
    titled
}
