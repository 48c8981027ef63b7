//! How long things are kept.

use super::source::Source;

/// Ten years: nobody means more days than that.
const MOST: i64 = 3650;

/// Days that things are kept. What belongs to the company's business is kept for ever (none) unless
/// the settings say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The text of a mail, after it was sent.
    pub mails: i64,
    /// That a form was sent.
    pub submissions: i64,
    /// Which articles somebody opened while they wrote, and their subject, if nothing was filed.
    pub deflections: i64,
    /// Who somebody said they were, if they never proved it and filed nothing.
    pub people: i64,
    /// From which device and network somebody signed in or was refused.
    pub sign_ins: i64,
    /// The files of a request, after it was closed.
    pub closed_files: Option<i64>,
    /// Subject and texts of a request, after it was closed.
    pub closed_texts: Option<i64>,
    /// Somebody who has neither signed in nor had a request, open or closed, since.
    pub idle_people: Option<i64>,
}

impl Retention {
    pub(super) fn read(s: &mut Source) -> Self {
        let mut days = |key, default| s.number(key, 1..=MOST, default);
        let (mails, submissions, deflections, people, sign_ins) = (
            days("keep_mails_days", 30),
            days("keep_submissions_days", 2),
            days("keep_deflections_days", 90),
            days("keep_unproven_days", 30),
            days("keep_sign_ins_days", 365),
        );
        let mut optional = |key| match s.number(key, 0..=MOST, 0) {
            0 => None,
            days => Some(days),
        };
        Self {
            mails,
            submissions,
            deflections,
            people,
            sign_ins,
            closed_files: optional("keep_closed_files_days"),
            closed_texts: optional("keep_closed_texts_days"),
            idle_people: optional("keep_idle_people_days"),
        }
    }
}
