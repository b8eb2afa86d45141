//! The providers, a file for each small family.

mod address;
mod check_digits;
mod codes;
mod commerce;
mod company;
mod finance;
mod iban;
mod internet;
mod lorem;
mod miscellany;
mod national;
mod person;
mod phone;
mod prose;
mod publishing;
mod technical;
mod vehicle;

use super::{Language, Provider, Recipe};
use crate::spec::{Parameter, ParameterKind};

/// All providers, group by group. Where two could claim a column's name, the first does.
pub static PROVIDERS: &[&Provider] = &[
    &person::FIRST_NAME,
    &person::LAST_NAME,
    &person::FULL_NAME,
    &person::NAME_PREFIX,
    &person::NAME_SUFFIX,
    &person::GENDER,
    &person::JOB_TITLE,
    &national::SSN,
    &national::NATIONAL_ID,
    &codes::NPI,
    &internet::EMAIL,
    &internet::COMPANY_EMAIL,
    &internet::USERNAME,
    &internet::PASSWORD,
    &internet::DOMAIN_NAME,
    &internet::HOSTNAME,
    &internet::URL,
    &internet::SLUG,
    &internet::IPV4,
    &internet::IPV6,
    &internet::MAC_ADDRESS,
    &internet::USER_AGENT,
    &internet::HTTP_METHOD,
    &internet::HTTP_STATUS,
    &internet::MIME_TYPE,
    &phone::PHONE_NUMBER,
    &address::FULL_ADDRESS,
    &address::STREET_ADDRESS,
    &address::STREET_NAME,
    &address::BUILDING_NUMBER,
    &address::SECONDARY_ADDRESS,
    &address::CITY,
    &address::STATE,
    &address::STATE_CODE,
    &address::POSTAL_CODE,
    &address::COUNTRY,
    &address::COUNTRY_CODE,
    &address::ANY_COUNTRY,
    &address::ANY_COUNTRY_CODE,
    &address::LATITUDE,
    &address::LONGITUDE,
    &address::TIMEZONE,
    &company::COMPANY_NAME,
    &company::COMPANY_SUFFIX,
    &company::INDUSTRY,
    &company::DEPARTMENT,
    &company::PROFESSION,
    &company::CATCH_PHRASE,
    &company::BUZZWORD,
    &company::BUSINESS_TASK,
    &commerce::PRODUCT_NAME,
    &commerce::PRODUCT_CATEGORY,
    &commerce::PRODUCT_DESCRIPTION,
    &commerce::BRAND,
    &commerce::COLOR,
    &commerce::MATERIAL,
    &commerce::SIZE,
    &commerce::SKU,
    &commerce::EAN13,
    &codes::EAN8,
    &commerce::UPC,
    &commerce::PROMO_CODE,
    &commerce::TRACKING_NUMBER,
    &prose::REVIEW_TITLE,
    &prose::REVIEW_TEXT,
    &prose::COMMENT,
    &prose::SUPPORT_SUBJECT,
    &lorem::WORD,
    &lorem::WORDS,
    &lorem::SENTENCE,
    &lorem::SENTENCES,
    &lorem::PARAGRAPH,
    &lorem::PARAGRAPHS,
    &lorem::TITLE,
    &finance::CURRENCY_CODE,
    &finance::CURRENCY_NAME,
    &finance::CREDIT_CARD,
    &finance::CREDIT_CARD_TYPE,
    &finance::CVV,
    &iban::IBAN,
    &finance::BIC,
    &finance::ACCOUNT_NUMBER,
    &finance::ROUTING_NUMBER,
    &codes::LEI,
    &codes::ISIN,
    &codes::CUSIP,
    &codes::SEDOL,
    &finance::TRANSACTION_TYPE,
    &finance::PAYMENT_METHOD,
    &finance::BANK_NAME,
    &publishing::BOOK_TITLE,
    &publishing::ISBN13,
    &codes::ISBN10,
    &codes::ISSN,
    &vehicle::VEHICLE_MAKE,
    &vehicle::VEHICLE_MODEL,
    &vehicle::VIN,
    &vehicle::LICENSE_PLATE,
    &technical::FILE_NAME,
    &technical::FILE_EXTENSION,
    &technical::FILE_PATH,
    &technical::COLOR_HEX,
    &technical::SEMVER,
    &technical::MD5,
    &technical::SHA256,
    &technical::GIT_SHA,
    &codes::IMEI,
    &codes::JWT,
    &technical::LOG_LEVEL,
    &miscellany::LANGUAGE_NAME,
    &miscellany::LANGUAGE_CODE,
    &miscellany::LOCALE_CODE,
    &miscellany::WEEKDAY,
    &miscellany::MONTH_NAME,
    &miscellany::NATIONALITY,
];

/// Providers that know whom or what they speak of.
const SUBJECT: &[Parameter] = &[Parameter {
    name: "subject",
    kind: ParameterKind::Text,
    default: Some(""),
    summary: "whom or what it speaks of; columns of one subject agree (by default what stands before the provider's word in the column's name)",
}];

/// A provider that takes a list of the dictionaries.
const fn list(
    name: &'static str,
    group: &'static str,
    language: Language,
    summary: &'static str,
    column_names: &'static [&'static str],
) -> Provider {
    Provider { name, group, summary, column_names, parameters: &[], language, recipe: Recipe::List(name) }
}
