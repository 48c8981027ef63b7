//! Tera with the functions that every template may call.

use std::path::Path;

use fluent_bundle::FluentValue;
use rust_embed::RustEmbed;
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use crate::platform::i18n::{Args, Lang, catalog};

#[derive(RustEmbed)]
#[folder = "templates"]
#[include = "*.html"]
#[include = "*.txt"]
struct Files;

/// A template that does not load or a page that does not render.
pub type TemplateError = tera::Error;

/// All templates, loaded and checked.
pub struct Templates(Tera);

impl Templates {
    /// Loads every template. `overrides` is a folder whose files replace the built-in ones of
    /// the same path.
    ///
    /// # Errors
    /// The first template that does not parse or that uses what does not exist, with its line.
    pub fn load(
        asset_url: fn(&str) -> Option<String>,
        overrides: Option<&Path>,
    ) -> Result<Self, TemplateError> {
        build(asset_url, overrides).map(Self)
    }

    /// Renders a page.
    ///
    /// # Errors
    /// A field that the template names and the view lacks.
    pub fn render(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        self.0.render(template, context)
    }
}

fn build(
    asset_url: fn(&str) -> Option<String>,
    overrides: Option<&Path>,
) -> Result<Tera, TemplateError> {
    let mut tera = Tera::new();
    // Only text mails are plain text; everything else is HTML and escaped.
    tera.autoescape_on([".html"]);
    tera.register_function("t", translate);
    tera.register_function("link", absolute);
    tera.register_function(
        "asset",
        move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let path = kwargs.must_get::<&str>("path")?;
            asset_url(path).ok_or_else(|| tera::Error::message(format!("no such asset: {path}")))
        },
    );
    let mut sources = Vec::new();
    for path in Files::iter() {
        let replaced =
            overrides.and_then(|folder| std::fs::read_to_string(folder.join(&*path)).ok());
        let source = match replaced {
            Some(source) => source,
            None => Files::get(&path)
                .map(|file| String::from_utf8_lossy(&file.data).into_owned())
                .unwrap_or_default(),
        };
        sources.push((path.into_owned(), source));
    }
    tera.add_raw_templates(sources)?;
    Ok(tera)
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

fn argument(value: &Value) -> FluentValue<'static> {
    match value.as_i64() {
        Some(number) => FluentValue::from(number),
        None => FluentValue::from(value.to_string()),
    }
}
