//! Telephone numbers, from the ranges that a country keeps for fiction where it has such.

use super::list;
use crate::fake::{Language, Provider};

pub static PHONE_NUMBER: Provider = list(
    "phone_number",
    "phone",
    Language::Local,
    "telephone number of a range kept for fiction where the country has one; unique ones need more numbers and leave it",
    &[
        "phone_number",
        "phone",
        "telephone",
        "telephone_number",
        "tel",
        "mobile",
        "mobile_number",
        "mobile_phone",
        "cell",
        "cell_phone",
        "fax",
        "fax_number",
        "contact_number",
        "phone_no",
        "home_phone",
        "work_phone",
    ],
);
