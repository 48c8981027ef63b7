//! What surrounds a page, for showing pages with sample values: to a stranger, and to a manager.

use std::collections::BTreeSet;

use tera::Context;

use super::shell::{Rail, RailLink, Shell, ShellLogo, ShellPerson};
use super::templates::{TemplateError, Templates};
use super::view::Sample;
use crate::platform::company::store::Stored;
use crate::platform::company::{Company, Key, Values};
use crate::platform::i18n::Lang;

impl Templates {
    /// A page with its sample values.
    ///
    /// # Errors
    /// When the template and the view disagree.
    pub fn show(
        &self,
        sample: &Sample,
        lang: Lang,
        shell: &Shell,
    ) -> Result<String, TemplateError> {
        let values = sample.values.as_ref();
        let values = values.map_err(|e| tera::Error::message(e.to_string()))?;
        let mut context = Context::from_serialize(values)?;
        context.insert("lang", &lang);
        context.insert("csrf", "token");
        context.insert("shell", shell);
        self.render(sample.template, &context)
    }

    /// What is wrong with each page that cannot be made of its sample values.
    #[must_use]
    pub fn faults(&self, samples: &[Sample]) -> Vec<String> {
        let mut faults = BTreeSet::new();
        for (&lang, sample) in Lang::ALL
            .iter()
            .flat_map(|l| samples.iter().map(move |s| (l, s)))
        {
            for shell in Shell::samples(lang) {
                if let Err(error) = self.show(sample, lang, &shell) {
                    faults.insert(format!("{}: {error}", sample.template));
                }
            }
        }
        faults.into_iter().collect()
    }
}

impl Shell {
    /// The emptiest and the fullest.
    #[must_use]
    pub fn samples(lang: Lang) -> [Self; 2] {
        [stranger(lang), manager(lang)]
    }
}

fn stranger(lang: Lang) -> Shell {
    let mut file = Values::default();
    file.set(Key::CompanyName, "Lumen");
    file.set(Key::Languages, lang.as_str());
    let company = Company::new(&file, Stored::default());
    Shell {
        section: "articles".to_owned(),
        ..Shell::of(&company, lang, "auto", "/articles", |_| "/articles")
    }
}

fn manager(lang: Lang) -> Shell {
    let mut file = Values::default();
    for (key, value) in [
        (Key::CompanyName, "Lumen"),
        (Key::CompanySuffix, "Telecom"),
        (Key::Phone, "01 99 00 12 34"),
        (Key::SupportHours, "mon-fri 08:30-18:00, sat 09:00-12:00"),
        (Key::HoursNoteFr, "Fermé les jours fériés."),
        (Key::HoursNoteEn, "Closed on public holidays."),
        (Key::AccentLight, "#0e673d"),
    ] {
        file.set(key, value);
    }
    let company = Company::new(&file, Stored::default());
    let link = RailLink {
        key: "mine".to_owned(),
        label: "Mine".to_owned(),
        href: "/desk".to_owned(),
        icon: "inbox".to_owned(),
        hue: 3,
        count: Some(12),
        current: true,
    };
    Shell {
        section: "articles".to_owned(),
        logo: Some(ShellLogo {
            href: "/brand/logo/0123456789abcdef".to_owned(),
            width: 320,
            height: 80,
        }),
        person: Some(ShellPerson {
            name: "Nadia Ferrand".to_owned(),
            initials: "NF".to_owned(),
            hue: 2,
            email: "nadia@lumen.example".to_owned(),
            organisation: Some("Lumen".to_owned()),
            is_agent: true,
            is_manager: true,
        }),
        rail: Some(Rail {
            views: vec![link.clone()],
            teams: vec![link.clone()],
            manage: vec![link],
        }),
        ..Shell::of(&company, lang, "auto", "/articles", |_| "/articles")
    }
}
