//! Addresses. City, state, postcode, coordinates of one subject are those of one real city; streets and numbers are invented.

use super::{SUBJECT, list};
use crate::fake::grammar::{self, Grammar};
use crate::fake::place::{self, Places, push_degrees};
use crate::fake::source::{by_row, pick};
use crate::fake::{LOCALES, Language, Provider, Recipe, Request, TextSource, lists};
use crate::random::CellRng;
use crate::spec::Refusal;

const fn of_place(
    name: &'static str,
    language: Language,
    summary: &'static str,
    column_names: &'static [&'static str],
    build: fn(&Request) -> Result<Box<dyn TextSource>, Refusal>,
) -> Provider {
    Provider {
        name,
        group: "address",
        summary,
        column_names,
        parameters: SUBJECT,
        language,
        recipe: Recipe::Build(build),
    }
}

pub static CITY: Provider = of_place(
    "city",
    Language::Local,
    "city, large ones more often",
    &["city", "town", "city_name", "municipality", "place_of_birth", "birthplace"],
    |request| Ok(place::field(request, |city| city.name)),
);

pub static STATE: Provider = of_place(
    "state",
    Language::Local,
    "state or region of the city; its code in a column too narrow for names",
    &["state", "province", "region", "state_name", "county", "state_province"],
    |request| {
        if request.fits(6) {
            Ok(place::field(request, |city| city.state))
        } else {
            Ok(place::field(request, |city| city.state_code))
        }
    },
);

pub static STATE_CODE: Provider = of_place(
    "state_code",
    Language::Local,
    "code of the city's state or region: CA",
    &["state_code", "state_abbr", "state_abbreviation", "province_code", "region_code"],
    |request| Ok(place::field(request, |city| city.state_code)),
);

pub static TIMEZONE: Provider = of_place(
    "timezone",
    Language::Local,
    "time zone of the city: America/New_York",
    &["timezone", "time_zone", "tz", "tzid"],
    |request| Ok(place::field(request, |city| city.timezone)),
);

pub static POSTAL_CODE: Provider = of_place(
    "postal_code",
    Language::Local,
    "postcode of the city",
    &["postal_code", "postcode", "zip", "zip_code", "zipcode", "post_code", "plz"],
    |request| {
        let places = Places::new(request);
        Ok(by_row(request, move |row, out| places.write_postcode(row, out)))
    },
);

pub static LATITUDE: Provider =
    of_place("latitude", Language::Local, "degrees north, in the city", &["latitude", "lat"], |request| {
        let places = Places::new(request);
        Ok(by_row(request, move |row, out| push_degrees(out, places.coordinates(row).0)))
    });

pub static LONGITUDE: Provider = of_place(
    "longitude",
    Language::Local,
    "degrees east, in the city",
    &["longitude", "lon", "lng", "long"],
    |request| {
        let places = Places::new(request);
        Ok(by_row(request, move |row, out| push_degrees(out, places.coordinates(row).1)))
    },
);

pub static COUNTRY: Provider = of_place(
    "country",
    Language::Local,
    "the locale's country (any_country for all of them); its code in a column too narrow for names",
    &["country", "country_name"],
    |request| {
        if !request.fits(4) {
            return grammar::source(request, "country_code");
        }
        grammar::source(request, "country")
    },
);

pub static COUNTRY_CODE: Provider = of_place(
    "country_code",
    Language::Local,
    "two-letter code of the locale's country",
    &["country_code", "country_iso", "country_iso2", "iso_country_code", "country_iso_code"],
    |request| grammar::source(request, "country_code"),
);

pub static ANY_COUNTRY: Provider = Provider {
    name: "any_country",
    group: "address",
    summary: "country, any of the world's",
    column_names: &["any_country", "country_of_origin", "origin_country", "citizenship"],
    parameters: &[],
    language: Language::English,
    recipe: Recipe::Build(|request| world(request, |(_, name)| name)),
};

pub static ANY_COUNTRY_CODE: Provider = Provider {
    name: "any_country_code",
    group: "address",
    summary: "two-letter country code, any of the world's",
    column_names: &["any_country_code", "iso2", "origin_country_code"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| world(request, |(code, _)| code)),
};

/// A pick of the world's countries, each a `DE Germany` of the list.
fn world(
    request: &Request,
    part: fn((&'static str, &'static str)) -> &'static str,
) -> Result<Box<dyn TextSource>, Refusal> {
    let mut countries = lists::known(LOCALES[0], "world_country");
    for value in &mut countries.values {
        *value = part(value.split_once(' ').expect("a code and a name"));
    }
    pick(request, &countries)
}

pub static STREET_NAME: Provider =
    list("street_name", "address", Language::Local, "name of a street", &["street_name"]);

pub static STREET_ADDRESS: Provider = of_place(
    "street_address",
    Language::Local,
    "street and number",
    &[
        "street_address",
        "street",
        "address1",
        "address_1",
        "address_line1",
        "address_line_1",
        "addr1",
        "line1",
        "street_line1",
    ],
    |request| {
        if request.unique {
            return grammar::source(request, "street_address");
        }
        // The street of the full address.
        let street = street(request);
        let key = request.subject_key("street");
        Ok(by_row(request, move |row, out| street.write(&mut CellRng::new(key, row), out)))
    },
);

fn street(request: &Request) -> Grammar {
    Grammar::of_list(request.locale, "street_address")
}

pub static BUILDING_NUMBER: Provider = list(
    "building_number",
    "address",
    Language::Local,
    "number of a house",
    &["building_number", "house_number", "street_number"],
);

pub static SECONDARY_ADDRESS: Provider = list(
    "secondary_address",
    "address",
    Language::Local,
    "flat, floor or suite",
    &[
        "secondary_address",
        "address2",
        "address_2",
        "address_line2",
        "address_line_2",
        "addr2",
        "line2",
        "apartment",
        "suite",
        "unit",
    ],
);

pub static FULL_ADDRESS: Provider = of_place(
    "full_address",
    Language::Local,
    "street, number, postcode, city as the country writes them",
    &["full_address", "address", "mailing_address", "postal_address"],
    |request| {
        let layout = lists::known(request.locale, "address_layout").values[0];
        let pieces: Vec<Piece> = layout.split('_').map(Piece::of).collect();
        let (street, key) = (street(request), request.subject_key("street"));
        let places = Places::new(request);
        Ok(by_row(request, move |row, out| {
            let city = &places.cities[places.of(row)];
            for piece in &pieces {
                match piece {
                    Piece::Street => street.write(&mut CellRng::new(key, row), out),
                    Piece::Postcode => places.write_postcode(row, out),
                    Piece::City => out.extend_from_slice(city.name.as_bytes()),
                    Piece::StateCode => out.extend_from_slice(city.state_code.as_bytes()),
                    Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                }
            }
        }))
    },
);

/// A piece of a full address; a layout is `street_, _city_, _state_ _postcode`.
enum Piece {
    Street,
    Postcode,
    City,
    StateCode,
    Text(&'static str),
}

impl Piece {
    fn of(text: &'static str) -> Self {
        match text {
            "street" => Piece::Street,
            "postcode" => Piece::Postcode,
            "city" => Piece::City,
            "state" => Piece::StateCode,
            text => Piece::Text(text),
        }
    }
}
