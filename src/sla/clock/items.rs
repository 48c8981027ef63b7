//! The itemised statement: every stretch of time from the start of a clock, counted or not.

use chrono::{Datelike, Duration, Weekday};

use super::{State, Statement, Story, running, running_within};
use crate::platform::db::Timestamp;
use crate::sla::calendar::{Calendar, DayKind, PublicHoliday, Span};
use crate::sla::policy::{Policy, Time};
use crate::tickets::Status;

/// Items of one statement, at most: what comes after is one more item, added up.
pub const MAX_ITEMS: usize = 400;

/// Why a stretch of time counts or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It counts.
    Counted,
    /// Nobody works at these hours of the day.
    Night,
    /// Between two stretches of one day.
    Break,
    /// Saturday or Sunday, without hours.
    Weekend,
    /// Another day without hours.
    ClosedDay,
    /// A public holiday.
    Public(PublicHoliday),
    /// A holiday that somebody entered.
    Holiday(String),
    /// A day with hours of its own, outside of them.
    Exception(String),
    /// The ticket stood in a status that stops the clock.
    Paused(Status),
}

/// A line of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// From when to when.
    pub span: Span,
    /// How much of it counted: all or nothing, but for a line that adds several up.
    pub counted: Duration,
    /// Why.
    pub why: Why,
}

impl Statement {
    /// The lines from the start to the due time, or as far as the clock has come when it has ended or
    /// stands still.
    #[must_use]
    pub fn items(
        &self,
        story: &Story,
        policy: &Policy,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Vec<Item> {
        let until = match (self.ended, self.state) {
            (Some(ended), _) => ended,
            (None, State::Running) => self.due.unwrap_or(now),
            (None, _) => now,
        };
        let Some(turn) = story.turn(self.goal, self.turn) else {
            return Vec::new();
        };
        let whole = Span {
            from: self.started,
            to: until,
        };
        let mut lines = Lines::default();
        let mut at = whole.from;
        for stretch in running_within(&running(turn, story, policy), whole) {
            lines.paused(at, stretch.from, story);
            match self.allowance.time {
                Time::Clock => lines.add(stretch, Why::Counted),
                Time::Working => lines.working(stretch, calendar),
            }
            at = stretch.to;
        }
        lines.paused(at, whole.to, story);
        lines.items
    }
}

#[derive(Default)]
struct Lines {
    items: Vec<Item>,
}

impl Lines {
    /// Adds a stretch; one that goes on with the last one for the same reason becomes part of it.
    fn add(&mut self, span: Span, why: Why) {
        if span.from >= span.to {
            return;
        }
        let counted = match why {
            Why::Counted => span.length(),
            _ => Duration::zero(),
        };
        let full = self.items.len() >= MAX_ITEMS;
        match self.items.last_mut() {
            Some(last) if full || (last.why == why && last.span.to == span.from) => {
                last.span.to = span.to;
                last.counted += counted;
            }
            _ => self.items.push(Item { span, counted, why }),
        }
    }

    /// A pause, by the statuses in which the ticket stood meanwhile.
    fn paused(&mut self, from: Timestamp, to: Timestamp, story: &Story) {
        let mut at = from;
        while at < to {
            let status = story.status_at(at);
            let next = story.statuses().iter().find(|(since, _)| *since > at);
            let until = next.map_or(to, |(since, _)| (*since).min(to));
            self.add(
                Span {
                    from: at,
                    to: until,
                },
                Why::Paused(status),
            );
            at = until;
        }
    }

    /// A stretch in which a clock runs that counts working time: what is open counts, and the gaps
    /// between have their reasons.
    fn working(&mut self, stretch: Span, calendar: &Calendar) {
        let mut at = stretch.from;
        for open in calendar.open_from(stretch.from) {
            let Some(open) = open.meet(stretch) else {
                break;
            };
            self.closed(
                Span {
                    from: at,
                    to: open.from,
                },
                calendar,
            );
            self.add(open, Why::Counted);
            at = open.to;
        }
        self.closed(
            Span {
                from: at,
                to: stretch.to,
            },
            calendar,
        );
    }

    /// A stretch in which nothing is open, day by day.
    fn closed(&mut self, gap: Span, calendar: &Calendar) {
        let mut at = gap.from;
        while at < gap.to {
            let date = calendar.date_at(at);
            let Some(next) = date.succ_opt() else { break };
            let until = calendar.midnight(next).min(gap.to).max(at);
            // A day on the wall that never ends would be a defect of the time zone's data.
            let until = if until == at { gap.to } else { until };
            let day = calendar.day(date);
            let why = match day.kind {
                DayKind::Public(holiday) => Why::Public(holiday),
                DayKind::Entered(name) => Why::Holiday(name.to_owned()),
                DayKind::Exception(reason) => Why::Exception(reason.to_owned()),
                DayKind::Ordinary if day.hours.is_empty() => match date.weekday() {
                    Weekday::Sat | Weekday::Sun => Why::Weekend,
                    _ => Why::ClosedDay,
                },
                DayKind::Ordinary => outside(calendar, date, at),
            };
            self.add(
                Span {
                    from: at,
                    to: until,
                },
                why,
            );
            at = until;
        }
    }
}

/// Outside the hours of a day that has some: between two of its stretches, or the night.
fn outside(calendar: &Calendar, date: chrono::NaiveDate, at: Timestamp) -> Why {
    let spans = calendar.spans_of(date);
    let before = spans.iter().any(|span| span.to <= at);
    let after = spans.iter().any(|span| span.from > at);
    if before && after {
        Why::Break
    } else {
        Why::Night
    }
}
