//! Cars.

use super::list;
use crate::fake::source::numbered;
use crate::fake::{Language, Provider, Recipe};

pub static VEHICLE_MAKE: Provider = list(
    "vehicle_make",
    "vehicle",
    Language::Neutral,
    "maker of a car",
    &["vehicle_make", "car_make", "make"],
);

pub static VEHICLE_MODEL: Provider = list(
    "vehicle_model",
    "vehicle",
    Language::Neutral,
    "maker and model of a car",
    &["vehicle_model", "car_model", "vehicle", "car"],
);

pub static LICENSE_PLATE: Provider = list(
    "license_plate",
    "vehicle",
    Language::Local,
    "number plate of a car",
    &[
        "license_plate",
        "licence_plate",
        "plate_number",
        "number_plate",
        "registration_plate",
        "license_plate_number",
    ],
);

pub static VIN: Provider = Provider {
    name: "vin",
    group: "vehicle",
    summary: "vehicle identification number with its check digit",
    column_names: &["vin", "vin_number", "chassis_number"],
    parameters: &[],
    language: Language::Neutral,
    recipe: Recipe::Build(|request| {
        // Seven free characters of 33, and a serial number of six digits.
        numbered(request, 33u64.pow(7) * 10u64.pow(6), 17, push_vin)
    }),
};

/// Appends a VIN of 49 CFR 565: `1DG`, five characters, check digit, year, plant, serial number.
fn push_vin(mut number: u64, out: &mut Vec<u8>) {
    const LETTERS: &[u8; 33] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    const VALUES: &[u8; 33] =
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let mut vin = [1usize, 13, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for at in [3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16] {
        let size = if at < 11 { 33 } else { 10 };
        vin[at] = (number % size) as usize;
        number /= size;
    }
    let sum: u32 = vin.iter().zip(WEIGHTS).map(|(at, weight)| VALUES[*at] as u32 * weight).sum();
    let start = out.len();
    out.extend(vin.iter().map(|at| LETTERS[*at]));
    out[start + 8] = if sum % 11 == 10 { b'X' } else { b'0' + (sum % 11) as u8 };
}
