//! The specs that come with the program: files in `specs/`, in the public language.

use crate::diagnostic::closest;

/// A built-in spec.
#[derive(Debug)]
pub struct Builtin {
    /// What `--spec` calls it.
    pub name: &'static str,
    /// What people call it too. Upper case, hyphens and blanks need no names of their own.
    pub aliases: &'static [&'static str],
    /// One line for lists.
    pub summary: &'static str,
    /// The YAML.
    pub text: &'static str,
}

/// All of them; one row and one file in `specs/` each.
pub static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "ecommerce",
        aliases: &["ecom", "commerce", "shop", "store"],
        summary: "a shop: customers, addresses, products, orders, payments, shipments, reviews",
        text: include_str!("../../specs/ecommerce.yaml"),
    },
    Builtin {
        name: "events",
        aliases: &["telemetry", "web", "clicks", "analytics"],
        summary: "web telemetry: devices, sessions, page views, interactions, errors, server metrics",
        text: include_str!("../../specs/events.yaml"),
    },
    Builtin {
        name: "financial",
        aliases: &["fin", "finance", "bank", "stocks"],
        summary: "a stock market and a bank: prices, dividends; accounts, cards, a double-entry ledger, loans",
        text: include_str!("../../specs/financial.yaml"),
    },
    Builtin {
        name: "medical",
        aliases: &["med", "medicine", "clinic", "hospital"],
        summary: "medical centres: patients, appointments, diagnoses, prescriptions, laboratory, claims",
        text: include_str!("../../specs/medical.yaml"),
    },
    Builtin {
        name: "saas",
        aliases: &["software", "subscriptions", "tenants"],
        summary: "software as a service: tenants, users, roles, subscriptions, invoices, metered usage",
        text: include_str!("../../specs/saas.yaml"),
    },
    Builtin {
        name: "tpcds",
        aliases: &["ds", "eds", "dsdgen"],
        summary: "the TPC-DS benchmark: sales and returns of three channels, stock, and 17 dimensions",
        text: include_str!("../../specs/tpcds.yaml"),
    },
    Builtin {
        name: "tpch",
        aliases: &["h", "dbgen"],
        summary: "the TPC-H benchmark: parts, suppliers, customers, orders and their lines",
        text: include_str!("../../specs/tpch.yaml"),
    },
];

/// The built-in spec of exactly that name.
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

impl Builtin {
    /// Its name, then its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The one that is called so, by name or alias: `TPC-H` is `tpch`. Nothing is guessed.
    pub fn called(name: &str) -> Option<&'static Builtin> {
        let asked = letters(name);
        BUILTINS.iter().find(|builtin| builtin.names().any(|known| letters(known) == asked))
    }

    /// Those that a person may mean who typed this: the one called so, else all whose names begin so, else the nearest
    /// one if few letters differ.
    pub fn meant(typed: &str) -> Vec<&'static Builtin> {
        if let Some(builtin) = Self::called(typed) {
            return vec![builtin];
        }
        let asked = letters(typed);
        let begins = |builtin: &&Builtin| builtin.names().any(|name| letters(name).starts_with(&asked));
        let begun: Vec<&Builtin> = BUILTINS.iter().filter(begins).collect();
        if asked.is_empty() || !begun.is_empty() {
            // Nothing typed begins every name, and means none.
            return if asked.is_empty() { vec![] } else { begun };
        }
        let names = BUILTINS.iter().flat_map(Builtin::names);
        closest(&asked, names).and_then(Self::called).into_iter().collect()
    }
}

/// What of a name counts: its letters and digits in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(typed: &str) -> Vec<&'static str> {
        Builtin::meant(typed).iter().map(|builtin| builtin.name).collect()
    }

    #[test]
    fn no_name_stands_for_two_specs() {
        let mut names: Vec<String> = BUILTINS.iter().flat_map(Builtin::names).map(letters).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn upper_case_and_hyphens_do_not_matter() {
        for name in ["tpch", "TPC-H", "tpc_h", "Tpc H"] {
            assert_eq!(Builtin::called(name).map(|builtin| builtin.name), Some("tpch"), "{name}");
        }
        assert!(Builtin::called("tpc").is_none());
        assert!(Builtin::called("").is_none());
    }

    #[test]
    fn short_forms_and_misspellings_are_understood() {
        assert_eq!(meant("ecom"), ["ecommerce"]);
        assert_eq!(meant("e-comm"), ["ecommerce"]);
        assert_eq!(meant("ecomerce"), ["ecommerce"]);
        assert_eq!(meant("comerce"), ["ecommerce"]);
        assert_eq!(meant("tcph"), ["tpch"]);
        assert!(meant("zzzz").is_empty());
        assert!(meant("-").is_empty());
    }
}
