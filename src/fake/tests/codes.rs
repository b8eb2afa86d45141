//! Check digits, by tests of their own: the rules as their standards state them, not the code that makes them.

use super::*;

fn digits(text: &str) -> Vec<u32> {
    text.chars().map(|digit| digit.to_digit(10).expect("a digit")).collect()
}

#[test]
fn check_digits_are_right() {
    for card in sample("credit_card", "en", 500) {
        let doubled =
            |at: usize, digit: u32| if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
        let sum: u32 = digits(&card).iter().rev().enumerate().map(|(at, digit)| doubled(at, *digit)).sum();
        assert!(card.len() == 16 && sum.is_multiple_of(10), "{card}");
    }
    for name in ["ean13", "isbn13", "upc"] {
        for code in sample(name, "en", 500) {
            let sum: u32 =
                digits(&code).iter().rev().enumerate().map(|(at, digit)| digit * [1, 3][at % 2]).sum();
            assert!(sum.is_multiple_of(10), "{name} {code}");
        }
    }
    for number in sample("routing_number", "en", 500) {
        let sum: u32 =
            digits(&number).iter().zip([3, 7, 1].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        assert!(number.len() == 9 && sum.is_multiple_of(10), "{number}");
    }
    for vin in sample("vin", "en", 500) {
        let value = |letter: char| {
            letter.to_digit(10).unwrap_or_else(|| match letter {
                'A'..='H' => letter as u32 - 'A' as u32 + 1,
                'J'..='R' => letter as u32 - 'J' as u32 + 1,
                letter => letter as u32 - 'S' as u32 + 2,
            })
        };
        let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        let sum: u32 = vin
            .chars()
            .zip(weights)
            .map(|(letter, weight)| if weight == 0 { 0 } else { value(letter) * weight })
            .sum();
        assert_eq!(
            vin.chars().nth(8).unwrap(),
            char::from_digit(sum % 11, 10).filter(|_| sum % 11 < 10).unwrap_or('X'),
            "{vin}"
        );
    }
}

/// The texts of a provider with one argument.
fn sample_with(name: &str, parameter: &str, value: &str, rows: u64) -> Result<Vec<String>, Refusal> {
    let argument = crate::spec::Argument::Text(value.to_owned());
    let arguments = Arguments { given: vec![(parameter.to_owned(), argument, Default::default())] };
    find(name).unwrap().build(&request(LOCALES[0], "c", &arguments)).map(|source| texts(&*source, rows))
}

/// Digits and letters as one number, letters as 10 to 35.
fn as_number(text: &str) -> String {
    text.chars().map(|letter| letter.to_digit(36).expect("a digit or a letter").to_string()).collect()
}

fn remainder(number: &str, divisor: u64) -> u64 {
    number.bytes().fold(0, |rest, digit| (rest * 10 + (digit - b'0') as u64) % divisor)
}

#[test]
fn ibans_leave_a_remainder_of_one() {
    let lengths = BTreeMap::from([
        ("DE", 22),
        ("GB", 22),
        ("FR", 27),
        ("IT", 27),
        ("ES", 24),
        ("BR", 29),
        ("AT", 20),
        ("BE", 16),
        ("CH", 21),
        ("FI", 18),
        ("IE", 22),
        ("LU", 20),
        ("NL", 18),
        ("PL", 28),
        ("PT", 25),
    ]);
    let of_locales = LOCALES.iter().flat_map(|locale| sample("iban", locale.name, 200));
    let of_countries =
        lengths.keys().flat_map(|country| sample_with("iban", "country", country, 200).unwrap());
    for iban in of_locales.chain(of_countries) {
        assert_eq!(Some(&iban.len()), lengths.get(&iban[..2]), "{iban}");
        let turned = format!("{}{}", &iban[4..], &iban[..4]);
        assert_eq!(remainder(&as_number(&turned), 97), 1, "{iban}");
    }
    assert!(sample_with("iban", "country", "XX", 1).is_err());
}

#[test]
fn national_account_numbers_have_their_own_check_digits() {
    for iban in sample_with("iban", "country", "BE", 200).unwrap() {
        let (account, check) = iban[4..].split_at(10);
        assert_eq!(remainder(account, 97) % 97, check.parse::<u64>().unwrap() % 97, "{iban}");
    }
    for iban in sample_with("iban", "country", "PT", 200).unwrap() {
        assert_eq!(remainder(&iban[4..], 97), 1, "{iban}");
    }
    for iban in sample_with("iban", "country", "FI", 200).unwrap() {
        assert!(is_luhn(&iban[4..]), "{iban}");
    }
    for iban in sample_with("iban", "country", "PL", 200).unwrap() {
        let sum: u32 = digits(&iban[4..12]).iter().zip([3, 9, 7, 1, 3, 9, 7, 1]).map(|(d, w)| d * w).sum();
        assert!(sum.is_multiple_of(10), "{iban}");
    }
}

/// Luhn's test as it is usually written, from the right, every second digit doubled.
fn is_luhn(number: &str) -> bool {
    let doubled = |(at, digit): (usize, &u32)| match digit * (1 + at as u32 % 2) {
        sum if sum > 9 => sum - 9,
        sum => sum,
    };
    digits(number).iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[test]
fn cards_have_the_length_and_the_beginning_of_their_brand() {
    for (brand, beginning, length) in [
        ("visa", "4", 16),
        ("Mastercard", "5", 16),
        ("amex", "37", 15),
        ("discover", "6011", 16),
        ("diners", "30", 14),
        ("jcb", "35", 16),
        ("unionpay", "62", 16),
    ] {
        for card in sample_with("credit_card", "brand", brand, 200).unwrap() {
            assert!(card.starts_with(beginning) && card.len() == length && is_luhn(&card), "{brand} {card}");
        }
    }
    let refusal = sample_with("credit_card", "brand", "vsia", 1).err().unwrap();
    assert!(refusal.help.unwrap().contains("visa"));
}

#[test]
fn codes_of_registries_validate() {
    for code in sample("ean8", "en", 300) {
        let sum: u32 = digits(&code).iter().rev().enumerate().map(|(at, digit)| digit * [1, 3][at % 2]).sum();
        assert!(code.len() == 8 && sum.is_multiple_of(10), "{code}");
    }
    let eleven = |text: &str| {
        let value = |letter: char| if letter == 'X' { 10 } else { letter.to_digit(10).expect("a digit") };
        let length = text.len() as u32;
        let sum: u32 =
            text.chars().zip((1..=length).rev()).map(|(letter, weight)| value(letter) * weight).sum();
        sum.is_multiple_of(11)
    };
    for isbn in sample("isbn10", "en", 300) {
        assert!(isbn.len() == 10 && eleven(&isbn), "{isbn}");
    }
    for issn in sample("issn", "en", 300) {
        assert!(issn.as_bytes()[4] == b'-' && eleven(&issn.replace('-', "")), "{issn}");
    }
    for imei in sample("imei", "en", 300) {
        assert!(imei.len() == 15 && imei.starts_with("00") && is_luhn(&imei), "{imei}");
    }
    for lei in sample("lei", "en", 300) {
        assert!(lei.len() == 20 && remainder(&as_number(&lei), 97) == 1, "{lei}");
    }
    for isin in sample("isin", "en", 300) {
        assert!(isin.len() == 12 && is_luhn(&as_number(&isin)), "{isin}");
    }
    for npi in sample("npi", "en", 300) {
        assert!(npi.len() == 10 && ['1', '2'].contains(&npi.chars().next().unwrap()), "{npi}");
        assert!(is_luhn(&format!("80840{npi}")), "{npi}");
    }
    let value = |letter: char| letter.to_digit(36).expect("a digit or a letter");
    for cusip in sample("cusip", "en", 300) {
        let doubled = |(at, letter): (usize, char)| value(letter) * (1 + at as u32 % 2);
        let sum: u32 = cusip.chars().enumerate().map(doubled).map(|value| value / 10 + value % 10).sum();
        assert!(cusip.len() == 9 && sum.is_multiple_of(10), "{cusip}");
    }
    for sedol in sample("sedol", "en", 300) {
        let sum: u32 = sedol.chars().map(value).zip([1, 3, 1, 7, 3, 9, 1]).map(|(v, w)| v * w).sum();
        assert!(
            sedol.len() == 7 && sum.is_multiple_of(10) && !sedol.contains(['A', 'E', 'I', 'O', 'U']),
            "{sedol}"
        );
    }
}

#[test]
fn bank_identifiers_have_their_form() {
    for locale in LOCALES {
        for bic in sample("bic", locale.name, 100) {
            assert!(matches!(bic.len(), 8 | 11), "{bic}");
            assert!(bic[..6].bytes().all(|letter| letter.is_ascii_uppercase()), "{bic}");
            assert_eq!(&bic[4..6], locale.country_code, "{bic}");
        }
    }
}

#[test]
fn numbers_of_people_validate() {
    for ssn in sample("ssn", "en", 300) {
        let parts: Vec<&str> = ssn.split('-').collect();
        assert!(ssn.starts_with('9') && parts[1] < "50" && parts[1] != "00" && parts[2] != "0000", "{ssn}");
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [3, 2, 4]);
    }
    for id in sample("national_id", "de", 300) {
        // ISO 7064, mod 11, 10: with the check digit the remainder is 1.
        let product = digits(&id)[..10].iter().fold(10, |product, digit| {
            let sum = (product + digit) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        assert_eq!((product + digits(&id)[10]) % 10, 1, "{id}");
    }
    for nir in sample("national_id", "fr", 300) {
        let (number, key) = nir.split_at(13);
        assert_eq!(97 - remainder(number, 97), key.parse::<u64>().unwrap(), "{nir}");
        let (month, place) = (&number[3..5], &number[5..7]);
        assert!(("01"..="12").contains(&month) && ("01"..="96").contains(&place) && place != "20", "{nir}");
    }
    for dni in sample("national_id", "es", 300) {
        let letter = b"TRWAGMYFPDXBNJZSQVHLCKE"[(dni[..8].parse::<u64>().unwrap() % 23) as usize];
        assert_eq!(dni.as_bytes()[8], letter, "{dni}");
    }
    for cpf in sample("national_id", "pt", 300) {
        let digits = digits(&cpf.replace(['.', '-'], ""));
        for check in [9, 10] {
            let sum: u32 = digits[..check].iter().rev().zip(2..).map(|(digit, weight)| digit * weight).sum();
            assert_eq!(sum * 10 % 11 % 10, digits[check], "{cpf}");
        }
    }
    for code in sample("national_id", "it", 300) {
        let form = "LLLLLLDDLDDLDDDL";
        let fits = |(letter, kind): (char, char)| {
            if kind == 'L' { letter.is_ascii_uppercase() } else { letter.is_ascii_digit() }
        };
        assert!(code.len() == 16 && code.chars().zip(form.chars()).all(fits), "{code}");
    }
    for nino in sample("national_id", "gb", 300) {
        assert!(
            nino.starts_with("ZZ") && nino.len() == 9 && ('A'..='D').contains(&nino.chars().last().unwrap())
        );
    }
}

#[test]
fn tokens_are_three_parts_of_base64() {
    for jwt in sample("jwt", "en", 50) {
        let parts: Vec<&str> = jwt.split('.').collect();
        assert_eq!(parts[0], "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "what every such token begins with");
        assert!(parts.len() == 3 && parts[2].len() == 43 && !jwt.contains(['+', '/', '=']), "{jwt}");
        assert!(parts[1].starts_with("eyJzdWIiOi"), "{{\"sub\":");
    }
}
