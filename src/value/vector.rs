//! A batch's column.

use super::words::{WORD, append};
use super::{Layout, SqlType};
use std::ops::Range;
use std::sync::Arc;

/// The values of one column for the rows of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// The values; at the places of nulls there is anything.
    pub data: Data,
    /// `false` where the value is null; `None` when none is. As long as the data.
    pub valid: Option<Vec<bool>>,
}

/// Values in the layout of their type (see [`super::Layout`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Whole numbers, small decimals, dates, times.
    Int(Vec<i64>),
    /// Large decimals.
    Wide(Vec<i128>),
    /// Floating point. A `real` is kept as the double that equals it.
    Float(Vec<f64>),
    /// Booleans.
    Bool(Vec<bool>),
    /// Text or bytes, each value once.
    Text(Texts),
    /// Text as codes into a dictionary that many batches share.
    Dict {
        /// For each row the place of its text in `values`.
        codes: Vec<u32>,
        /// The texts.
        values: Dictionary,
    },
    /// 128 bits, big-endian when printed.
    Uuid(Vec<u128>),
    /// Intervals.
    Interval(Vec<Interval>),
    /// Lists.
    List(List),
}

/// The distinct texts of a dictionary-coded column; shared, so cloning is cheap.
pub type Dictionary = Arc<Texts>;

/// PostgreSQL's interval: three counts that do not convert into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Interval {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

/// Lists of one element type: row `i` has the elements `offsets[i]..offsets[i + 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// One more than there are rows, starting with 0.
    pub offsets: Vec<i32>,
    /// All elements, one row's after the other's.
    pub values: Box<Vector>,
}

/// Texts in one buffer. Either they lie end to end, as in Arrow's string array: text `i` is `bytes[offsets[i]..offsets[i + 1]]`.
/// Or they are [pieces](Self::of_pieces) of a longer text, which nobody need copy.
#[derive(Clone, Debug)]
pub struct Texts {
    offsets: Vec<i32>,
    bytes: Vec<u8>,
    /// Then there is nothing in the others.
    pieces: Option<Pieces>,
}

