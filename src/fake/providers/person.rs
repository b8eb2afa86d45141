//! People: names, what they are called and do.

use super::{SUBJECT, list};
use crate::fake::lists::List;
use crate::fake::person::{People, name_dictionary};
use crate::fake::source::{ByRow, Picks, dictionary, numbered, pick_dictionary};
use crate::fake::{Language, Provider, Recipe, Request, TextSource, lists};
use crate::random::{Alias, mix};
use crate::spec::Refusal;
use crate::value::words::append_text;
use crate::value::{Data, Rows, Texts, Vector};

pub static FIRST_NAME: Provider = Provider {
    name: "first_name",
    group: "person",
    summary: "first name, common ones more often",
    column_names: &["first_name", "given_name", "forename", "firstname", "fname"],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(|request| {
        let people = People::new(request);
        let (texts, codes) = name_dictionary(&people.first_names, request.max_chars);
        if request.unique {
            return Ok(pick_dictionary(request, texts, codes, &[1.0]));
        }
        let distinct = Some(texts.len() as u128);
        Ok(Box::new(Picks { texts, codes, thing: move |row| people.first(row), distinct }))
    }),
};

pub static LAST_NAME: Provider = Provider {
    name: "last_name",
    group: "person",
    summary: "last name, common ones more often",
    column_names: &["last_name", "surname", "family_name", "lastname", "lname"],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(|request| {
        let people = People::new(request);
        let (texts, codes) = name_dictionary(&people.last_names, request.max_chars);
        if request.unique {
            return Ok(pick_dictionary(request, texts, codes, &[1.0]));
        }
        let distinct = Some(texts.len() as u128);
        Ok(Box::new(Picks { texts, codes, thing: move |row| people.last(row), distinct }))
    }),
};

pub static FULL_NAME: Provider = Provider {
    name: "full_name",
    group: "person",
    summary: "first and last name; unique ones also have a middle initial",
    column_names: &[
        "full_name",
        "fullname",
        "person_name",
        "display_name",
        "author",
        "contact",
        "cardholder",
        "cardholder_name",
        "name_on_card",
        "account_holder",
    ],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(|request| {
        if request.unique { distinct_full_names(request) } else { Ok(full_names(request)) }
    }),
};

/// First and last names of which all fit the column. Otherwise first names of long ones are shortened, one by one.
fn full_names(request: &Request) -> Box<dyn TextSource> {
    let people = People::new(request);
    let limit = request.max_chars.unwrap_or(u32::MAX) as usize;
    let longest = |names: &List| names.values.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    if longest(&people.first_names) + longest(&people.last_names) < limit {
        return Box::new(FullNames::new(people));
    }
    let distinct = people.distinct();
    Box::new(ByRow {
        write: move |row, out: &mut Vec<u8>| full_name(&people, limit, row, out),
        cut: request.max_chars,
        distinct,
    })
}

/// Appends the full name of a row's person in at most so many characters, if an initial in place of the first name helps.
fn full_name(people: &People, limit: usize, row: u64, out: &mut Vec<u8>) {
    let person = people.of(row);
    let (first, last) = (people.first_names.values[person.first], people.last_names.values[person.last]);
    // Bytes are at least as many as characters.
    if first.len() + last.len() < limit || first.chars().count() + last.chars().count() < limit {
        out.extend_from_slice(first.as_bytes());
    } else {
        let initial = first.chars().next().expect("names are not empty");
        out.extend_from_slice(initial.encode_utf8(&mut [0; 4]).as_bytes());
        out.push(b'.');
    }
    out.push(b' ');
    out.extend_from_slice(last.as_bytes());
}

/// Full names by the batch: who it is first, and then each is a word or two of each name.
struct FullNames {
    people: People,
    /// With the space behind them.
    first: Texts,
    last: Texts,
}

impl FullNames {
    fn new(people: People) -> Self {
        let first = people.first_names.values.iter().map(|name| format!("{name} ")).collect();
        let last = people.last_names.values.iter().collect();
        Self { people, first, last }
    }
}

