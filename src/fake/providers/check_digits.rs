//! Check digits that several kinds of number share.

use crate::fake::source::push_padded;

/// Luhn's check digit (ISO/IEC 7812-1) for digits that stand to its left.
pub(super) fn luhn_digit(digits: impl DoubleEndedIterator<Item = u32>) -> u8 {
    let doubled = |(at, digit): (usize, u32)| {
        let digit = digit * if at % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    };
    let sum: u32 = digits.rev().enumerate().map(doubled).sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

/// Appends the digits of a number and Luhn's check digit.
pub(super) fn push_with_luhn_digit(out: &mut Vec<u8>, number: u64) {
    let start = out.len();
    push_padded(out, number, 1);
    let check = luhn_digit(values(&out[start..]));
    out.push(check);
}

/// What digits and letters count for: 0 to 9, A to Z as 10 to 35.
pub(super) fn values(text: &[u8]) -> impl DoubleEndedIterator<Item = u32> {
    text.iter().map(|letter| match letter {
        b'0'..=b'9' => (letter - b'0') as u32,
        letter => (letter - b'A') as u32 + 10,
    })
}

/// The remainder by 97 of digits and letters, letters as two digits (ISO 7064, mod 97-10).
pub(super) fn remainder_97<'t>(text: impl Iterator<Item = &'t u8>) -> u64 {
    text.fold(0, |rest, character| match character {
        b'0'..=b'9' => (rest * 10 + (character - b'0') as u64) % 97,
        letter => (rest * 100 + (letter - b'A') as u64 + 10) % 97,
    })
}

/// The digits from `first` to the left end weigh less and less, down to 2: the sum's complement to 11, with X for 10.
pub(super) fn complement_11(digits: impl Iterator<Item = u32>, first: u32) -> u8 {
    let sum: u32 = digits.zip((2..=first).rev()).map(|(digit, weight)| digit * weight).sum();
    match (11 - sum % 11) % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    }
}

/// Whether a number ends in Luhn's check digit.
#[cfg(test)]
pub(super) fn is_luhn(digits: &str) -> bool {
    let (front, check) = digits.as_bytes().split_at(digits.len() - 1);
    luhn_digit(values(front)) == check[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_standards() {
        assert!(is_luhn("79927398713") && !is_luhn("79927398710"));
        // ISBN 0-306-40615-2 and ISSN 0378-5955, 2434-561X.
        assert_eq!(complement_11(values(b"030640615"), 10), b'2');
        assert_eq!(complement_11(values(b"0378595"), 8), b'5');
        assert_eq!(complement_11(values(b"2434561"), 8), b'X');
        assert_eq!(remainder_97(b"3214282912345698765432161182".iter()), 1);
    }
}
