//! The functions of PostgreSQL's that other databases have, too.

/// A function, whichever of its names is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    Length,
    Lower,
    Upper,
    Coalesce,
    NullIf,
    Abs,
    Now,
    Today,
    RandomUuid,
}

impl Builtin {
    /// The one that PostgreSQL knows by that name, in lower case.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name {
            "length" | "char_length" | "character_length" => Self::Length,
            "lower" => Self::Lower,
            "upper" => Self::Upper,
            "coalesce" => Self::Coalesce,
            "nullif" => Self::NullIf,
            "abs" => Self::Abs,
            "now" | "current_timestamp" | "transaction_timestamp" | "localtimestamp" => Self::Now,
            "current_date" => Self::Today,
            "gen_random_uuid" | "uuid_generate_v4" => Self::RandomUuid,
            _ => return None,
        })
    }

    /// What most databases call it; of one without arguments the whole call.
    pub fn usual(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Coalesce => "coalesce",
            Self::NullIf => "nullif",
            Self::Abs => "abs",
            Self::Now => "CURRENT_TIMESTAMP",
            Self::Today => "CURRENT_DATE",
            Self::RandomUuid => "gen_random_uuid()",
        }
    }

    /// Whether it takes nothing and gives something else each time.
    pub fn varies(self) -> bool {
        matches!(self, Self::Now | Self::Today | Self::RandomUuid)
    }

    /// Whether it is about a text.
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Length | Self::Lower | Self::Upper)
    }
}
