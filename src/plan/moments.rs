//! Values by a calendar, or in order.

use super::combine::grid_step;
use super::draft::{Draft, LinkKind};
use super::generators::Place;
use super::infer;
use super::model::{Aggregation, Input};
use super::ranges::{Asked, RangeBounds, int_bound};
use crate::calendar::{Calendar, Span as Days};
use crate::column::{AscendingGrid, Bound, ByCalendar, Column, InOrder, Order, UniqueGrid};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Aggregate, Expression};
use crate::spec::{Along, At, CalendarSpec, CalendarUse, Call, Generator, MomentsSpec, builtin_calendar};
use crate::value::parse::Scalar;
use crate::value::{Layout, SqlType, civil};
use std::sync::Arc;

type Value = Result<Scalar, Expression>;

impl<'s> Draft<'s> {
    pub(super) fn moments(
        &mut self,
        place: &Place<'s>,
        spec: &MomentsSpec,
        distribution: Option<&Call>,
        reads: &mut Vec<usize>,
    ) -> Option<(Box<dyn Column>, String)> {
        self.check_type_of_moments(place, spec)?;
        let (min, max) = self.bounds_of_moments(place, spec)?;
        let modifiers = &place.modifiers;
        let asked = Asked { min: Some(&min), max: Some(&max), distribution, modifiers, span: spec.span() };
        let bounds = (self.bound(place, &min, reads)?, self.bound(place, &max, reads)?);
        let order = self.order_of_moments(place, spec, &bounds, reads)?;
        let order_words = if order == Order::Any { "" } else { ", ascending" };
        if let Some(used) = &spec.calendar {
            let column = self.by_calendar(place, used, &asked, bounds, order)?;
            let name = match used {
                CalendarUse::Named(name) => format!(" `{}`", name.value),
                CalendarUse::Inline(_) => String::new(),
            };
            let origin = format!("calendar{name} from {} to {}{order_words}", min.value, max.value);
            return Some((Box::new(column), origin));
        }
        let origin = format!("{}{order_words}", asked.describe());
        let bounds = RangeBounds { low: Some(bounds.0), high: Some(bounds.1), span: min.span };
        if let Some(span) = place.unique {
            let grid = self.ascending_grid(place, &asked, &bounds, order, span)?;
            return Some((Box::new(grid), origin));
        }
        let range = self.bounded(place, &asked, bounds)?;
        self.note_finding(place, Err("its values ascend along the rows"));
        Some((Box::new(InOrder { order, key: self.part_key(place, "range"), range }), origin))
    }

    /// Values that ascend and never repeat.
    fn ascending_grid(
        &mut self,
        place: &Place,
        asked: &Asked,
        bounds: &RangeBounds,
        order: Order,
        span: Span,
    ) -> Option<AscendingGrid> {
        let Order::Rows(rows) = order else {
            let message = "values that ascend per parent may repeat from parent to parent";
            self.refuse(span, message, "use `ascending: true`, or leave out `unique`");
            return None;
        };
        let UniqueGrid { first, step, order } = self.unique_range(place, asked, bounds, span)?;
        let key = self.part_key(place, "range");
        Some(AscendingGrid { first, step, cells: order.size(), rows, key })
    }

    fn check_type_of_moments(&mut self, place: &Place, spec: &MomentsSpec) -> Option<()> {
        let of = &place.sql_type;
        let is_moment = matches!(of, SqlType::Date | SqlType::Timestamp | SqlType::Timestamptz);
        let (span, key, wanted) = match (&spec.calendar, &spec.ascending) {
            (Some(used), _) if !is_moment => (used.span(), "calendar", "dates and timestamps"),
            (_, Some(along)) if !matches!(of.layout(), Layout::Int | Layout::Float) => {
                (along.span, "ascending", "dates, times, and numbers of up to 18 digits")
            }
            _ => return Some(()),
        };
        self.refuse(span, format!("`{key}` does not apply to {of}"), format!("it is for {wanted}"));
        None
    }

    /// The bounds given, or where there are none those that the column's name or type implies.
    fn bounds_of_moments(
        &mut self,
        place: &Place<'s>,
        spec: &MomentsSpec,
    ) -> Option<(At<String>, At<String>)> {
        match (&spec.min, &spec.max) {
            (Some(min), Some(max)) => return Some((min.clone(), max.clone())),
            (None, None) if place.sql_type.is_temporal() => {
                let has_column = |name: &str| self.tables[place.table].column_index(name);
                let table = self.tables[place.table].name();
                let span = spec.span();
                let inferred = infer::generator(table, place.column, &place.sql_type, span, &has_column);
                if let Generator::Range { min: Some(min), max: Some(max) } = inferred.generator {
                    return Some((min, max));
                }
            }
            _ => {}
        }
        let missing = if spec.min.is_none() { "min" } else { "max" };
        self.refuse(spec.span(), format!("`{missing}` is missing"), "write both bounds, `min` and `max`");
        None
    }

