//! Letters as they are written where only `a` to `z` are: mail addresses, host names, user names.

/// The text in small ASCII letters and digits; all else is dropped. `Müller` becomes `mueller`, `D'Angelo` `dangelo`.
pub(super) fn host_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            'ä' => out.push_str("ae"),
            'ö' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'à' | 'á' | 'â' | 'ã' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => out.push('o'),
            'ù' | 'ú' | 'û' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ascii() {
        assert_eq!(host_name("Müller"), "mueller");
        assert_eq!(host_name("D'Angelo"), "dangelo");
        assert_eq!(host_name("João Conceição"), "joaoconceicao");
        assert_eq!(host_name("Anne-Sophie"), "annesophie");
        assert_eq!(host_name("Núñez"), "nunez");
    }
}
