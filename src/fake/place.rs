//! Where a row is. All columns of one subject draw the place from one key, so that `city`, `state` and `postal_code` of a
//! row belong together.
//!
//! `data/places_*.csv` has a line per city: name, state or region, its code, postcodes, latitude, longitude, time zone,
//! inhabitants in thousands. Postcodes are ranges (`10001-10282`), several separated by `;`, or British outward codes.

use super::source::{Picks, dictionary, pick_dictionary, push_padded};
use super::{Request, TextSource};
use crate::random::{Alias, CellRng, Key, below, mix};

/// A city.
#[derive(Clone, Debug)]
pub(super) struct City {
    pub name: &'static str,
    pub state: &'static str,
    pub state_code: &'static str,
    pub postcodes: Vec<Postcodes>,
    /// In ten-thousandths of a degree.
    pub latitude: i64,
    pub longitude: i64,
    pub timezone: &'static str,
    pub thousands: f64,
}

/// Some postcodes of a city.
#[derive(Clone, Debug)]
pub(super) enum Postcodes {
    /// Numbers, written with `width` digits (eight as Brazil does, `01310-100`).
    Range { from: u64, count: u64, width: usize },
    /// `M1`, to be followed by ` 2AB`.
    Outward(&'static str),
}

/// The places of a locale, of one subject of one table.
pub(super) struct Places {
    city: Key,
    within: Key,
    pub cities: Vec<City>,
    alias: Alias,
}

impl Places {
    pub fn new(request: &Request) -> Self {
        let key = request.subject_key("place");
        let cities = cities(request.locale.places);
        let weights: Vec<f64> = cities.iter().map(|city| city.thousands).collect();
        Self { city: key.child("city"), within: key.child("within"), alias: Alias::new(&weights), cities }
    }

    /// The city of a row: an index into `cities`.
    #[inline]
    pub fn of(&self, row: u64) -> usize {
        self.alias.pick(mix(self.city, row))
    }

    /// Writes the row's postcode.
    pub fn write_postcode(&self, row: u64, out: &mut Vec<u8>) {
        let city = &self.cities[self.of(row)];
        let mut rng = CellRng::new(self.within, row);
        let postcodes = &city.postcodes[rng.below(city.postcodes.len() as u64) as usize];
        postcodes.write(&mut rng, out);
    }

    /// The row's latitude and longitude in ten-thousandths of a degree: within some 3 km of the city's centre.
    pub fn coordinates(&self, row: u64) -> (i64, i64) {
        let city = &self.cities[self.of(row)];
        let draw = mix(self.within, row);
        let near = |bits: u64| below(bits, 501) as i64 - 250;
        (city.latitude + near(draw), city.longitude + near(draw << 32))
    }
}

/// A source that picks what `field` says of the row's city; for unique columns, each text once, without regard to the city.
pub(super) fn field(request: &Request, field: impl Fn(&City) -> &str) -> Box<dyn TextSource> {
    let places = Places::new(request);
    let limit = request.max_chars.unwrap_or(u32::MAX) as usize;
    let short = |city: &City| -> String { field(city).chars().take(limit).collect() };
    let fields: Vec<String> = places.cities.iter().map(short).collect();
    let (texts, codes) = dictionary(&fields);
    if request.unique {
        return pick_dictionary(request, texts, codes, &[1.0]);
    }
    let distinct = Some(texts.len() as u128);
    Box::new(Picks { texts, codes, thing: move |row| places.of(row), distinct })
}

impl Postcodes {
    fn parse(text: &'static str) -> Self {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.parse::<u64>(), to.parse::<u64>()) {
            (Ok(first), Ok(last)) => {
                Postcodes::Range { from: first, count: last - first + 1, width: from.len() }
            }
            _ => Postcodes::Outward(text),
        }
    }

    fn write(&self, rng: &mut CellRng, out: &mut Vec<u8>) {
        match self {
            Postcodes::Range { from, count, width: 8 } => {
                let number = from + rng.below(*count);
                push_padded(out, number / 1_000, 5);
                out.push(b'-');
                push_padded(out, number % 1_000, 3);
            }
            Postcodes::Range { from, count, width } => push_padded(out, from + rng.below(*count), *width),
            Postcodes::Outward(district) => {
                // The letters that the Royal Mail uses in the second half.
                const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
                out.extend_from_slice(district.as_bytes());
                out.extend_from_slice(&[b' ', b'1' + rng.below(9) as u8]);
                (0..2).for_each(|_| out.push(LETTERS[rng.below(20) as usize]));
            }
        }
    }
}

/// Appends a coordinate with four decimals.
pub(super) fn push_degrees(out: &mut Vec<u8>, ten_thousandths: i64) {
    if ten_thousandths < 0 {
        out.push(b'-');
    }
    let size = ten_thousandths.unsigned_abs();
    push_padded(out, size / 10_000, 1);
    out.push(b'.');
    push_padded(out, size % 10_000, 4);
}

/// Reads a file of places.
pub(super) fn cities(file: &'static str) -> Vec<City> {
    file.lines().filter(|line| !line.starts_with("//") && !line.is_empty()).map(city).collect()
}

fn city(line: &'static str) -> City {
    let fields: Vec<&str> = line.split(',').collect();
    let &[name, state, state_code, postcodes, latitude, longitude, timezone, thousands] = &*fields else {
        panic!("a place has eight fields: {line}");
    };
    let degrees = |text: &str| libm::round(text.parse::<f64>().expect("a coordinate") * 10_000.0) as i64;
    City {
        name,
        state,
        state_code,
        postcodes: postcodes.split(';').map(Postcodes::parse).collect(),
        latitude: degrees(latitude),
        longitude: degrees(longitude),
        timezone,
        thousands: thousands.parse().expect("inhabitants in thousands"),
    }
}
