//! Books.

use super::commerce::push_with_gs1_digit;
use super::list;
use crate::fake::source::numbered;
use crate::fake::{Language, Provider, Recipe};

pub static BOOK_TITLE: Provider = list(
    "book_title",
    "publishing",
    Language::English,
    "title of a book",
    &["book_title", "book_name", "book"],
);

pub static ISBN13: Provider = Provider {
    name: "isbn13",
    group: "publishing",
    summary: "ISBN of 13 digits with its check digit",
    column_names: &["isbn13", "isbn", "isbn_13"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 10u64.pow(9), 13, |number, out| {
            push_with_gs1_digit(out, 978 * 10u64.pow(9) + number, 12)
        })
    }),
};
