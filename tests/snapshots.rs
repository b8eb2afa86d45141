//! What every shipped spec looks like in every text format, kept in `snapshots/`: a change there is a change of the
//! data that users get for the same seed, and belongs into the CHANGELOG.

mod support;

use support::{Shipped, files, shipped, stdout};

/// Tables are cut to this many rows in the line-based formats, so that a snapshot can be read.
const SHOWN_LINES: usize = 12;

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// A scale at which the e-commerce set is a few dozen customers.
fn scale(spec: &Shipped) -> &'static str {
    if spec.path.starts_with("specs/") { "0.0004" } else { "1" }
}

#[test]
fn scripts_are_as_they_were() {
    for spec in shipped() {
        for format in ["insert", "copy"] {
            let arguments = ["generate", &spec.path, "--quiet", "--format", format, "--scale", scale(&spec)];
            let script = String::from_utf8(stdout(&arguments)).expect("scripts are UTF-8");
            settings()
                .bind(|| insta::assert_snapshot!(format!("{}.{format}", spec.name), shortened(&script)));
        }
    }
}

#[test]
fn files_are_as_they_were() {
    for spec in shipped() {
        for format in ["csv", "jsonl"] {
            let mut shown = String::new();
            for (file, text) in files(&[&spec.path, "--format", format, "--scale", scale(&spec)]) {
                let text = String::from_utf8(text).expect("text formats are UTF-8");
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                shown += &format!("=== {file}: {} lines\n", lines.len());
                shown.extend(lines.into_iter().take(SHOWN_LINES));
            }
            settings().bind(|| insta::assert_snapshot!(format!("{}.{format}", spec.name), shown));
        }
    }
}

/// The script with the middle of long runs of data left out: lines that begin as data lines do.
fn shortened(script: &str) -> String {
    let mut shown = String::new();
    let mut run = 0;
    for line in script.split_inclusive('\n') {
        let is_data = line.starts_with('(') || line.starts_with("  (") || line.contains('\t');
        run = if is_data { run + 1 } else { 0 };
        match run.cmp(&(SHOWN_LINES + 1)) {
            std::cmp::Ordering::Less => shown.push_str(line),
            std::cmp::Ordering::Equal => shown.push_str("... more rows ...\n"),
            std::cmp::Ordering::Greater => {}
        }
    }
    shown
}
