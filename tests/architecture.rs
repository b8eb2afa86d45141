//! The order of the modules in `src/lib.rs` is the order of dependence: each uses only those above it.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn a_module_uses_only_modules_above_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let order = modules(&fs::read_to_string(source.join("lib.rs")).expect("src/lib.rs"));
    assert_eq!(order.first().map(String::as_str), Some("diagnostic"));
    let mut wrong = Vec::new();
    for (place, module) in order.iter().enumerate() {
        for file in files(&source, module) {
            let text = fs::read_to_string(&file).expect("a source file");
            for used in uses(&text) {
                match order.iter().position(|other| *other == used) {
                    Some(other) if other > place => wrong.push(format!("{}: uses {used}", file.display())),
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "modules use others below them in src/lib.rs:\n{}", wrong.join("\n"));
}

#[test]
fn uses_are_found_in_all_their_forms() {
    let text = "use crate::plan::{Plan, Table};\nuse crate::{value, random::Key};\n//! [`crate::cli`]\nlet x = crate::spec::f();";
    assert_eq!(uses(text), ["plan", "value", "random", "spec"]);
    assert_eq!(uses("use crate::{\n    sink::{File, Stdout},\n    fake,\n};"), ["sink", "fake"]);
}

/// The names after `pub mod`, in order.
fn modules(lib: &str) -> Vec<String> {
    lib.lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_string)
        .collect()
}

/// The module's files: `module.rs`, or all of `module/`.
fn files(source: &Path, module: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![source.join(module)];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => waiting.push(path),
                path => found.push(path),
            }
        }
    }
    found.extend(Some(source.join(format!("{module}.rs"))).filter(|path| path.is_file()));
    assert!(!found.is_empty(), "module {module} has files");
    found.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    found
}

/// The modules named after `crate::`, outside of comments (documentation may point anywhere).
fn uses(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => found.extend(group_members(group)),
            None => found.push(identifier(after)),
        }
    }
    found
}

/// First names of the members of `{a, b::c, d::{e, f}}`, given what follows the opening brace.
fn group_members(group: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let mut depth = 0;
    for character in group.chars() {
        match character {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(String::new()),
            _ => members.last_mut().expect("never empty").push(character),
        }
    }
    members.iter().map(|member| identifier(member.trim())).filter(|name| !name.is_empty()).collect()
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