/// Where texts stand in a buffer.
#[derive(Clone, Copy)]
pub(crate) enum Places<'t> {
    /// Text `i` from the `i`th to the next.
    EndToEnd(&'t [i32]),
    /// From where, up to where.
    Pieces(&'t [[u32; 2]]),
}

/// Where texts stand in another one.
#[derive(Clone, Debug)]
struct Pieces {
    source: Arc<Vec<u8>>,
    /// From where, up to where.
    places: Vec<[u32; 2]>,
}

impl Default for Texts {
    fn default() -> Self {
        Self::with_capacity(0, 0)
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Texts {}

impl Texts {
    /// None yet, with room for that many texts and bytes.
    pub fn with_capacity(texts: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(texts + 1);
        offsets.push(0);
        Self { offsets, bytes: Vec::with_capacity(bytes), pieces: None }
    }

    /// Pieces of a source, each from one place up to another. They take no [`push`](Self::push).
    pub(crate) fn of_pieces(source: Arc<Vec<u8>>, places: Vec<[u32; 2]>) -> Self {
        Self { offsets: Vec::new(), bytes: Vec::new(), pieces: Some(Pieces { source, places }) }
    }

    /// What the texts are pieces of, if they are.
    pub(crate) fn source(&self) -> Option<&Arc<Vec<u8>>> {
        self.pieces.as_ref().map(|pieces| &pieces.source)
    }

    /// So many texts, one after the other in a buffer: `put` is told where a text begins and which it is, puts it there, and gives
    /// the place after it. It may overwrite up to a [`WORD`] behind that. All texts together have at most `most` bytes.
    ///
    /// # Panics
    /// When they have 2 GiB; batches are far smaller.
    pub(crate) fn written(
        count: usize,
        most: usize,
        mut put: impl FnMut(&mut [u8], usize, usize) -> usize,
    ) -> Self {
        let mut bytes = vec![0; most + WORD];
        let mut offsets = Vec::with_capacity(count + 1);
        offsets.push(0);
        let mut at = 0;
        offsets.extend((0..count).map(|text| {
            at = put(&mut bytes, at, text);
            at as i32
        }));
        assert!(i32::try_from(at).is_ok(), "a batch's text stays below 2 GiB");
        bytes.truncate(at);
        Self { offsets, bytes, pieces: None }
    }

    /// Adds a text.
    #[inline]
    pub fn push(&mut self, text: impl AsRef<[u8]>) {
        self.bytes.extend_from_slice(text.as_ref());
        self.finish();
    }

    /// The buffer to append the next text's bytes to; [`finish`](Self::finish) ends the text.
    #[inline]
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Ends the text whose bytes were appended to [`buffer`](Self::buffer).
    ///
    /// # Panics
    /// When one vector holds 2 GiB of text; batches are far smaller.
    #[inline]
    pub fn finish(&mut self) {
        debug_assert!(self.pieces.is_none(), "pieces take no more texts");
        self.offsets.push(i32::try_from(self.bytes.len()).expect("a batch's text stays below 2 GiB"));
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        match &self.pieces {
            None => self.offsets.len() - 1,
            Some(pieces) => pieces.places.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a text.
    #[inline]
    pub fn get(&self, at: usize) -> &[u8] {
        &self.bytes()[self.range(at)]
    }

    /// Where a text stands in [`bytes`](Self::bytes).
    #[inline]
    pub fn range(&self, at: usize) -> Range<usize> {
        match &self.pieces {
            None => self.offsets[at] as usize..self.offsets[at + 1] as usize,
            Some(pieces) => {
                let [from, to] = pieces.places[at];
                from as usize..to as usize
            }
        }
    }

    /// Where all texts stand in [`bytes`](Self::bytes), for loops that do not ask text by text in which of two ways.
    pub(crate) fn places(&self) -> Places<'_> {
        match &self.pieces {
            None => Places::EndToEnd(&self.offsets),
            Some(pieces) => Places::Pieces(&pieces.places),
        }
    }

    /// The lengths of the shortest and of the longest of some texts; of none, the greatest and the least number.
    pub(crate) fn lengths(&self, texts: Range<usize>) -> (u32, u32) {
        let both = |(least, most): (u32, u32), length: u32| (least.min(length), most.max(length));
        let none = (u32::MAX, 0);
        match self.places() {
            Places::EndToEnd(offsets) => {
                let pairs = offsets[texts.start..=texts.end].windows(2);
                pairs.fold(none, |so_far, pair| both(so_far, (pair[1] - pair[0]) as u32))
            }
            Places::Pieces(places) => {
                places[texts].iter().fold(none, |so_far, [from, to]| both(so_far, to - from))
            }
        }
    }

    /// A text as `str`.
    ///
    /// # Panics
    /// When it is not UTF-8: only bytea vectors may hold such, and they are not asked.
    #[inline]
    pub fn str(&self, at: usize) -> &str {
        std::str::from_utf8(self.get(at)).expect("text vectors hold UTF-8")
    }

    /// The buffer in which the texts stand: end to end, unless they are pieces of it.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.source().map_or(self.bytes.as_slice(), |source| source.as_slice())
    }

    /// All texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// The texts at the given positions.
    fn take(&self, positions: &[u32]) -> Texts {
        if let Some(Pieces { source, places }) = &self.pieces {
            let places = positions.iter().map(|at| places[*at as usize]).collect();
            return Texts::of_pieces(source.clone(), places);
        }
        let bytes = positions.iter().map(|at| self.get(*at as usize).len()).sum();
        let mut taken = Texts::with_capacity(positions.len(), bytes);
        positions.iter().for_each(|at| taken.push(self.get(*at as usize)));
        taken
    }

    /// The offsets and the bytes, as Arrow wants them.
    pub fn into_parts(self) -> (Vec<i32>, Vec<u8>) {
        match &self.pieces {
            None => (self.offsets, self.bytes),
            Some(pieces) => end_to_end(pieces),
        }
    }
}

/// Copies pieces behind each other, a word at a time.
fn end_to_end(Pieces { source, places }: &Pieces) -> (Vec<i32>, Vec<u8>) {
    let size: usize = places.iter().map(|[from, to]| (to - from) as usize).sum();
    let (mut offsets, mut bytes) = (Vec::with_capacity(places.len() + 1), vec![0; size + WORD]);
    offsets.push(0);
    let mut at = 0;
    for [from, to] in places {
        at = append(&mut bytes, at, source, *from as usize, *to as usize);
        offsets.push(i32::try_from(at).expect("a batch's text stays below 2 GiB"));
    }
    bytes.truncate(at);
    (offsets, bytes)
}

impl<T: AsRef<[u8]>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = Texts::default();
        texts.into_iter().for_each(|text| all.push(text));
        all
    }
}

impl Data {
    /// How many values.
    pub fn len(&self) -> usize {
        match self {
            Data::Int(values) => values.len(),
            Data::Wide(values) => values.len(),
            Data::Float(values) => values.len(),
            Data::Bool(values) => values.len(),
            Data::Text(values) => values.len(),
            Data::Dict { codes, .. } => codes.len(),
            Data::Uuid(values) => values.len(),
            Data::Interval(values) => values.len(),
            Data::List(list) => list.offsets.len() - 1,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Data> for Vector {
    fn from(data: Data) -> Self {
        Self { data, valid: None }
    }
}

impl Vector {
    /// Values with their validity; an all-true validity becomes `None`.
    pub fn new(data: Data, valid: Option<Vec<bool>>) -> Self {
        let valid = valid.filter(|valid| valid.contains(&false));
        debug_assert!(valid.as_ref().is_none_or(|valid| valid.len() == data.len()));
        Self { data, valid }
    }

    /// How many values.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value is not null.
    #[inline]
    pub fn is_valid(&self, at: usize) -> bool {
        self.valid.as_ref().is_none_or(|valid| valid[at])
    }

    /// The integers of an `Int` vector.
    ///
    /// # Panics
    /// When the layout is another: the plan has checked types before.
    pub fn ints(&self) -> &[i64] {
        match &self.data {
            Data::Int(values) => values,
            other => panic!("expected integers, found {}", other.name()),
        }
    }

    /// The doubles of a `Float` vector; panics as [`ints`](Self::ints).
    pub fn floats(&self) -> &[f64] {
        match &self.data {
            Data::Float(values) => values,
            other => panic!("expected doubles, found {}", other.name()),
        }
    }

    /// The booleans of a `Bool` vector; panics as [`ints`](Self::ints).
    pub fn bools(&self) -> &[bool] {
        match &self.data {
            Data::Bool(values) => values,
            other => panic!("expected booleans, found {}", other.name()),
        }
    }

    /// The bytes of a text, whether plain or dictionary-coded; panics as [`ints`](Self::ints).
    #[inline]
    pub fn text(&self, at: usize) -> &[u8] {
        match &self.data {
            Data::Text(texts) => texts.get(at),
            Data::Dict { codes, values } => values.get(codes[at] as usize),
            other => panic!("expected text, found {}", other.name()),
        }
    }

    /// The values at the given positions, in that order; repeats allowed.
    pub fn take(&self, positions: &[u32]) -> Vector {
        fn pick<T: Copy>(values: &[T], positions: &[u32]) -> Vec<T> {
            positions.iter().map(|at| values[*at as usize]).collect()
        }
        let data = match &self.data {
            Data::Int(values) => Data::Int(pick(values, positions)),
            Data::Wide(values) => Data::Wide(pick(values, positions)),
            Data::Float(values) => Data::Float(pick(values, positions)),
            Data::Bool(values) => Data::Bool(pick(values, positions)),
            Data::Uuid(values) => Data::Uuid(pick(values, positions)),
            Data::Interval(values) => Data::Interval(pick(values, positions)),
            Data::Dict { codes, values } => {
                Data::Dict { codes: pick(codes, positions), values: values.clone() }
            }
            Data::Text(texts) => Data::Text(texts.take(positions)),
            Data::List(list) => Data::List(list.take(positions)),
        };
        Vector::new(data, self.valid.as_ref().map(|valid| pick(valid, positions)))
    }

    /// The values of several vectors of one layout, end to end.
    ///
    /// # Panics
    /// When `parts` is empty or the layouts differ.
    pub fn concat(parts: &[&Vector]) -> Vector {
        let first = parts.first().expect("at least one part");
        macro_rules! join {
            ($variant:ident) => {
                Data::$variant(
                    parts
                        .iter()
                        .flat_map(|part| match &part.data {
                            Data::$variant(values) => values.iter().copied(),
                            other => panic!("cannot join {} to {}", other.name(), first.data.name()),
                        })
                        .collect(),
                )
            };
        }
        let data = match &first.data {
            Data::Int(_) => join!(Int),
            Data::Wide(_) => join!(Wide),
            Data::Float(_) => join!(Float),
            Data::Bool(_) => join!(Bool),
            Data::Uuid(_) => join!(Uuid),
            Data::Interval(_) => join!(Interval),
            Data::Text(_) | Data::Dict { .. } => joined_texts(parts),
            Data::List(_) => Data::List(List::concat(parts)),
        };
        let valid = parts
            .iter()
            .any(|part| part.valid.is_some())
            .then(|| parts.iter().flat_map(|part| (0..part.len()).map(|at| part.is_valid(at))).collect());
        Vector::new(data, valid)
    }

    /// The values at `(part, position)` of several vectors of one layout, in that order.
    ///
    /// # Panics
    /// When `parts` is empty or the layouts differ.
    pub fn gather(parts: &[&Vector], places: &[(u32, u32)]) -> Vector {
        if let [only] = parts {
            return only.take(&places.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        }
        let first = parts.first().expect("at least one part");
        macro_rules! pick {
            ($variant:ident) => {{
                let slices: Vec<_> = parts
                    .iter()
                    .map(|part| match &part.data {
                        Data::$variant(values) => values.as_slice(),
                        other => panic!("cannot gather {} with {}", other.name(), first.data.name()),
                    })
                    .collect();
                Data::$variant(places.iter().map(|(part, at)| slices[*part as usize][*at as usize]).collect())
            }};
        }
        let data = match &first.data {
            Data::Int(_) => pick!(Int),
            Data::Wide(_) => pick!(Wide),
            Data::Float(_) => pick!(Float),
            Data::Bool(_) => pick!(Bool),
            Data::Uuid(_) => pick!(Uuid),
            Data::Interval(_) => pick!(Interval),
            Data::Dict { values, .. } if parts.iter().all(|part| part.shares_dictionary(values)) => {
                let code = |(part, at): &(u32, u32)| match &parts[*part as usize].data {
                    Data::Dict { codes, .. } => codes[*at as usize],
                    _ => unreachable!("all parts were seen to be dictionaries"),
                };
                Data::Dict { codes: places.iter().map(code).collect(), values: values.clone() }
            }
            Data::Text(_) | Data::Dict { .. } => match joined_dictionaries(parts, places) {
                Some(data) => data,
                None => {
                    let text = |(part, at): &(u32, u32)| parts[*part as usize].text(*at as usize);
                    Data::Text(places.iter().map(text).collect())
                }
            },
            Data::List(_) => {
                // Lists are rare enough to be joined first.
                let mut starts = Vec::with_capacity(parts.len());
                let mut total = 0u32;
                for part in parts {
                    starts.push(total);
                    total += part.len() as u32;
                }
                let positions: Vec<u32> =
                    places.iter().map(|(part, at)| starts[*part as usize] + at).collect();
                return Vector::concat(parts).take(&positions);
            }
        };
        let valid = parts
            .iter()
            .any(|part| part.valid.is_some())
            .then(|| places.iter().map(|(part, at)| parts[*part as usize].is_valid(*at as usize)).collect());
        Vector::new(data, valid)
    }

    /// The values of several vectors of one layout, each put at a place of its own: of places below `len` each stands once.
    ///
    /// # Panics
    /// As [`gather`](Self::gather).
    pub fn interleave(parts: Vec<(Vec<u32>, Vector)>, len: usize) -> Vector {
        fn put<T: Copy>(all: &mut [T], places: &[u32], values: &[T]) {
            places.iter().zip(values).for_each(|(place, value)| all[*place as usize] = *value);
        }
        let (_, first) = parts.first().expect("at least one part");
        macro_rules! put_all {
            ($variant:ident, $any:expr) => {{
                let mut all = vec![$any; len];
                for (places, part) in &parts {
                    match &part.data {
                        Data::$variant(values) => put(&mut all, places, values),
                        other => panic!("cannot put {} among {}", other.name(), first.data.name()),
                    }
                }
                Data::$variant(all)
            }};
        }
        let data = match &first.data {
            Data::Int(_) => put_all!(Int, 0),
            Data::Wide(_) => put_all!(Wide, 0),
            Data::Float(_) => put_all!(Float, 0.0),
            Data::Bool(_) => put_all!(Bool, false),
            Data::Uuid(_) => put_all!(Uuid, 0),
            Data::Interval(_) => put_all!(Interval, Interval::default()),
            Data::Text(_) | Data::Dict { .. } | Data::List(_) => {
                let mut sources = vec![(0, 0); len];
                for (part, (places, _)) in parts.iter().enumerate() {
                    let from = (0..).zip(places);
                    from.for_each(|(at, place)| sources[*place as usize] = (part as u32, at));
                }
                return Vector::gather(&parts.iter().map(|(_, part)| part).collect::<Vec<_>>(), &sources);
            }
        };
        let valid = parts.iter().any(|(_, part)| part.valid.is_some()).then(|| {
            let mut all = vec![true; len];
            for (places, part) in &parts {
                if let Some(valid) = &part.valid {
                    put(&mut all, places, valid);
                }
            }
            all
        });
        Vector::new(data, valid)
    }

    /// The place of a text among the distinct ones of the vector.
    fn code(&self, at: usize) -> u32 {
        match &self.data {
            Data::Dict { codes, .. } => codes[at],
            _ => at as u32,
        }
    }

    fn shares_dictionary(&self, other: &Dictionary) -> bool {
        matches!(&self.data, Data::Dict { values, .. } if Arc::ptr_eq(values, other))
    }

    /// As many nulls as asked for, laid out as values of a type.
    pub fn nulls(sql_type: &SqlType, len: usize) -> Vector {
        let data = match (sql_type, sql_type.layout()) {
            (SqlType::Array(element), _) => {
                let values = Box::new(Vector::nulls(element, 0));
                Data::List(List { offsets: vec![0; len + 1], values })
            }
            (_, Layout::Int) => Data::Int(vec![0; len]),
            (_, Layout::Wide) => Data::Wide(vec![0; len]),
            (_, Layout::Float) => Data::Float(vec![0.0; len]),
            (_, Layout::Bool) => Data::Bool(vec![false; len]),
            (_, Layout::Uuid) => Data::Uuid(vec![0; len]),
            (_, Layout::Interval) => Data::Interval(vec![Interval::default(); len]),
            (_, Layout::Text) => Data::Dict { codes: vec![0; len], values: Arc::new([""].iter().collect()) },
            (_, Layout::List) => unreachable!("only arrays are lists"),
        };
        Vector::new(data, Some(vec![false; len]))
    }

    /// The same values, null also where `keep` is false.
    pub fn masked(mut self, keep: &[bool]) -> Vector {
        let valid = match self.valid.take() {
            Some(valid) => valid.iter().zip(keep).map(|(a, b)| *a && *b).collect(),
            None => keep.to_vec(),
        };
        Vector::new(self.data, Some(valid))
    }
}

/// All texts of several vectors, end to end; as codes where that takes less room.
fn joined_texts(parts: &[&Vector]) -> Data {
    let rows = parts.iter().map(|part| part.len()).sum();
    match JoinedDictionary::of(parts, rows) {
        Some(joined) => {
            let codes = parts
                .iter()
                .zip(&joined.starts)
                .flat_map(|(part, start)| (0..part.len()).map(move |at| start + part.code(at)));
            Data::Dict { codes: codes.collect(), values: Arc::new(joined.texts) }
        }
        None => Data::Text(parts.iter().flat_map(|part| (0..part.len()).map(|at| part.text(at))).collect()),
    }
}

/// Texts of several small dictionaries as codes into one that has them all, if that takes less room than the texts.
fn joined_dictionaries(parts: &[&Vector], places: &[(u32, u32)]) -> Option<Data> {
    let joined = JoinedDictionary::of(parts, places.len())?;
    let code =
        |(part, at): &(u32, u32)| joined.starts[*part as usize] + parts[*part as usize].code(*at as usize);
    Some(Data::Dict { codes: places.iter().map(code).collect(), values: Arc::new(joined.texts) })
}

/// The texts of several vectors, those of each from a place on.
struct JoinedDictionary {
    texts: Texts,
    starts: Vec<u32>,
}

impl JoinedDictionary {
    /// `None` where there would be more texts than rows.
    fn of(parts: &[&Vector], rows: usize) -> Option<Self> {
        fn distinct(part: &Vector) -> &Texts {
            match &part.data {
                Data::Dict { values, .. } => values,
                Data::Text(texts) => texts,
                other => panic!("expected text, found {}", other.name()),
            }
        }
        let is_coded = parts.iter().any(|part| matches!(part.data, Data::Dict { .. }));
        if !is_coded || parts.iter().map(|part| distinct(part).len()).sum::<usize>() > rows / 2 {
            return None;
        }
        let mut joined = Self { texts: Texts::default(), starts: Vec::with_capacity(parts.len()) };
        for part in parts {
            joined.starts.push(joined.texts.len() as u32);
            distinct(part).iter().for_each(|text| joined.texts.push(text));
        }
        Some(joined)
    }
}

impl Data {
    fn name(&self) -> &'static str {
        match self {
            Data::Int(_) => "integers",
            Data::Wide(_) => "wide decimals",
            Data::Float(_) => "doubles",
            Data::Bool(_) => "booleans",
            Data::Text(_) | Data::Dict { .. } => "text",
            Data::Uuid(_) => "uuids",
            Data::Interval(_) => "intervals",
            Data::List(_) => "lists",
        }
    }
}

impl List {
    /// Where a row's elements stand among all.
    #[inline]
    pub fn range(&self, at: usize) -> Range<usize> {
        self.offsets[at] as usize..self.offsets[at + 1] as usize
    }

    fn take(&self, positions: &[u32]) -> List {
        let mut offsets = vec![0i32];
        let mut elements = Vec::new();
        for at in positions {
            let (start, end) = (self.offsets[*at as usize], self.offsets[*at as usize + 1]);
            elements.extend(start as u32..end as u32);
            offsets.push(elements.len() as i32);
        }
        List { offsets, values: Box::new(self.values.take(&elements)) }
    }

    fn concat(parts: &[&Vector]) -> List {
        let mut offsets = vec![0i32];
        let mut values = Vec::new();
        for part in parts {
            let Data::List(list) = &part.data else { panic!("cannot join {} to lists", part.data.name()) };
            let base = *offsets.last().expect("starts with 0");
            offsets.extend(list.offsets[1..].iter().map(|offset| base + offset));
            values.push(&*list.values);
        }
        List { offsets, values: Box::new(Vector::concat(&values)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn take_follows_positions_and_keeps_nulls() {
        let texts: Texts = ["a", "", "ccc"].into_iter().collect();
        let vector = Vector::new(Data::Text(texts), Some(vec![true, false, true]));
        let taken = vector.take(&[2, 1, 2]);
        assert_eq!((taken.text(0), taken.text(2)), (&b"ccc"[..], &b"ccc"[..]));
        assert!(!taken.is_valid(1));
        assert_eq!(vector.take(&[0, 2]).valid, None);
    }

    #[test]
    fn what_is_put_between_each_other_is_what_is_gathered() {
        let places = [vec![3, 0], vec![1], vec![4, 2]];
        let sources = [(0, 1), (1, 0), (2, 1), (0, 0), (2, 0)];
        let of = |data: fn(usize) -> Data| {
            let part = |at: usize| Vector::new(data(at), (at == 2).then(|| vec![true, false]));
            let parts: Vec<Vector> = [0, 1, 2].map(part).to_vec();
            let gathered = Vector::gather(&parts.iter().collect::<Vec<_>>(), &sources);
            assert_eq!(Vector::interleave(places.iter().cloned().zip(parts).collect(), 5), gathered);
        };
        fn len(at: usize) -> usize {
            if at == 1 { 1 } else { 2 }
        }
        of(|at| Data::Int((0..len(at) as i64).collect()));
        of(|at| Data::Wide((0..len(at) as i128).map(|n| n << 70).collect()));
        of(|at| Data::Bool((0..len(at)).map(|n| n == at).collect()));
        of(|at| Data::Text((0..len(at)).map(|n| format!("{at}{n}")).collect()));
    }

    #[test]
    fn lists_are_taken_and_joined_whole() {
        let list = |offsets: Vec<i32>, values: Vec<i64>| {
            Vector::from(Data::List(List { offsets, values: Box::new(Data::Int(values).into()) }))
        };
        let a = list(vec![0, 2, 2, 3], vec![1, 2, 3]);
        assert_eq!(a.take(&[2, 0]), list(vec![0, 1, 3], vec![3, 1, 2]));
        assert_eq!(Vector::concat(&[&a, &a.take(&[0])]), list(vec![0, 2, 2, 3, 5], vec![1, 2, 3, 1, 2]));
    }
}
