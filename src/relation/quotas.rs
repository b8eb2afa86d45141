//! How many positions each rank has: a cumulative function over whole numbers and its exact inverse.

/// Whole numbers `0..positions` dealt out to ranks `0..ranks`: rank after rank gets a run of positions.
///
/// The ranks lie in segments of equal counts, so that both directions are a look-up and a division.
/// There are a few tens of segments for a narrow law, at most [`MOST_SEGMENTS`].
#[derive(Debug)]
pub(crate) struct Quotas {
    segments: Vec<Segment>,
    by_position: Guide,
    by_rank: Guide,
}

/// Some 500 KB, guides included.
const MOST_SEGMENTS: usize = 16_384;

/// Consecutive ranks that have the same number of positions each.
#[derive(Clone, Copy, Debug)]
struct Segment {
    rank: u64,
    position: u64,
    count: u64,
}

/// Consecutive ranks that weigh the same together as a law says; input of [`Quotas::new`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stratum {
    pub(crate) ranks: u64,
    /// Of all of them together; relative.
    pub(crate) weight: f64,
}

impl Quotas {
    /// Deals `positions` out in proportion to the strata's weights, and evenly within a stratum. Each stratum's share is
    /// rounded so that all shares up to it are exact to within one; the total is exact.
    ///
    /// At least one weight must be above 0, none may be below, unless there are no positions.
    pub(crate) fn new(positions: u64, strata: &[Stratum]) -> Self {
        let total: f64 = strata.iter().map(|stratum| stratum.weight).sum();
        let mut builder = Builder { segments: Vec::new(), rank: 0, position: 0 };
        let mut weight = 0.0;
        let mut last = 0;
        let last_heavy = strata.iter().rposition(|stratum| stratum.weight > 0.0).unwrap_or(0);
        for (at, stratum) in strata.iter().enumerate() {
            weight += stratum.weight;
            let share = (positions as f64 * (weight / total)).round() as u64;
            let end = if at >= last_heavy { positions } else { share.clamp(last, positions) };
            builder.spread(stratum.ranks, end - last);
            last = end;
        }
        builder.finish()
    }

    /// Every rank the same, to within one.
    pub(super) fn even(positions: u64, ranks: u64) -> Self {
        Self::new(positions, &[Stratum { ranks, weight: 1.0 }])
    }

    /// One position for each of the first ranks.
    pub(super) fn one_each(positions: u64, ranks: u64) -> Self {
        let taken = Stratum { ranks: positions, weight: 1.0 };
        let left = Stratum { ranks: ranks - positions, weight: 0.0 };
        Self::new(positions, &[taken, left])
    }

    /// The rank that a position belongs to.
    #[inline]
    pub(crate) fn rank(&self, position: u64) -> u64 {
        let at = self.by_position.find(position, &self.segments, |segment| segment.position);
        let segment = &self.segments[at];
        // A segment without positions begins where the next begins, and is never found.
        segment.rank + divide(position - segment.position, segment.count)
    }

    /// How many positions the rank with the most has.
    pub(super) fn most(&self) -> u64 {
        self.segments.iter().map(|segment| segment.count).max().unwrap_or(0)
    }

    /// The first position of a rank, and how many it has.
    #[inline]
    pub(super) fn positions(&self, rank: u64) -> (u64, u64) {
        let at = self.by_rank.find(rank, &self.segments, |segment| segment.rank);
        let segment = &self.segments[at];
        (segment.position + (rank - segment.rank) * segment.count, segment.count)
    }
}

/// Division that is quick for the small numbers it mostly meets.
#[inline(always)]
fn divide(a: u64, b: u64) -> u64 {
    if (a | b) >> 32 == 0 { (a as u32 / b as u32) as u64 } else { a / b }
}

struct Builder {
    segments: Vec<Segment>,
    rank: u64,
    position: u64,
}

impl Builder {
    /// Deals `positions` to the next `ranks` evenly.
    fn spread(&mut self, ranks: u64, positions: u64) {
        if ranks == 0 {
            return;
        }
        let (least, more) = (positions / ranks, positions % ranks);
        self.push(ranks - more, least);
        self.push(more, least + 1);
    }

    fn push(&mut self, ranks: u64, count: u64) {
        if ranks == 0 {
            return;
        }
        if self.segments.last().is_none_or(|last| last.count != count) {
            self.segments.push(Segment { rank: self.rank, position: self.position, count });
        }
        self.rank += ranks;
        self.position += ranks * count;
    }

    fn finish(self) -> Quotas {
        debug_assert!(self.segments.len() <= MOST_SEGMENTS);
        Quotas {
            by_position: Guide::new(self.position, &self.segments, |segment| segment.position),
            by_rank: Guide::new(self.rank, &self.segments, |segment| segment.rank),
            segments: self.segments,
        }
    }
}

/// Where to begin the search among segments, for each of some hundreds of ranges of what is searched for.
#[derive(Debug)]
struct Guide {
    shift: u32,
    /// For each range, the last segment that begins at or before its first number; one more entry ends the last.
    first: Vec<u32>,
}

impl Guide {
    fn new(size: u64, segments: &[Segment], start: impl Fn(&Segment) -> u64) -> Self {
        let wanted = (segments.len() as u64 * 4).next_power_of_two().max(64);
        let bits = 64 - size.leading_zeros();
        let shift = bits.saturating_sub(wanted.trailing_zeros());
        let before = |number: u64| {
            segments.partition_point(|segment| start(segment) <= number).saturating_sub(1) as u32
        };
        let ranges = (size >> shift) + 1;
        let first = (0..ranges).map(|range| before(range << shift));
        Self { shift, first: first.chain([segments.len().saturating_sub(1) as u32]).collect() }
    }

    /// The last segment that begins at or before `number`.
    #[inline(always)]
    fn find(&self, number: u64, segments: &[Segment], start: impl Fn(&Segment) -> u64) -> usize {
        let range = (number >> self.shift) as usize;
        let (mut low, mut high) = (self.first[range] as usize, self.first[range + 1] as usize);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if start(&segments[middle]) <= number {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(positions: u64, ranks: u64, quotas: &Quotas) {
        let mut next = 0;
        for rank in 0..ranks {
            let (first, count) = quotas.positions(rank);
            assert_eq!(first, next, "runs follow each other");
            (first..first + count).for_each(|position| assert_eq!(quotas.rank(position), rank));
            next += count;
        }
        assert_eq!(next, positions, "all positions are dealt");
    }

    #[test]
    fn positions_and_ranks_agree() {
        for positions in [0, 1, 2, 3, 10, 97, 1000] {
            for ranks in [1, 2, 3, 7, 64, 1000] {
                check(positions, ranks, &Quotas::even(positions, ranks));
                if positions <= ranks {
                    check(positions, ranks, &Quotas::one_each(positions, ranks));
                }
                let strata = |weight: fn(u64) -> f64| -> Vec<Stratum> {
                    (0..ranks).map(|rank| Stratum { ranks: 1, weight: weight(rank) }).collect()
                };
                let uneven = strata(|rank| (rank * 7919 % 13) as f64 + 0.1);
                check(positions, ranks, &Quotas::new(positions, &uneven));
                let sparse = strata(|rank| if rank % 5 == 0 { 1.0 } else { 0.0 });
                check(positions, ranks, &Quotas::new(positions, &sparse));
            }
        }
    }
}
