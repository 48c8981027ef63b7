//! Settings: values ready to print.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::platform::company::hours::HoursLine;
use crate::platform::web::FormState;
use crate::platform::web::shell::ShellLogo;
use crate::platform::web::view::{self, Sample, View};
use crate::platform::web::widgets::SelectOption;

/// Every page of this slice with its sample values.
pub(super) fn all_samples() -> Vec<Sample> {
    [view::samples::<Overview>(), view::samples::<Edit>()]
        .into_iter()
        .flatten()
        .collect()
}

/// A setting, as it is.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Where the value comes from.
    pub source: String,
}

/// A group of settings.
#[derive(Clone, Debug, Serialize)]
pub struct GroupCard {
    /// Its name.
    pub title: String,
    /// Where it is changed.
    pub href: String,
    /// Its settings.
    pub rows: Vec<Said>,
}

/// All settings.
#[derive(Clone, Debug, Serialize)]
pub struct Overview {
    /// The groups.
    pub groups: Vec<GroupCard>,
}

/// Where a value comes from, and what it would be otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Origin {
    /// From the file, or from the start.
    pub source: String,
    /// Whether it was chosen here.
    pub chosen: bool,
    /// What the box says that gives it back.
    pub back: String,
}

/// A setting that two people changed at once.
#[derive(Clone, Debug, Serialize)]
pub struct Conflict {
    /// Its name.
    pub label: String,
    /// What is stored.
    pub theirs: String,
    /// What was typed.
    pub yours: String,
}

/// A value that was changed.
#[derive(Clone, Debug, Serialize)]
pub struct PastValue {
    /// The setting.
    pub label: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
    /// Whether it was given back to the file.
    pub follows: bool,
}

/// A change of the past.
#[derive(Clone, Debug, Serialize)]
pub struct PastChange {
    /// Who made it.
    pub who: String,
    /// When.
    pub when: String,
    /// What was changed.
    pub values: Vec<PastValue>,
}

/// The form of a group.
#[derive(Clone, Debug, Serialize)]
pub struct Edit {
    /// Name of the group.
    pub title: String,
    /// Which group.
    pub group: String,
    /// Back to all of them.
    pub list_href: String,
    /// Where the form goes.
    pub action: String,
    /// Fields by the names of the settings, and `version`.
    pub form: FormState,
    /// Where each value comes from, by the name of the setting.
    pub origins: BTreeMap<String, Origin>,
    /// The hours that customers see.
    pub hours: Vec<HoursLine>,
    /// Where those are changed.
    pub hours_href: String,
    /// Time zones to choose from.
    pub zones: Vec<SelectOption>,
    /// Languages that could be offered.
    pub languages: Vec<SelectOption>,
    /// Those that are ticked.
    pub offered: Vec<String>,
    /// The logo.
    pub logo: Option<ShellLogo>,
    /// How well the accents can be read: light theme, dark theme.
    pub verdicts: Vec<String>,
    /// Who changed the group meanwhile, and when.
    pub conflict_title: Option<String>,
    /// What they changed.
    pub conflicts: Vec<Conflict>,
    /// The latest changes.
    pub history: Vec<PastChange>,
}

impl View for Overview {
    const TEMPLATE: &'static str = "settings/overview.html";

    fn samples() -> Vec<Self> {
        let said = |label: &str, value: &str| Said {
            label: label.to_owned(),
            value: value.to_owned(),
            source: "de Rocket.toml".to_owned(),
        };
        let card = |title: &str| GroupCard {
            title: title.to_owned(),
            href: "/manage/settings/contact".to_owned(),
            rows: vec![
                said("Téléphone", "01 99 00 48 20"),
                said("Horaires", "Lundi au vendredi 8 h 00 – 19 h 00"),
            ],
        };
        vec![Self {
            groups: [
                "Identité",
                "Langues",
                "Contact et horaires",
                "Courriels",
                "Limites",
            ]
            .map(card)
            .to_vec(),
        }]
    }
}

