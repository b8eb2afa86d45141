//! Scripts as single statements, which can be run and marked one by one.

/// The statements of a script of ours, without their semicolons. What stands in quotes, quoted names or dollar quotes is not
/// looked into.
pub(super) fn split(script: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut at) = (0, 0);
    let bytes = script.as_bytes();
    while at < bytes.len() {
        at = match bytes[at] {
            quote @ (b'\'' | b'"') => after(script, at + 1, &(quote as char).to_string()),
            b'$' if script[at..].starts_with("$$") => after(script, at + 2, "$$"),
            b';' => {
                statements.push(script[start..at].trim());
                start = at + 1;
                start
            }
            _ => at + 1,
        };
    }
    statements.push(script[start..].trim());
    statements.retain(|statement| !statement.is_empty());
    statements
}

/// The place behind the next `end`. A doubled quote ends one text and begins another, which comes to the same.
fn after(script: &str, from: usize, end: &str) -> usize {
    script[from..].find(end).map_or(script.len(), |at| from + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_quotes_end_nothing() {
        let script =
            "SET a = 'x;''y;';\n\nDO $$ BEGIN\n 1; 2;\nEND $$;\n\nCREATE TABLE \"it's;\" (a text);\n\n";
        assert_eq!(
            split(script),
            ["SET a = 'x;''y;'", "DO $$ BEGIN\n 1; 2;\nEND $$", "CREATE TABLE \"it's;\" (a text)"]
        );
        assert!(split(" \n").is_empty());
    }
}
