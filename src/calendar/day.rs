//! How a weekday's weight lies within the day.

use super::Cumulative;
use crate::value::civil::DAY;

const HOUR: i64 = DAY / 24;

/// Pieces of constant weight from midnight to midnight.
#[derive(Debug)]
pub(super) struct DayShape {
    /// Where pieces begin, in microseconds; the last one ends with the day.
    starts: Vec<i64>,
    /// For each hour the piece in which it begins.
    by_hour: [u16; 24],
    /// What the pieces weigh: 1 together, or nothing.
    pieces: Option<Cumulative>,
    /// What the day weighs with its closed hours, where it would weigh 1 without.
    mass: f64,
}

impl DayShape {
    /// From the hours' weights, which share out the day, and opening hours, outside of which nothing remains.
    pub fn new(hours: Option<&[f64; 24]>, open: Option<&[(i64, i64)]>) -> Self {
        let hours = hours.copied().unwrap_or([1.0; 24]);
        let mean = hours.iter().sum::<f64>() / 24.0;
        let whole_day = [(0, DAY)];
        let open = open.unwrap_or(&whole_day);
        let mut starts: Vec<i64> = (0..24).map(|hour| hour * HOUR).collect();
        starts.extend(open.iter().flat_map(|(from, to)| [*from, *to]).filter(|start| *start < DAY));
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).copied().chain([DAY]);
        let is_open = |start: i64| open.iter().any(|(from, to)| (*from..*to).contains(&start));
        let weights: Vec<f64> = starts
            .iter()
            .zip(ends)
            .map(|(start, end)| match is_open(*start) {
                true => hours[(start / HOUR) as usize] / mean * ((end - start) as f64 / DAY as f64),
                false => 0.0,
            })
            .collect();
        let mass: f64 = weights.iter().sum();
        let pieces = (mass > 0.0).then(|| {
            let shares: Vec<f64> = weights.iter().map(|weight| weight / mass).collect();
            Cumulative::new(&shares, false)
        });
        let piece_at = |hour: usize| starts.partition_point(|start| *start <= hour as i64 * HOUR) as u16 - 1;
        let by_hour = std::array::from_fn(piece_at);
        Self { starts, by_hour, pieces, mass: if mass > 0.0 { mass } else { 0.0 } }
    }

    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// The share of the day's weight before a time of day.
    #[inline]
    pub fn upto(&self, micros: i64) -> f64 {
        let Some(pieces) = &self.pieces else { return 0.0 };
        if micros >= DAY {
            return 1.0;
        }
        let piece = self.piece(micros);
        let (start, end) = (pieces.start(piece), pieces.start(piece + 1));
        let share =
            start + (end - start) * ((micros - self.starts[piece]) as f64 / self.length(piece) as f64);
        share / pieces.total()
    }

    /// The time of day up to which a share of the day's weight lies, from 0 to below 1. Asked only of days with weight.
    #[inline]
    pub fn at(&self, share: f64) -> i64 {
        let pieces = self.pieces.as_ref().expect("the day has weight");
        let (piece, place) = pieces.find(share * pieces.total());
        let length = self.length(piece);
        self.starts[piece] + ((place * length as f64) as i64).min(length - 1)
    }

    /// The first mark with weight from a time of day on, marks being multiples of `step`.
    pub fn next_open(&self, micros: i64, step: i64) -> Option<i64> {
        let pieces = self.pieces.as_ref()?;
        let mark = micros + (-micros).rem_euclid(step);
        if mark >= DAY {
            return None;
        }
        let piece = self.piece(mark);
        match pieces.next_with_weight(piece)? {
            same if same == piece => Some(mark),
            later => Some(self.starts[later]),
        }
    }

    /// The last mark with weight up to a time of day.
    pub fn last_open(&self, micros: i64, step: i64) -> Option<i64> {
        let pieces = self.pieces.as_ref()?;
        let mark = micros - micros.rem_euclid(step);
        let piece = self.piece(mark);
        match pieces.last_with_weight(piece)? {
            same if same == piece => Some(mark),
            earlier => {
                let end = self.starts[earlier] + self.length(earlier);
                Some((end - 1) - (end - 1).rem_euclid(step))
            }
        }
    }

    /// Whether no step from midnight on begins outside the pieces with weight and ends within one.
    pub fn fits(&self, step: i64) -> bool {
        let Some(pieces) = &self.pieces else { return true };
        let has_weight = |piece: usize| pieces.start(piece) < pieces.start(piece + 1);
        (0..self.starts.len()).filter(|piece| has_weight(*piece)).all(|piece| {
            let opens = piece == 0 || !has_weight(piece - 1);
            !opens || self.starts[piece] % step == 0
        })
    }

    /// The largest share of the day's weight in one microsecond.
    pub fn densest(&self) -> f64 {
        let Some(pieces) = &self.pieces else { return 0.0 };
        let density =
            |piece: usize| (pieces.start(piece + 1) - pieces.start(piece)) / self.length(piece) as f64;
        (0..self.starts.len()).map(density).fold(0.0, f64::max)
    }

    /// The piece that a time of day lies in.
    #[inline]
    pub fn piece(&self, micros: i64) -> usize {
        let mut piece = self.by_hour[(micros / HOUR) as usize] as usize;
        // Mostly the hour is the piece; opening hours may begin within it.
        while self.starts.get(piece + 1).is_some_and(|next| *next <= micros) {
            piece += 1;
        }
        piece
    }

    /// Where pieces begin.
    #[cfg(test)]
    pub fn starts(&self) -> &[i64] {
        &self.starts
    }

    #[inline]
    fn length(&self, piece: usize) -> i64 {
        self.starts.get(piece + 1).copied().unwrap_or(DAY) - self.starts[piece]
    }
}
