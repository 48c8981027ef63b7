//! The public holidays of France, computed (Code du travail, articles L3133-1 and L3134-13).

use chrono::{Datelike, NaiveDate};

crate::text_enum! {
    /// Whose public holidays a calendar keeps.
    PublicHolidays {
        /// Nobody's.
        None = "none",
        /// Those of France.
        France = "france",
        /// Those of France, and the two of Alsace and Moselle.
        AlsaceMoselle = "alsace_moselle",
    }
}

crate::text_enum! {
    /// A public holiday. Its name is a text, `holiday-` and this word.
    PublicHoliday {
        /// 1 January.
        NewYear = "new-year",
        /// The Friday before Easter, in Alsace and Moselle.
        GoodFriday = "good-friday",
        /// The day after Easter.
        EasterMonday = "easter-monday",
        /// 1 May.
        Labour = "labour",
        /// 8 May.
        Victory = "victory",
        /// 39 days after Easter.
        Ascension = "ascension",
        /// 50 days after Easter.
        WhitMonday = "whit-monday",
        /// 14 July.
        National = "national",
        /// 15 August.
        Assumption = "assumption",
        /// 1 November.
        AllSaints = "all-saints",
        /// 11 November.
        Armistice = "armistice",
        /// 25 December.
        Christmas = "christmas",
        /// 26 December, in Alsace and Moselle.
        SaintStephen = "saint-stephen",
    }
}

impl PublicHolidays {
    /// The public holiday on a day.
    #[must_use]
    pub fn on(self, date: NaiveDate) -> Option<PublicHoliday> {
        let east = self == Self::AlsaceMoselle;
        if self == Self::None {
            return None;
        }
        let fixed = match (date.month(), date.day()) {
            (1, 1) => Some(PublicHoliday::NewYear),
            (5, 1) => Some(PublicHoliday::Labour),
            (5, 8) => Some(PublicHoliday::Victory),
            (7, 14) => Some(PublicHoliday::National),
            (8, 15) => Some(PublicHoliday::Assumption),
            (11, 1) => Some(PublicHoliday::AllSaints),
            (11, 11) => Some(PublicHoliday::Armistice),
            (12, 25) => Some(PublicHoliday::Christmas),
            (12, 26) if east => Some(PublicHoliday::SaintStephen),
            _ => None,
        };
        // Those that move fall between 20 March and 14 June.
        if fixed.is_some() || !(3..=6).contains(&date.month()) {
            return fixed;
        }
        match (date - easter(date.year())?).num_days() {
            -2 if east => Some(PublicHoliday::GoodFriday),
            1 => Some(PublicHoliday::EasterMonday),
            39 => Some(PublicHoliday::Ascension),
            50 => Some(PublicHoliday::WhitMonday),
            _ => None,
        }
    }
}

/// Easter Sunday of a year in the Gregorian calendar: the anonymous algorithm of 1876, as Meeus prints
/// it in "Astronomical Algorithms".
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let (century, within) = (year / 100, year % 100);
    let moon_drift = (century - (century + 8) / 25 + 1) / 3;
    // Days from 21 March to the full moon of the Church.
    let moon = (19 * golden + century - century / 4 - moon_drift + 15) % 30;
    // And from there to the Sunday after it.
    let sunday = (32 + 2 * (century % 4) + 2 * (within / 4) - moon - within % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let from = moon + sunday - 7 * late + 114;
    let month = u32::try_from(from / 31).ok()?;
    let day = u32::try_from(from % 31 + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn easter_falls_where_the_almanacs_say() {
        for text in [
            "1818-03-22",
            "1943-04-25",
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2038-04-25",
            "2285-03-22",
        ] {
            let easter_day = day(text);
            assert_eq!(easter(easter_day.year()), Some(easter_day));
        }
    }

    /// The algorithm of Oudin (1940), as the Explanatory Supplement to the Astronomical Almanac prints
    /// it: another way to the same Sundays.
    fn oudin(year: i32) -> Option<NaiveDate> {
        let golden = year % 19;
        let century = year / 100;
        let epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
        let moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
        let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
        // Days from 28 March, before or after.
        let from = moon - weekday;
        let base = NaiveDate::from_ymd_opt(year, 3, 28)?;
        let days = Days::new(u64::from(from.unsigned_abs()));
        if from < 0 {
            base.checked_sub_days(days)
        } else {
            base.checked_add_days(days)
        }
    }

    #[test]
    fn two_ways_lead_to_the_same_easter() {
        for year in 1583..=4099 {
            let sunday = easter(year).expect("a day");
            assert_eq!(Some(sunday), oudin(year), "{year}");
            assert_eq!(sunday.weekday(), chrono::Weekday::Sun, "{year}");
        }
    }

    #[test]
    fn a_year_of_holidays() {
        let named = |which: PublicHolidays, year: i32| {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
            let days = first.iter_days().take_while(move |day| day.year() == year);
            let found = days.filter_map(move |day| Some((day.to_string(), which.on(day)?)));
            found
                .map(|(day, holiday)| format!("{} {holiday}", &day[5..]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            named(PublicHolidays::AlsaceMoselle, 2026),
            [
                "01-01 new-year",
                "04-03 good-friday",
                "04-06 easter-monday",
                "05-01 labour",
                "05-08 victory",
                "05-14 ascension",
                "05-25 whit-monday",
                "07-14 national",
                "08-15 assumption",
                "11-01 all-saints",
                "11-11 armistice",
                "12-25 christmas",
                "12-26 saint-stephen",
            ]
        );
        assert_eq!(named(PublicHolidays::France, 2027).len(), 11);
        assert!(named(PublicHolidays::None, 2026).is_empty());
        // In 2008 Ascension Day was the first of May: one day, one name.
        assert_eq!(named(PublicHolidays::France, 2008).len(), 10);
    }
}
