//! The calendars that come with the program, in the public language.

use super::calendar;
use super::{CalendarSpec, Node};
use crate::diagnostic::Sources;

/// A built-in calendar.
#[derive(Debug)]
pub struct BuiltinCalendar {
    /// What `calendar` calls it.
    pub name: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// What could be written in the spec instead.
    pub text: &'static str,
}

/// All of them. Their weights are plausible, not measured.
pub static BUILTIN_CALENDARS: &[BuiltinCalendar] = &[
    BuiltinCalendar {
        name: "office",
        summary: "working hours from Monday to Friday, less around noon",
        text: "{business_hours: \"08:00-18:00\", hours: {8: 0.6, 12: 0.6, 17: 0.5}}",
    },
    BuiltinCalendar {
        name: "retail",
        summary: "a shop's opening hours, full on Saturdays and before Christmas",
        text: "{business_hours: {mon-fri: \"09:00-20:00\", sat: \"09:00-18:00\"}, hours: {9: 0.6, 16-18: 1.5}, \
               weekdays: {fri: 1.2, sat: 1.8}, months: {nov: 1.2, dec: 1.6}, dates: {12-25: 0, 12-26: 0, 01-01: 0}}",
    },
    BuiltinCalendar {
        name: "web",
        summary: "visits around the clock: few at night, most in the evening",
        text: "{hours: {0: 0.5, 1-5: 0.15, 6: 0.4, 7-8: 0.8, 9-17: 1.2, 18-21: 2, 22: 1.4, 23: 0.9}, \
               weekdays: {sat: 1.15, sun: 1.2}}",
    },
];

/// The built-in calendar of that name.
pub fn builtin_calendar(name: &str) -> Option<CalendarSpec> {
    let found = BUILTIN_CALENDARS.iter().find(|of| of.name == name)?;
    let mut sources = Sources::new();
    let source = sources.add(found.name, found.text);
    let mut problems = Vec::new();
    let node = Node::parse(&sources, source).expect("built-in calendars are valid");
    let spec = calendar::calendar(&node, found.name.to_owned(), &mut problems);
    assert!(problems.is_empty(), "built-in calendars are valid: {problems:?}");
    spec
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_calendars_can_be_read() {
        for of in BUILTIN_CALENDARS {
            assert!(builtin_calendar(of.name).is_some_and(|spec| spec.hours.is_some()), "{}", of.name);
        }
        assert_eq!(builtin_calendar("none"), None);
    }
}
