//! The specs that come with the program: files in `specs/`, in the public language.

/// A built-in spec.
#[derive(Debug)]
pub struct Builtin {
    /// What `--spec` calls it.
    pub name: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// The YAML.
    pub text: &'static str,
}

/// All of them; one line and one file in `specs/` each.
pub static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ecommerce",
        summary: "a shop: customers, addresses, products, orders, payments, shipments, reviews",
        text: include_str!("../../specs/ecommerce.yaml"),
    },
    Builtin {
        name: "tpch",
        summary: "the TPC-H benchmark: parts, suppliers, customers, orders and their lines",
        text: include_str!("../../specs/tpch.yaml"),
    },
];

/// The built-in spec of that name.
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}
