//! Products and how they are sold.

use super::list;
use crate::fake::source::{numbered, push_padded};
use crate::fake::{Language, Provider, Recipe};

pub static PRODUCT_NAME: Provider = list(
    "product_name",
    "commerce",
    Language::English,
    "name of a product: Brushed Steel Desk Lamp",
    &["product_name", "product", "item_name", "product_title", "item_title", "article_name"],
);

pub static PRODUCT_CATEGORY: Provider = list(
    "product_category",
    "commerce",
    Language::English,
    "what kind of product",
    &["product_category", "category", "category_name", "product_type"],
);

pub static PRODUCT_DESCRIPTION: Provider = list(
    "product_description",
    "commerce",
    Language::English,
    "a few sentences about a product",
    &["product_description", "item_description"],
);

pub static BRAND: Provider =
    list("brand", "commerce", Language::Neutral, "invented brand", &["brand", "brand_name", "make_brand"]);

pub static COLOR: Provider =
    list("color", "commerce", Language::English, "colour", &["color", "colour", "color_name", "colour_name"]);

pub static MATERIAL: Provider =
    list("material", "commerce", Language::English, "what a thing is made of", &["material", "fabric"]);

pub static SIZE: Provider =
    list("size", "commerce", Language::Neutral, "clothing size", &["size", "clothing_size"]);

pub static SKU: Provider = list(
    "sku",
    "commerce",
    Language::Neutral,
    "stock keeping unit: KTR-48213-BL",
    &["sku", "product_code", "item_code", "stock_code", "part_number", "model_number"],
);

pub static PROMO_CODE: Provider = list(
    "promo_code",
    "commerce",
    Language::English,
    "voucher code: SPRING20",
    &["promo_code", "coupon_code", "coupon", "voucher", "voucher_code", "discount_code"],
);

pub static TRACKING_NUMBER: Provider = list(
    "tracking_number",
    "commerce",
    Language::Neutral,
    "parcel number in the style of UPS",
    &["tracking_number", "tracking_no", "tracking_code", "parcel_number"],
);

pub static EAN13: Provider = Provider {
    name: "ean13",
    group: "commerce",
    summary: "EAN-13 bar code with its check digit, of the range for use inside a shop",
    column_names: &["ean13", "ean", "barcode", "gtin", "ean_code"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 10u64.pow(10), 13, |number, out| {
            // 20 to 29 are never given to a producer.
            push_with_gs1_digit(out, 20 * 10u64.pow(10) + number, 12);
        })
    }),
};

pub static UPC: Provider = Provider {
    name: "upc",
    group: "commerce",
    summary: "UPC-A bar code with its check digit, of the range for use inside a shop",
    column_names: &["upc", "upc_code"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        numbered(request, 10u64.pow(10), 12, |number, out| {
            push_with_gs1_digit(out, 4 * 10u64.pow(10) + number, 11)
        })
    }),
};

/// Appends `digits` digits and the check digit of GS1 (EAN, UPC, ISBN-13): weights 3, 1, 3, ... from the right.
pub(super) fn push_with_gs1_digit(out: &mut Vec<u8>, number: u64, digits: usize) {
    push_padded(out, number, digits);
    let (mut rest, mut sum, mut weight) = (number, 0, 3);
    while rest > 0 {
        sum += rest % 10 * weight;
        (rest, weight) = (rest / 10, 4 - weight);
    }
    out.push(b'0' + ((10 - sum % 10) % 10) as u8);
}
