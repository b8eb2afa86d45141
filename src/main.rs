//! The `datagen` command; everything is in the library.

fn main() {}