impl View for Edit {
    const TEMPLATE: &'static str = "settings/edit.html";

    fn samples() -> Vec<Self> {
        let groups = ["identity", "languages", "contact", "mail", "limits"];
        let mut samples: Vec<Self> = groups.into_iter().map(Self::sample).collect();
        samples.extend(groups.into_iter().map(Self::refused));
        let mut disputed = Self::sample("contact");
        disputed.conflict_title = Some("Amina Keller a modifié ces réglages.".to_owned());
        disputed.conflicts = vec![Conflict {
            label: "Téléphone".to_owned(),
            theirs: "01 99 00 48 21".to_owned(),
            yours: "01 99 00 48 20".to_owned(),
        }];
        disputed.logo = None;
        disputed.history = Vec::new();
        samples.push(disputed);
        samples
    }
}

impl Edit {
    /// The form of a group, sent back for fields of every kind it has.
    fn refused(group: &str) -> Self {
        let long = "x".repeat(80);
        let long = long.as_str();
        let wrong: &[(&str, &str, &str)] = match group {
            "identity" => &[
                ("company_name", long, "Soixante caractères au plus."),
                (
                    "logo_file",
                    "",
                    "Ce fichier n’est ni PNG, ni JPEG, ni WebP.",
                ),
                ("accent_light", "rouge", "Une couleur s’écrit #153aaf."),
            ],
            "languages" => &[
                ("languages", "", "Il faut au moins une langue."),
                ("default_language", "en", "Cette langue n’est pas proposée."),
                ("time_zone", "Paris", "Choisissez une des propositions."),
            ],
            "contact" => &[
                ("phone", long, "Un numéro n’a que des chiffres."),
                ("hours_note_fr", long, "Deux cents caractères au plus."),
            ],
            "mail" => &[
                ("sender_name", long, "Soixante caractères au plus."),
                ("sender_address", "support@", "Il manque ce qui suit le @."),
            ],
            _ => &[
                ("max_file_mb", "0", "Un nombre de 1 à 200."),
                ("confirm_after_days", "900", "Un nombre de 1 à 90."),
            ],
        };
        let mut page = Self::sample(group);
        for (field, value, text) in wrong {
            page.form = page.form.with(field, *value).with_error(field, text);
        }
        page
    }

    fn sample(group: &str) -> Self {
        let origin = |chosen| Origin {
            source: "Vient de Rocket.toml.".to_owned(),
            chosen,
            back: "Revenir à Rocket.toml (Guichet)".to_owned(),
        };
        Self {
            title: "Contact et horaires".to_owned(),
            group: group.to_owned(),
            list_href: "/manage/settings".to_owned(),
            action: format!("/manage/settings/{group}"),
            form: FormState::empty().with("version", "3"),
            origins: crate::platform::company::Key::ALL
                .iter()
                .enumerate()
                .map(|(number, key)| (key.to_string(), origin(number % 2 == 0)))
                .collect(),
            hours: vec![HoursLine {
                days: "Lundi au vendredi".to_owned(),
                hours: "8 h 00 – 19 h 00".to_owned(),
            }],
            hours_href: "/manage/calendars".to_owned(),
            zones: vec![SelectOption::new("Europe/Paris", "Europe/Paris")],
            languages: vec![SelectOption::new("fr", "Français")],
            offered: vec!["fr".to_owned()],
            logo: Some(ShellLogo {
                href: "/brand/logo/0123456789abcdef".to_owned(),
                width: 320,
                height: 80,
            }),
            verdicts: vec!["Contraste 9,31:1.".to_owned(), String::new()],
            conflict_title: None,
            conflicts: Vec::new(),
            history: vec![PastChange {
                who: "Nadia Ferrand".to_owned(),
                when: "aujourd’hui 15 h 02".to_owned(),
                values: vec![PastValue {
                    label: "Téléphone".to_owned(),
                    old: "aucun".to_owned(),
                    new: "01 99 00 48 20".to_owned(),
                    follows: false,
                }],
            }],
        }
    }
}