impl TextSource for FullNames {
    fn fill(&self, rows: &Rows) -> Vector {
        let first = self.people.firsts(rows);
        let last = self.people.lasts(rows);
        let bytes = |texts: &Texts, codes: &[u32]| -> usize {
            codes.iter().map(|code| texts.range(*code as usize).len()).sum()
        };
        let most = bytes(&self.first, &first) + bytes(&self.last, &last);
        let texts = Texts::written(rows.len(), most, |out, at, nth| {
            let at = append_text(out, at, &self.first, first[nth] as usize);
            append_text(out, at, &self.last, last[nth] as usize)
        });
        Data::Text(texts).into()
    }

    fn distinct(&self) -> Option<u128> {
        self.people.distinct()
    }
}

/// A first name, perhaps an initial, a last name: first names hold no space and last names do not begin with an initial, so
/// different numbers give different texts. They are not the names of [`FIRST_NAME`]: those repeat.
fn distinct_full_names(request: &Request) -> Result<Box<dyn TextSource>, Refusal> {
    let people = People::new(request);
    // "A" "B." "C" need four characters more than the names.
    let half = request.max_chars.map_or(usize::MAX, |limit| (limit as usize).saturating_sub(4) / 2);
    let short = |names: &[&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|name| name.chars().count() <= half).collect()
    };
    let mut first = short(&people.first_names.values);
    first.retain(|name| !name.contains(' '));
    let last = short(&people.last_names.values);
    let count = first.len() as u64 * last.len() as u64 * 27;
    numbered(request, count.max(1), 0, move |number, out| {
        let (pair, initial) = (number / 27, (number % 27) as u8);
        out.extend_from_slice(first[(pair % first.len() as u64) as usize].as_bytes());
        out.push(b' ');
        if initial < 26 {
            out.extend_from_slice(&[b'A' + initial, b'.', b' ']);
        }
        out.extend_from_slice(last[(pair / first.len() as u64) as usize].as_bytes());
    })
}

pub static GENDER: Provider = Provider {
    name: "gender",
    group: "person",
    summary: "female or male, as the first name is; F or M in a narrow column",
    column_names: &["gender", "sex"],
    parameters: SUBJECT,
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        let of = |text| List { values: vec![text], weights: vec![1.0] };
        let (male, female) = if request.fits("female".len()) { ("male", "female") } else { ("M", "F") };
        Ok(by_sex(request, of(male), of(female)))
    }),
};

pub static NAME_PREFIX: Provider = Provider {
    name: "name_prefix",
    group: "person",
    summary: "form of address: Mr., Ms., Dr.",
    column_names: &["name_prefix", "salutation", "honorific"],
    parameters: SUBJECT,
    language: Language::Local,
    recipe: Recipe::Build(|request| {
        let of = |name| lists::known(request.locale, name);
        Ok(by_sex(request, of("prefix_male"), of("prefix_female")))
    }),
};

/// A pick from one list or the other, as the row's person is male or female.
fn by_sex(request: &Request, male: List, female: List) -> Box<dyn TextSource> {
    let people = People::new(request);
    let limit = request.max_chars.unwrap_or(u32::MAX) as usize;
    let all = male.values.iter().chain(&female.values);
    let (texts, codes) =
        dictionary(&all.map(|text| text.chars().take(limit).collect()).collect::<Vec<String>>());
    if request.unique {
        return pick_dictionary(request, texts, codes, &[1.0]);
    }
    let (distinct, key) = (Some(texts.len() as u128), request.key());
    let (men, of_men, of_women) = (male.values.len(), Alias::new(&male.weights), Alias::new(&female.weights));
    let thing = move |row| {
        let draw = mix(key, row);
        if people.is_female(row) { men + of_women.pick(draw) } else { of_men.pick(draw) }
    };
    Box::new(Picks { texts, codes, thing, distinct })
}

pub static NAME_SUFFIX: Provider =
    list("name_suffix", "person", Language::English, "what follows a name: Jr., PhD", &["name_suffix"]);

pub static JOB_TITLE: Provider = list(
    "job_title",
    "person",
    Language::English,
    "what someone is employed as: Senior Data Analyst",
    &["job_title", "position", "job", "designation", "job_position"],
);