    fn order_of_moments(
        &mut self,
        place: &Place<'s>,
        spec: &MomentsSpec,
        bounds: &(Value, Value),
        reads: &mut Vec<usize>,
    ) -> Option<Order> {
        let Some(along) = &spec.ascending else { return Some(Order::Any) };
        if place.part.contains("element") {
            self.refuse(along.span, "elements of arrays have no order of rows", "leave out `ascending`");
            return None;
        }
        let computed: Vec<&Expression> =
            [&bounds.0, &bounds.1].into_iter().filter_map(|bound| bound.as_ref().err()).collect();
        if along.value == Along::Rows {
            if let Some(bound) = computed.first() {
                let message =
                    "values cannot ascend along all rows between bounds that differ from row to row";
                let help = "write literals, or `ascending: per parent` with bounds that read the parent";
                self.refuse(bound.span(), message, help);
                return None;
            }
            return Some(Order::Rows(place.rows));
        }
        let Some(link) = self.tables[place.table].per_link() else {
            let message = "`ascending: per parent` needs rows that are made per parent";
            let help = "write `rows: {per: parent, ...}`, or `ascending: true` to ascend along all rows";
            self.refuse(along.span, message, help);
            return None;
        };
        for bound in computed {
            if !self.is_same_for_siblings(place.table, link, bound) {
                let message =
                    "this bound may differ between the rows of one parent, so that they would not ascend";
                self.refuse(bound.span(), message, "let it read only columns of the parent");
                return None;
            }
        }
        let (nth, count) = self.place_among_siblings(place.table, link);
        reads.extend([nth, count]);
        Some(Order::Siblings { nth, count })
    }

    /// Whether an expression reads nothing but the parent that rows are made per.
    pub(super) fn is_same_for_siblings(&self, table: usize, per: usize, expression: &Expression) -> bool {
        let inputs = &self.tables[table].inputs;
        let is_of_parent =
            |input: &usize| matches!(&inputs[*input], Input::Parent { link, .. } if *link == per);
        !expression.draws() && expression.inputs().iter().all(is_of_parent)
    }

    /// The inputs that are a row's number among those made for its parent, and how many those are.
    fn place_among_siblings(&mut self, table: usize, link: usize) -> (usize, usize) {
        let nth = self.nth_input(table, link);
        let parent = self.tables[table].links[link].table;
        let is_count = |input: &Input| matches!(input, Input::Children(of) if (of.table, of.link) == (table, link) && of.aggregate.is_plain_count());
        let count = match self.tables[parent].inputs.iter().position(is_count) {
            Some(known) => known,
            None => {
                let aggregation = Aggregation { table, link, aggregate: Aggregate::row_count() };
                self.add_input(parent, Input::Children(Box::new(aggregation)), SqlType::BigInt)
            }
        };
        (nth, self.parent_input(table, link, count))
    }

    /// The input that is a row's number within the parent that rows are made per, from 1.
    pub(super) fn nth_input(&mut self, table: usize, link: usize) -> usize {
        debug_assert!(self.tables[table].links[link].kind == LinkKind::Per);
        let known = self.tables[table].inputs.iter().position(|input| matches!(input, Input::Nth { .. }));
        known.unwrap_or_else(|| self.add_input(table, Input::Nth { link }, SqlType::BigInt))
    }

