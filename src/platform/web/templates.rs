//! Tera with the functions that every template may call.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use chrono_tz::Tz;
use fluent_bundle::FluentValue;
use rust_embed::RustEmbed;
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::assets::Assets;
use super::overrides::{self, OverrideFault, OverrideFaults, TEMPLATES, list};
use crate::platform::db::Timestamp;
use crate::platform::i18n::{Args, Calendar, Lang, catalog};
use crate::platform::text::is_tall;

#[derive(RustEmbed)]
#[folder = "templates"]
#[include = "*.html"]
#[include = "*.txt"]
struct Files;

/// A template that does not load or a page that does not render.
pub type TemplateError = tera::Error;

/// All templates, loaded and checked.
pub struct Templates(RwLock<Arc<Tera>>);

impl Templates {
    /// Loads every template: the built-in ones, and those of the override folder in their place or
    /// beside them.
    ///
    /// # Errors
    /// All templates of the override folder that do not parse, with their lines, or the first one
    /// that uses what does not exist.
    pub fn load(assets: &Arc<Assets>, overrides: Option<&Path>) -> Result<Self, OverrideFaults> {
        Ok(Self(RwLock::new(Self::read(assets, overrides)?)))
    }

    /// Reads every template.
    ///
    /// # Errors
    /// As [`Templates::load`].
    pub(super) fn read(
        assets: &Arc<Assets>,
        overrides: Option<&Path>,
    ) -> Result<Arc<Tera>, OverrideFaults> {
        let mut faults = Vec::new();
        let mut replaced = read_overrides(overrides, &mut faults)?;
        let tera = loop {
            let error = match build(assets, &replaced) {
                Ok(tera) => break tera,
                Err(error) => error,
            };
            let fault = located(&error, overrides);
            let name = fault
                .as_ref()
                .map(|(name, _)| name.clone())
                .unwrap_or_default();
            faults.push(fault.map_or_else(|| unlocated(&error, overrides), |(_, fault)| fault));
            // Without it the next one may show, unless the fault is in what it left behind.
            if replaced.remove(&name).is_none() {
                return Err(OverrideFaults(faults));
            }
        };
        if faults.is_empty() {
            Ok(Arc::new(tera))
        } else {
            Err(OverrideFaults(faults))
        }
    }

    /// Goes on with others.
    pub(super) fn take_on(&self, tera: Arc<Tera>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = tera;
    }

    /// Renders a page.
    ///
    /// # Errors
    /// A field that the template names and the view lacks.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        let tera = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        tera.render(template, context)
    }
}

/// The templates of the override folder by their path. One that is no text is a fault.
fn read_overrides(
    overrides: Option<&Path>,
    faults: &mut Vec<OverrideFault>,
) -> Result<BTreeMap<String, String>, OverrideFault> {
    let mut replaced = BTreeMap::new();
    for (name, path) in list(overrides, TEMPLATES)? {
        match std::fs::read_to_string(&path) {
            Ok(source) => {
                replaced.insert(name, source);
            }
            Err(error) => faults.push(overrides::fault(&path, &error.to_string())),
        }
    }
    Ok(replaced)
}

/// The template in which an error is, and where.
fn located(error: &tera::Error, overrides: Option<&Path>) -> Option<(String, OverrideFault)> {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return None;
    };
    let name = report.filename().to_owned();
    let folder = overrides
        .map(|folder| folder.join(TEMPLATES))
        .unwrap_or_default();
    let fault = OverrideFault {
        file: folder.join(&name).display().to_string(),
        line: Some(report.span().start_line),
        reason: report.message().to_owned(),
    };
    Some((name, fault))
}

/// An error between templates, which says itself where it is.
fn unlocated(error: &tera::Error, overrides: Option<&Path>) -> OverrideFault {
    let folder = overrides
        .map(|folder| folder.join(TEMPLATES))
        .unwrap_or_default();
    overrides::fault(&folder, &error.to_string())
}

fn build(assets: &Arc<Assets>, replaced: &BTreeMap<String, String>) -> Result<Tera, TemplateError> {
    let mut tera = Tera::new();
    // Only text mails are plain text; everything else is HTML and escaped.
    tera.autoescape_on([".html"]);
    tera.register_function("t", translate);
    tera.register_function("link", absolute);
    tera.register_function("moment", moment);
    tera.register_test("tall", tall);
    let assets = Arc::clone(assets);
    tera.register_function(
        "asset",
        move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let path = kwargs.must_get::<&str>("path")?;
            let url = assets.url(path);
            url.ok_or_else(|| tera::Error::message(format!("no such asset: {path}")))
        },
    );
    let mut sources = replaced.clone();
    for path in Files::iter() {
        sources.entry(path.to_string()).or_insert_with(|| {
            let file = Files::get(&path).map(|file| file.data).unwrap_or_default();
            String::from_utf8_lossy(&file).into_owned()
        });
    }
    tera.add_raw_templates(sources)?;
    Ok(tera)
}

