//! Slips of the fingers.

use super::{Asked, Dirty, Kind, Noise, OfTexts, Room, TextNoise, does_not_apply};
use crate::random::CellRng;
use crate::spec::{Parameter, ParameterKind, Refusal};
use crate::value::Layout;
use crate::value::parse::Scalar;

pub(super) static KIND: Kind = Kind {
    name: "typo",
    summary: "slips of the fingers: two signs swapped, one left out, doubled, or its neighbour on the keyboard",
    example: ("Smith", "Smiht"),
    parameters: &[Parameter {
        name: "typos",
        kind: ParameterKind::Integer,
        default: Some("1"),
        summary: "how many slips each of these values has",
    }],
    build,
};

const MOST_TYPOS: f64 = 100.0;

fn build(asked: &Asked) -> Result<Box<dyn Noise>, Refusal> {
    let typos = asked.arguments.number("typos").unwrap_or(1.0);
    if !(1.0..=MOST_TYPOS).contains(&typos) {
        return Err(Refusal::of("typos", format!("`typos` must be from 1 to {MOST_TYPOS}")));
    }
    let typos = typos as u32;
    let sql_type = asked.sql_type;
    match (sql_type.is_text(), sql_type.is_number(), sql_type.int_bounds()) {
        (true, ..) => Ok(Box::new(OfTexts(Typo { typos, room: Room::of(sql_type) }))),
        (_, true, Some((least, most))) if sql_type.layout() == Layout::Int => {
            Ok(Box::new(OfNumbers { typos, least, most }))
        }
        _ => {
            let help = "it is for text, varchar and char, integers, and numerics of at most 18 digits";
            Err(does_not_apply(KIND.name, sql_type, help))
        }
    }
}

#[derive(Debug)]
struct Typo {
    typos: u32,
    room: Room,
}

impl TextNoise for Typo {
    fn dirty_text(&self, clean: &str, draws: &mut CellRng) -> Option<String> {
        let clean: Vec<char> = clean.chars().collect();
        let mut text = clean.clone();
        for _ in 0..self.typos {
            text = slip(&text, self.room, draws)?;
        }
        // Two slips may undo each other; one more cannot.
        if text == clean {
            text = slip(&text, self.room, draws)?;
        }
        Some(text.into_iter().collect())
    }
}

/// Slips in the digits of a number, as many as it has room for.
#[derive(Debug)]
struct OfNumbers {
    typos: u32,
    least: i64,
    most: i64,
}

impl Noise for OfNumbers {
    fn dirty(&self, clean: &Scalar, draws: &mut CellRng) -> Option<Dirty> {
        let Scalar::Int(clean) = clean else { return None };
        let digits = Typo { typos: self.typos, room: Room { chars: None, is_padded: false } };
        let dirty: i64 = digits.dirty_text(&clean.unsigned_abs().to_string(), draws)?.parse().ok()?;
        let dirty = dirty * clean.signum();
        // `05` is 5: a slip may leave the number as it was.
        let is_another = dirty != *clean && (self.least..=self.most).contains(&dirty);
        is_another.then_some(Dirty::Value(Scalar::Int(dirty)))
    }
}

type Slip = fn(&[char], usize, &mut CellRng) -> Option<Vec<char>>;

/// The slips, each at a place: `None` where it changes nothing.
const SLIPS: [Slip; 4] = [swapped, dropped, doubled, neighbour];

/// One slip that changes the text and fits; `None` where there is none, as in a text of signs alone.
fn slip(text: &[char], room: Room, draws: &mut CellRng) -> Option<Vec<char>> {
    let (first_slip, first_place) = (draws.below(4) as usize, draws.below(text.len().max(1) as u64) as usize);
    let slips = (0..SLIPS.len()).map(|at| SLIPS[(first_slip + at) % SLIPS.len()]);
    for slip in slips {
        for at in (first_place..text.len()).chain(0..first_place) {
            if let Some(slipped) = slip(text, at, draws).filter(|slipped| room.fits(slipped.len())) {
                return Some(slipped);
            }
        }
    }
    None
}

fn swapped(text: &[char], at: usize, _: &mut CellRng) -> Option<Vec<char>> {
    let (a, b) = (*text.get(at)?, *text.get(at + 1)?);
    let mut slipped = text.to_vec();
    slipped.swap(at, at + 1);
    (a != b && a.is_alphanumeric() && b.is_alphanumeric()).then_some(slipped)
}

fn dropped(text: &[char], at: usize, _: &mut CellRng) -> Option<Vec<char>> {
    let mut slipped = text.to_vec();
    let gone = slipped.remove(at);
    // A value without anything is a blank, not a typo.
    (gone.is_alphanumeric() && slipped.iter().any(|sign| sign.is_alphanumeric())).then_some(slipped)
}

fn doubled(text: &[char], at: usize, _: &mut CellRng) -> Option<Vec<char>> {
    let mut slipped = text.to_vec();
    slipped.insert(at, text[at]);
    text[at].is_alphanumeric().then_some(slipped)
}

fn neighbour(text: &[char], at: usize, draws: &mut CellRng) -> Option<Vec<char>> {
    let small = text[at].to_ascii_lowercase();
    let (_, around) = KEYBOARD.iter().find(|(key, _)| *key == small)?;
    let hit = around.as_bytes()[draws.below(around.len() as u64) as usize] as char;
    let mut slipped = text.to_vec();
    slipped[at] = if text[at].is_ascii_uppercase() { hit.to_ascii_uppercase() } else { hit };
    Some(slipped)
}

/// The keys of a US keyboard with those around them; letters with letters, digits with digits.
const KEYBOARD: [(char, &str); 36] = [
    ('q', "wa"),
    ('w', "qesa"),
    ('e', "wrds"),
    ('r', "etfd"),
    ('t', "rygf"),
    ('y', "tuhg"),
    ('u', "yijh"),
    ('i', "uokj"),
    ('o', "iplk"),
    ('p', "ol"),
    ('a', "qwsz"),
    ('s', "awedxz"),
    ('d', "serfcx"),
    ('f', "drtgvc"),
    ('g', "ftyhbv"),
    ('h', "gyujnb"),
    ('j', "huikmn"),
    ('k', "jiolm"),
    ('l', "kop"),
    ('z', "asx"),
    ('x', "zsdc"),
    ('c', "xdfv"),
    ('v', "cfgb"),
    ('b', "vghn"),
    ('n', "bhjm"),
    ('m', "njk"),
    ('1', "2"),
    ('2', "13"),
    ('3', "24"),
    ('4', "35"),
    ('5', "46"),
    ('6', "57"),
    ('7', "68"),
    ('8', "79"),
    ('9', "80"),
    ('0', "9"),
];
