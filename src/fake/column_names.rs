//! From a column's name to the provider that fits it.
//!
//! Names are compared in snake case, so that `firstName` and `FIRST_NAME` are `first_name`. A name that ends with a
//! provider's word has what stands before it as its subject: `billing_city` is the `city` of the subject `billing`. Words that
//! mean other things elsewhere (`state` of an order, `title` of a film) need a subject that has an address or is a person.

use super::{PROVIDERS, Provider};

/// Words that choose a provider by themselves, and after a [`SUBJECTS`] word, but not at the end of just any name:
/// `order_state` is no state of a country.
const AMBIGUOUS: &[&str] = &[
    "address",
    "bank",
    "brand",
    "category",
    "code",
    "comment",
    "comments",
    "company",
    "county",
    "description",
    "domain",
    "gender",
    "host",
    "language",
    "mobile",
    "note",
    "notes",
    "place",
    "prefix",
    "province",
    "region",
    "sex",
    "state",
    "suffix",
    "summary",
    "text",
    "timezone",
    "title",
    "town",
    "word",
    "words",
    "slug",
    "url",
    "lat",
    "lon",
    "lng",
    "iso_code",
    "material",
    "color",
];

/// Words before a provider's that make an ambiguous word plain.
const SUBJECTS: &[&str] = &[
    "billing",
    "birth",
    "business",
    "buyer",
    "contact",
    "customer",
    "delivery",
    "destination",
    "employee",
    "from",
    "home",
    "invoice",
    "mailing",
    "office",
    "origin",
    "owner",
    "patient",
    "person",
    "postal",
    "recipient",
    "residence",
    "seller",
    "sender",
    "ship",
    "shipping",
    "store",
    "supplier",
    "to",
    "user",
    "vendor",
    "warehouse",
    "work",
    "bill",
];

/// What `name` means, by the table that has it.
const TABLES: &[(&str, &[&str])] = &[
    (
        "full_name",
        &[
            "account_holder",
            "actor",
            "agent",
            "applicant",
            "author",
            "buyer",
            "client",
            "contact",
            "customer",
            "doctor",
            "driver",
            "employee",
            "guest",
            "lead",
            "manager",
            "member",
            "owner",
            "passenger",
            "patient",
            "people",
            "person",
            "player",
            "professor",
            "seller",
            "staff",
            "student",
            "subscriber",
            "teacher",
            "technician",
            "tenant",
            "user",
            "visitor",
        ],
    ),
    (
        "company_name",
        &[
            "account",
            "advertiser",
            "business",
            "carrier",
            "company",
            "distributor",
            "employer",
            "manufacturer",
            "merchant",
            "organisation",
            "organization",
            "partner",
            "shop",
            "store",
            "supplier",
            "vendor",
        ],
    ),
    ("product_name", &["article", "good", "item", "part", "product"]),
    ("product_category", &["category"]),
    ("brand", &["brand"]),
    ("department", &["department"]),
    ("city", &["city", "town"]),
    ("any_country", &["country"]),
    ("industry", &["industry"]),
    ("language_name", &["language"]),
    ("currency_name", &["currency"]),
    ("word", &["label", "tag"]),
];

/// The provider that a column's name asks for, and the subject. `table` helps with `name` alone: of a customer or of
/// a product.
pub fn for_column_name(table: &str, column: &str) -> Option<(&'static Provider, String)> {
    let name = snake_case(column);
    if let Some(provider) = by_word(&name) {
        return Some((provider, String::new()));
    }
    let table = singular(&snake_case(table));
    if name == "name" || name == format!("{table}_name") {
        return Some((of_table(&table)?, String::new()));
    }
    // The longest word first: `billing_postal_code` ends with `postal_code` and with `code`.
    name.match_indices('_').find_map(|(at, _)| {
        let (subject, word) = (&name[..at], &name[at + 1..]);
        let plain =
            !AMBIGUOUS.contains(&word) || SUBJECTS.contains(&subject.rsplit('_').next().unwrap_or(subject));
        if word == "name" {
            // A contact's or a supplier's name in another's table.
            return of_table(subject).map(|provider| (provider, subject.to_string()));
        }
        by_word(word).filter(|_| plain).map(|provider| (provider, subject.to_string()))
    })
}

fn by_word(word: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.column_names.contains(&word))
}

fn of_table(table: &str) -> Option<&'static Provider> {
    let last = table.rsplit('_').next().unwrap_or(table);
    let is = |tables: &[&str]| tables.contains(&table) || tables.contains(&last);
    TABLES.iter().find(|(_, tables)| is(tables)).and_then(|(provider, _)| super::find(provider))
}

/// `firstName`, `FirstName`, `FIRST NAME` and `first-name` as `first_name`.
fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && after_small {
            out.push('_');
        }
        after_small = letter.is_lowercase() || letter.is_ascii_digit();
        match letter {
            '-' | ' ' | '.' => out.push('_'),
            letter => out.extend(letter.to_lowercase()),
        }
    }
    out
}

/// `categories` as `category`, `products` as `product`.
fn singular(table: &str) -> String {
    if let Some(stem) = table.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let es = ["sses", "shes", "ches", "xes"].iter().any(|ending| table.ends_with(ending));
    let stem = if es {
        table.strip_suffix("es")
    } else {
        table.strip_suffix('s').filter(|stem| !stem.ends_with('s'))
    };
    stem.unwrap_or(table).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(table: &str, column: &str) -> Option<(&'static str, String)> {
        for_column_name(table, column).map(|(provider, subject)| (provider.name, subject))
    }

    fn is(table: &str, column: &str, provider: &str, subject: &str) {
        let found = chosen(table, column);
        assert_eq!(
            found.as_ref().map(|found| (found.0, &*found.1)),
            Some((provider, subject)),
            "{table}.{column}"
        );
    }

    #[test]
    fn a_name_chooses_its_provider() {
        is("t", "email", "email", "");
        is("t", "firstName", "first_name", "");
        is("t", "LAST NAME", "last_name", "");
        is("t", "zip", "postal_code", "");
        is("t", "ip_address", "ipv4", "");
        is("customers", "address", "full_address", "");
        is("t", "address_line1", "street_address", "");
    }

    #[test]
    fn what_stands_before_is_the_subject() {
        is("orders", "billing_city", "city", "billing");
        is("orders", "billing_postal_code", "postal_code", "billing");
        is("orders", "shipping_state", "state", "shipping");
        is("orders", "contact_email", "email", "contact");
        is("orders", "ship_to_first_name", "first_name", "ship_to");
    }

    #[test]
    fn ambiguous_words_need_a_known_subject() {
        assert_eq!(chosen("orders", "order_state"), None);
        assert_eq!(chosen("orders", "status"), None);
        assert_eq!(chosen("orders", "id"), None);
        assert_eq!(chosen("orders", "name"), None);
    }

    #[test]
    fn a_name_is_what_the_table_is_about() {
        is("customers", "name", "full_name", "");
        is("products", "name", "product_name", "");
        is("products", "product_name", "product_name", "");
        is("categories", "name", "product_category", "");
        is("suppliers", "name", "company_name", "");
        is("orders", "customer_name", "full_name", "customer");
        is("cities", "name", "city", "");
    }
}