/// `html is tall`: whether a text is folded among others.
fn tall(html: &str, _: Kwargs, _: &State) -> bool {
    is_tall(html)
}

/// `t(key="…", name=value)`: the text in the page's language.
fn translate(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let key = kwargs.must_get::<&str>("key")?;
    let lang = state
        .get::<String>("lang")?
        .and_then(|lang| lang.parse::<Lang>().ok())
        .ok_or_else(|| {
            tera::Error::message(format!(
                "t(key=\"{key}\") was called where `lang` is not known"
            ))
        })?;
    let mut args = Args::new();
    for (name, value) in kwargs.iter() {
        if let Some(name) = name.as_str().filter(|name| *name != "key") {
            if value.is_undefined() {
                return Err(tera::Error::message(format!(
                    "t(key=\"{key}\") was given `{name}`, which the page does not have"
                )));
            }
            args.set(name.to_owned(), argument(value));
        }
    }
    Ok(catalog().text(lang, key, Some(&args)))
}

/// `link(path="/…")`: the address of a path for readers who are not on the site, in mails.
fn absolute(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let path = kwargs.must_get::<&str>("path")?;
    if !path.starts_with('/') {
        return Err(tera::Error::message(format!(
            "link(path=\"{path}\") takes a path that begins with a slash"
        )));
    }
    let site = state.get::<String>("public_url")?.ok_or_else(|| {
        tera::Error::message("link() was called where `public_url` is not known".to_owned())
    })?;
    Ok(format!("{site}{path}"))
}

/// `moment(at=…, zone=…)`: day and hour in a mail, which may be read on another day and in another
/// place: with the date, and with the name of the time zone. That is the reader's own, or the
/// portal's where they have chosen none.
fn moment(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let said = |name: &str| -> TeraResult<String> {
        state.get::<String>(name)?.ok_or_else(|| {
            tera::Error::message(format!("moment() was called where `{name}` is not known"))
        })
    };
    let at = instant(kwargs.must_get::<&str>("at")?)?;
    let chosen = kwargs.get::<&str>("zone")?.unwrap_or_default();
    let zone: Tz = match chosen.parse() {
        Ok(zone) => zone,
        Err(_) => said("portal_zone")?.parse().unwrap_or(Tz::UTC),
    };
    let lang: Lang = said("lang")?.parse().unwrap_or(Lang::Fr);
    let reader = Calendar::new(lang, zone, instant(&said("mail_written")?)?);
    Ok(format!(
        "{}, {} ({})",
        reader.weekday_date(reader.date_of(at)),
        reader.time(at),
        zone.name().replace('_', " ")
    ))
}

/// An instant as data of mails has it.
fn instant(text: &str) -> TeraResult<Timestamp> {
    let parsed = serde_json::from_value(text.into());
    parsed.map_err(|_| tera::Error::message(format!("{text:?} is no instant")))
}

fn argument(value: &Value) -> FluentValue<'static> {
    match value.as_i64() {
        Some(number) => FluentValue::from(number),
        None => FluentValue::from(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_an_override_is_told_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(TEMPLATES).join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        write("portal/home.html", "<p>\n{{ name\n</p>");
        write("teams/list.html", "{% if %}");
        let load = || {
            let assets = Assets::load(Some(folder.path())).expect("nothing replaced");
            Templates::load(&Arc::new(assets), Some(folder.path()))
        };
        let OverrideFaults(faults) = load().err().expect("two faults");
        let named = |name: &str, line: usize| {
            faults
                .iter()
                .any(|f| f.file.ends_with(name) && f.line == Some(line))
        };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(named("portal/home.html", 3), "{faults:?}");
        assert!(named("teams/list.html", 1), "{faults:?}");
        write(
            "portal/home.html",
            "<p>{{ shell.brand }}</p>{% include \"own/foot.html\" %}",
        );
        write("own/foot.html", "<footer>ours</footer>");
        write("teams/list.html", "{{ 1 + 1 }}");
        let templates = load().expect("mended");
        let html = templates.render("teams/list.html", &Context::new());
        assert_eq!(html.expect("renders"), "2");
    }
}
