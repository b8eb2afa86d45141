//! Where a row's parents come from, in a line for people: `datagen plan` and `datagen cell` show it.

use super::draft::{Entity, GroupPath, LinkDraft, LinkKind, TableDraft};
use crate::spec::{Call, PerSpec, RowsSpec};

impl TableDraft<'_> {
    /// How a link finds its parents: `made per parent, 1 to 7`, `spread by zipf, null for 40%`.
    pub fn link_origin(&self, link: &LinkDraft) -> String {
        let way = match &link.kind {
            LinkKind::Per => match &self.spec.rows {
                Some(RowsSpec::Per(per)) => counts(per),
                _ => "made per parent".to_owned(),
            },
            LinkKind::Sample => "one row for some of them".to_owned(),
            LinkKind::Factor => "in all combinations".to_owned(),
            LinkKind::ValidAt { entity } => match entity {
                Entity::Drawn => "the version valid at a moment".to_owned(),
                Entity::Distinct { group } => {
                    let alias = &self.links[*group].aliases[0];
                    format!("the version valid at a moment, of different ones for each `{alias}`")
                }
                Entity::Factor => "the version valid at a moment, in all combinations".to_owned(),
            },
            LinkKind::Listed => "as written down".to_owned(),
            LinkKind::FanOut => match link.distribution {
                Some(call) => format!("spread by {}", call.name.value),
                None => "spread at random".to_owned(),
            },
            LinkKind::Thread { group } => {
                format!("an earlier row of the same `{}`", self.links[*group].aliases[0])
            }
            LinkKind::OneOf { .. } => "for rows of one kind".to_owned(),
            LinkKind::Distinct { group } => {
                format!("different ones for each `{}`", self.links[*group].aliases[0])
            }
            LinkKind::OneToOne => "each parent at most once".to_owned(),
            LinkKind::Earlier => "an earlier row of the same table".to_owned(),
            LinkKind::Through { first, .. } => format!("through `{}`", self.links[*first].aliases[0]),
            LinkKind::Within { group: Some(group), .. } => {
                format!("of the same `{}`", self.links[*group].aliases[0])
            }
            LinkKind::Within { group: None, .. } => "among rows that refer back".to_owned(),
            LinkKind::Among { groups, distinct } => {
                let group = |of: &GroupPath| match of.group {
                    Some(group) => format!("of the same `{}`", self.links[group].aliases[0]),
                    None => "among rows that refer back".to_owned(),
                };
                let mut ways: Vec<String> = groups.iter().map(group).collect();
                let family = distinct.map(|link| &self.links[link].aliases[0]);
                ways.extend(family.map(|alias| format!("different ones for each `{alias}`")));
                ways.join(", ")
            }
            LinkKind::Key => "by the column's value".to_owned(),
        };
        match link.null {
            Some(share) if share > 0.0 => format!("{way}, null for {}", percent(share)),
            _ => way,
        }
    }
}

/// `made per parent, 0 to 40, mean 3, zipf`.
fn counts(per: &PerSpec) -> String {
    let mut text = match (per.min.as_ref().map(|min| min.value), per.max.as_ref().map(|max| max.value)) {
        (None, None) => "made per parent".to_owned(),
        (Some(min), Some(max)) if min == max => format!("made per parent, {min} each"),
        (Some(min), Some(max)) => format!("made per parent, {min} to {max}"),
        (Some(min), None) => format!("made per parent, at least {min}"),
        (None, Some(max)) => format!("made per parent, at most {max}"),
    };
    if let Some(mean) = &per.mean {
        text += &format!(", mean {}", mean.value);
    }
    let shape = per.distribution.as_ref().map(|Call { name, .. }| format!(", {}", name.value));
    text + &shape.unwrap_or_default()
}

/// A share as people write it, without digits that a product of decimals leaves behind.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", libm::round(share * 100.0 * 1e6) / 1e6)
}
