//! Blanks where none belong.

use super::{Kind, Room, TextNoise, of_texts};
use crate::random::CellRng;

pub(super) static KIND: Kind = Kind {
    name: "whitespace",
    summary: "a blank before or after the value, or a second one between words",
    example: ("Anna Smith", "Anna  Smith"),
    parameters: &[],
    build: |asked| of_texts(asked, "whitespace", Whitespace),
};

#[derive(Debug)]
struct Whitespace(Room);

impl TextNoise for Whitespace {
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String> {
        if clean.is_empty() || !self.0.fits(clean.chars().count() + 1) {
            return None;
        }
        let mut places: Vec<usize> = clean.match_indices(' ').map(|(at, _)| at).collect();
        places.push(0);
        if !self.0.is_padded {
            places.push(clean.len());
        }
        let at = places[draws.below(places.len() as u64) as usize];
        Some(format!("{} {}", &clean[..at], &clean[at..]))
    }
}