    fn by_calendar(
        &mut self,
        place: &Place,
        used: &CalendarUse,
        asked: &Asked,
        bounds: (Value, Value),
        order: Order,
    ) -> Option<ByCalendar> {
        if let Some(call) = asked.distribution {
            let help = "keep one of them";
            self.refuse(call.name.span, "`calendar` and `distribution` both shape the values", help);
            return None;
        }
        let spec = self.calendar_spec(used)?;
        let is_date = place.sql_type == SqlType::Date;
        self.check_hours_of_date(is_date, used, &spec)?;
        let calendar = Arc::new(Calendar::new(&spec, self.as_of.div_euclid(civil::DAY)));
        let step = self.calendar_step(place, asked, used, &calendar)?;
        let (min, max) = (int_bound(Some(bounds.0)), int_bound(Some(bounds.1)));
        let unit = if is_date { 1 } else { civil::DAY };
        let (span, window) = match (&min, &max) {
            (Bound::Fixed(Some(low)), Bound::Fixed(Some(high))) => {
                if low > high {
                    self.refuse_bounds(place, used.span(), *low, *high);
                    return None;
                }
                let span = Days::new(calendar, low.div_euclid(unit), high.div_euclid(unit));
                let span = self.accept(span, None, used.span())?;
                let window = match is_date {
                    true => span.days(*low, *high),
                    false => span.moments(*low, *high, step),
                };
                if window.is_none() {
                    let message = "the calendar has no weight between min and max";
                    self.refuse(used.span(), message, "widen the bounds, or the calendar");
                    return None;
                }
                (span, window)
            }
            _ => (self.accept(Days::for_any_bounds(calendar), None, used.span())?, None),
        };
        let distinct = match place.unique {
            None => None,
            Some(unique) => {
                let room = window.as_ref().filter(|_| !is_date).map_or(0.0, |of| span.capacity(of, step));
                if !matches!(order, Order::Rows(_)) || is_date {
                    let message = "moments drawn by a calendar may repeat";
                    let help = "timestamps with `ascending: true` and fixed bounds can be unique; or leave out `unique`";
                    self.refuse(unique, message, help);
                    return None;
                }
                if room < place.rows as f64 {
                    let message = format!(
                        "where the calendar is busiest, {} rows come too close to be a step apart",
                        place.rows
                    );
                    self.refuse(unique, message, "widen the bounds, use fewer rows, or leave out `unique`");
                    return None;
                }
                Some(place.rows)
            }
        };
        let key = self.part_key(place, "range");
        let sql_type = place.sql_type.clone();
        Some(ByCalendar { span, min, max, window, step, order, distinct, key, sql_type })
    }

    /// The calendar of a name, or the one written in place.
    fn calendar_spec(&mut self, used: &CalendarUse) -> Option<CalendarSpec> {
        let name = match used {
            CalendarUse::Inline(spec) => return Some((*spec.value).clone()),
            CalendarUse::Named(name) => name,
        };
        let own = self.spec.calendars.iter().find(|(known, _)| known.value == name.value);
        if let Some(spec) = own.map(|(_, spec)| spec.clone()).or_else(|| builtin_calendar(&name.value)) {
            return Some(spec);
        }
        let known = self.spec.calendars.iter().map(|(known, _)| known.value.as_str());
        let known = known.chain(crate::spec::BUILTIN_CALENDARS.iter().map(|of| of.name));
        let problem = Diagnostic::new(name.span, format!("unknown calendar `{}`", name.value));
        self.problems.push(
            problem.suggest(&name.value, known).help(
                "describe it under `calendars:`; `datagen list calendars` names those that are built in",
            ),
        );
        None
    }

    /// A date has no hours.
    fn check_hours_of_date(&mut self, is_date: bool, used: &CalendarUse, spec: &CalendarSpec) -> Option<()> {
        let Some(hours) = spec.hours.as_ref().filter(|_| is_date) else { return Some(()) };
        let span = match used {
            CalendarUse::Inline(_) => hours.span,
            // The hours of a shared calendar are for its columns with a time of day.
            CalendarUse::Named(_) if spec.tells_days_apart => return Some(()),
            CalendarUse::Named(name) => name.span,
        };
        self.refuse(span, "`hours` have no effect on a date", "use a timestamp, or weights of days");
        None
    }

    /// The distance of moments by a calendar: seconds, or a part of a day.
    fn calendar_step(
        &mut self,
        place: &Place,
        asked: &Asked,
        used: &CalendarUse,
        calendar: &Calendar,
    ) -> Option<i64> {
        let is_date = place.sql_type == SqlType::Date;
        match self.own_step(place, asked)? {
            None => Some(grid_step(&place.sql_type)),
            Some(step) if !is_date && civil::DAY % step == 0 => {
                self.accept(calendar.check_grid(step), None, used.span()).map(|()| step)
            }
            Some(_) => {
                let message = "with a calendar, `step` is a part of a day";
                let span = asked.modifiers.step.as_ref().map_or(used.span(), |step| step.span);
                self.refuse(span, message, "such as `15 minutes` or `1 hour`; weigh days in the calendar");
                None
            }
        }
    }
}
