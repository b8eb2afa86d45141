//! The `datagen` command; everything is in the library.

fn main() -> std::process::ExitCode {
    datagen::cli::main()
}
