//! Companies, what they do and who works there.

use super::list;
use crate::fake::{Language, Provider};

pub static COMPANY_NAME: Provider = list(
    "company_name",
    "company",
    Language::Local,
    "name of a company",
    &[
        "company_name",
        "company",
        "employer",
        "organization",
        "organisation",
        "organization_name",
        "business_name",
        "vendor_name",
        "supplier_name",
        "merchant",
        "merchant_name",
        "manufacturer",
        "supplier",
        "vendor",
        "business",
        "firm",
    ],
);

pub static COMPANY_SUFFIX: Provider = list(
    "company_suffix",
    "company",
    Language::Local,
    "legal form of a company",
    &["company_suffix", "legal_form"],
);

pub static INDUSTRY: Provider =
    list("industry", "company", Language::English, "line of business", &["industry", "sector"]);

pub static DEPARTMENT: Provider = list(
    "department",
    "company",
    Language::English,
    "department of a company",
    &["department", "dept", "department_name", "dept_name"],
);

pub static PROFESSION: Provider =
    list("profession", "company", Language::English, "trade or profession", &["profession", "occupation"]);

pub static CATCH_PHRASE: Provider = list(
    "catch_phrase",
    "company",
    Language::English,
    "what a company says of itself",
    &["catch_phrase", "slogan", "tagline", "motto"],
);

pub static BUZZWORD: Provider =
    list("buzzword", "company", Language::English, "business word", &["buzzword"]);

pub static BUSINESS_TASK: Provider = list(
    "business_task",
    "company",
    Language::English,
    "what a company's project is for",
    &["business_task", "mission", "objective"],
);
