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

/// Words that mean something else in each table: the word, what it stands for, and where.
const MEANINGS: &[(&str, &str, &[&str])] = &[
    (
        "name",
        "full_name",
        &[
            "account_holder",
            "actor",
            "agent",
            "applicant",
            "author",
            "buyer",
            "cardholder",
            "client",
            "contact",
            "customer",
            "doctor",
            "driver",
            "employee",
            "guardian",
            "guest",
            "instructor",
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
            "recipient",
            "seller",
            "sender",
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
        "name",
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
    ("name", "product_name", &["article", "good", "item", "part", "product"]),
    ("name", "product_category", &["category"]),
    ("name", "brand", &["brand"]),
    ("name", "bank_name", &["bank"]),
    ("name", "department", &["department"]),
    ("name", "city", &["city", "town"]),
    ("name", "any_country", &["country"]),
    ("name", "industry", &["industry"]),
    ("name", "language_name", &["language"]),
    ("name", "currency_name", &["currency"]),
    ("name", "word", &["label", "tag"]),
    ("name", "file_name", &["file", "attachment", "document"]),
    ("title", "review_title", &["review", "rating", "feedback"]),
    ("title", "product_name", &["article", "item", "product"]),
    ("title", "book_title", &["book"]),
    ("title", "support_subject", &["ticket", "case", "issue"]),
    ("title", "job_title", &["employee", "job", "contact", "position"]),
    ("subject", "support_subject", &["ticket", "case", "issue"]),
    ("description", "product_description", &["article", "item", "product"]),
    ("body", "review_text", &["review", "feedback"]),
    ("comment", "review_text", &["review", "feedback", "rating"]),
    ("comments", "review_text", &["review", "feedback", "rating"]),
    ("content", "review_text", &["review", "feedback"]),
    ("text", "review_text", &["review", "feedback"]),
    ("code", "promo_code", &["coupon", "voucher", "promotion", "discount"]),
    ("code", "currency_code", &["currency"]),
    ("code", "any_country_code", &["country"]),
    ("code", "language_code", &["language"]),
];

/// The provider that a column's name asks for, and the subject. `table` helps with words such as `name`, which is a
/// customer's or a product's.
pub fn for_column_name(table: &str, column: &str) -> Option<(&'static Provider, String)> {
    let name = snake_case(column);
    let table = singular(&snake_case(table));
    // `products.product_name` is `products.name`.
    let own = name.strip_prefix(&table).and_then(|rest| rest.strip_prefix('_')).unwrap_or(&name);
    if let Some(provider) = meaning(own, &table).or_else(|| by_word(&name)) {
        return Some((provider, String::new()));
    }
    // The longest word first: `billing_postal_code` ends with `postal_code` and with `code`.
    name.match_indices('_').find_map(|(at, _)| {
        let (subject, word) = (&name[..at], &name[at + 1..]);
        let last = subject.rsplit('_').next().unwrap_or(subject);
        let plain = !AMBIGUOUS.contains(&word) || SUBJECTS.contains(&last);
        let provider = by_word(word).filter(|_| plain).or_else(|| meaning(word, subject));
        provider.map(|provider| (provider, subject.to_string()))
    })
}

fn by_word(word: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.column_names.contains(&word))
}

/// What an ambiguous word means for a table, or for what stands before it in a column's name.
fn meaning(word: &str, table: &str) -> Option<&'static Provider> {
    let last = table.rsplit('_').next().unwrap_or(table);
    let is = |tables: &[&str]| tables.contains(&table) || tables.contains(&last);
    let (_, provider, _) = MEANINGS.iter().find(|(known, _, tables)| *known == word && is(tables))?;
    super::find(provider)
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
        is("products", "description", "product_description", "");
        is("tasks", "description", "sentences", "");
        is("book_reviews", "title", "review_title", "");
        is("coupons", "code", "promo_code", "");
    }

    #[test]
    fn every_meaning_is_a_provider() {
        for (word, provider, tables) in MEANINGS {
            assert!(super::super::find(provider).is_some(), "{word} of {tables:?} is {provider}");
        }
    }
}
