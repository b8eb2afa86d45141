//! Which rows of a table may be chosen within each group, and how popular each of them is there.

/// The rows that may be chosen, group by group: 12 bytes for each row, and for each group.
#[derive(Debug)]
pub struct Lists {
    /// The groups with rows, ascending.
    groups: Vec<u64>,
    /// Where each group's rows begin; one more entry ends the last.
    starts: Vec<u32>,
    /// The rows of each group, ascending.
    rows: Vec<u32>,
    /// The weights of a group's rows up to each of them, and with it.
    ends: Vec<f64>,
}

/// The rows that may be chosen in a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'l> {
    /// Ascending.
    pub rows: &'l [u32],
    /// The weights up to each row, and with it.
    pub ends: &'l [f64],
}

impl Lists {
    /// The most rows that may be chosen in all groups together: some 100 MB, and as much while they are sorted.
    pub const MOST_ROWS: u64 = 1 << 22;

    /// Rows with their group and their weight, which is above 0.
    pub fn new(mut members: Vec<(u64, u32, f64)>) -> Self {
        assert!(members.len() as u64 <= Self::MOST_ROWS);
        members.sort_unstable_by_key(|(group, row, _)| (*group, *row));
        let (mut groups, mut starts) = (Vec::new(), Vec::new());
        let (mut rows, mut ends) = (Vec::with_capacity(members.len()), Vec::with_capacity(members.len()));
        let mut total = 0.0;
        for (group, row, weight) in members {
            if groups.last() != Some(&group) {
                groups.push(group);
                starts.push(rows.len() as u32);
                total = 0.0;
            }
            total += weight;
            rows.push(row);
            ends.push(total);
        }
        starts.push(rows.len() as u32);
        Self { groups, starts, rows, ends }
    }

    /// How many rows may be chosen.
    pub fn count(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The rows of a group.
    pub(super) fn of(&self, group: u64) -> List<'_> {
        let range = match self.groups.binary_search(&group) {
            Ok(at) => self.starts[at] as usize..self.starts[at + 1] as usize,
            Err(_) => 0..0,
        };
        List { rows: &self.rows[range.clone()], ends: &self.ends[range] }
    }
}

impl List<'_> {
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The place of a row.
    pub fn place(&self, row: u64) -> Option<usize> {
        self.rows.binary_search(&u32::try_from(row).ok()?).ok()
    }

    /// All weights.
    pub fn total(&self) -> f64 {
        self.ends.last().copied().unwrap_or(0.0)
    }

    pub fn weight(&self, place: usize) -> f64 {
        self.ends[place] - if place == 0 { 0.0 } else { self.ends[place - 1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_has_its_rows_in_order() {
        let lists = Lists::new(vec![(7, 4, 1.0), (2, 9, 0.5), (7, 1, 2.0), (7, 8, 1.0)]);
        assert_eq!(lists.count(), 4);
        let list = lists.of(7);
        assert_eq!((list.rows, list.ends), (&[1, 4, 8][..], &[2.0, 3.0, 4.0][..]));
        assert_eq!((list.place(4), list.place(5), list.total(), list.weight(1)), (Some(1), None, 4.0, 1.0));
        assert_eq!(lists.of(2).rows, &[9]);
        assert_eq!((lists.of(3).len(), lists.of(3).total()), (0, 0.0));
    }
}
