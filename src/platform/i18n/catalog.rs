//! The texts of both languages, from the Fluent files under `templates/locales`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use super::{Lang, numbers};

/// Arguments of a text, by name.
pub type Args<'a> = FluentArgs<'a>;

#[derive(RustEmbed)]
#[folder = "templates/locales"]
#[include = "*.ftl"]
struct Files;

/// A text file that Fluent cannot read, or a key defined twice.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct CatalogError {
    /// Path below `templates/locales`.
    pub file: String,
    /// What is wrong in it.
    pub reason: String,
}

/// All texts, ready to be formatted.
pub struct Catalog {
    fr: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    // A test loads these very files, so a build that passed its tests cannot fail here.
    Catalog::load().expect("the texts built into the program are valid Fluent")
});

/// The texts built into the program.
#[must_use]
pub fn catalog() -> &'static Catalog {
    &CATALOG
}

impl Catalog {
    /// Reads every file of both languages.
    ///
    /// # Errors
    /// The first file that is not valid Fluent or that defines a key again.
    pub fn load() -> Result<Self, CatalogError> {
        Ok(Self {
            fr: bundle(Lang::Fr)?,
            en: bundle(Lang::En)?,
        })
    }

    /// The text for `key`. A missing key comes back as itself and is logged; a test keeps
    /// that from being shipped.
    #[must_use]
    pub fn text(&self, lang: Lang, key: &str, args: Option<&Args<'_>>) -> String {
        let bundle = self.bundle(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::error!(key, %lang, "no such text");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        for error in errors {
            tracing::error!(key, %lang, %error, "text could not be completed");
        }
        text.into_owned()
    }

    /// Whether a language has a text of that name.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundle(lang).has_message(key)
    }

    /// Every key that a language defines.
    #[must_use]
    pub fn keys(lang: Lang) -> BTreeSet<String> {
        files_of(lang)
            .flat_map(|(_, source)| {
                source
                    .lines()
                    .filter_map(|line| line.split_once(" ="))
                    .map(|(key, _)| key.to_owned())
                    .filter(|key| !key.is_empty() && !key.starts_with([' ', '#', '-', '.']))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

fn files_of(lang: Lang) -> impl Iterator<Item = (String, String)> {
    Files::iter()
        .filter(move |path| path.starts_with(lang.as_str()))
        .filter_map(|path| {
            let file = Files::get(&path)?;
            Some((
                path.into_owned(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        })
}

fn bundle(lang: Lang) -> Result<FluentBundle<FluentResource>, CatalogError> {
    let id = match lang {
        Lang::Fr => unic_langid::langid!("fr"),
        Lang::En => unic_langid::langid!("en-GB"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would litter every page with U+2068; our arguments are never bidirectional.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Fr => |value, _| format_number(Lang::Fr, value),
        Lang::En => |value, _| format_number(Lang::En, value),
    }));
    if lang == Lang::Fr {
        // No-break spaces and apostrophes are set here, never typed by hand in a text.
        bundle.set_transform(Some(crate::platform::text::french));
    }
    for (file, source) in files_of(lang) {
        let resource = FluentResource::try_new(source).map_err(|(_, errors)| CatalogError {
            file: file.clone(),
            reason: format!("{:?}", errors.first()),
        })?;
        bundle
            .add_resource(resource)
            .map_err(|errors| CatalogError {
                file,
                reason: format!("{:?}", errors.first()),
            })?;
    }
    Ok(bundle)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "counts in texts are far below 2^53"
)]
fn format_number(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(numbers::integer(lang, number.value as i64))
        }
        _ => None,
    }
}

/// A text to be said later, when the reader's language is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    key: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<(String, Argument)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Argument {
    Number(i64),
    Text(String),
}

impl Message {
    /// The text with this key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            args: Vec::new(),
        }
    }

    /// Adds a text argument.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args
            .push((name.to_owned(), Argument::Text(value.into())));
        self
    }

    /// Adds a number, which the language may decline.
    #[must_use]
    pub fn number(mut self, name: &str, value: i64) -> Self {
        self.args.push((name.to_owned(), Argument::Number(value)));
        self
    }

    /// The key, for tests and logs.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The text in a language.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let mut args = Args::with_capacity(self.args.len());
        for (name, value) in &self.args {
            match value {
                Argument::Number(number) => args.set(name.as_str(), *number),
                Argument::Text(text) => args.set(name.as_str(), text.as_str()),
            }
        }
        catalog().text(lang, &self.key, Some(&args))
    }
}
