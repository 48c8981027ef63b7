//! Logo and colours, at addresses that change with what is there.

use rocket::http::ContentType;
use rocket::{Route, State, get, routes};
use serde::Serialize;
use std::str::FromStr;
use std::sync::Arc;

use super::present::verdict;
use crate::accounts::Manager;
use crate::platform::company::colour::Rgb;
use crate::platform::company::key::ACCENT_LIGHT;
use crate::platform::company::palette::{Palette, Theme, nearest};
use crate::platform::web::shell::as_parameter;
use crate::platform::web::{Failure, Outcome, Reply, Site};

/// A logo opened alone may do nothing, whatever it contains.
const LOGO_POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

pub(super) fn routes() -> Vec<Route> {
    routes![logo, colours, preview, measured]
}

#[get("/brand/logo/<print>")]
fn logo(print: &str, site: &State<Arc<Site>>) -> Outcome {
    let company = site.company.get();
    let logo = company.logo.as_ref().ok_or(Failure::NotFound)?;
    let content_type = ContentType::from_str(&logo.media_type).unwrap_or(ContentType::Binary);
    let reply = Reply::bytes(content_type, logo.content.to_vec())
        .with_header("Content-Security-Policy", LOGO_POLICY)
        .with_header("Cache-Control", caching(logo.sha256.starts_with(print)));
    Ok(reply)
}

#[get("/brand/colours/<print>")]
fn colours(print: &str, site: &State<Arc<Site>>) -> Outcome {
    let company = site.company.get();
    let sheet = company.stylesheet.as_ref().ok_or(Failure::NotFound)?;
    let reply = Reply::bytes(ContentType::CSS, sheet.css.clone().into_bytes());
    Ok(reply.with_header("Cache-Control", caching(sheet.fingerprint == print)))
}

/// An old address is answered with what is there now, but not for good.
fn caching(current: bool) -> &'static str {
    if current {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    }
}

/// The colours of the two fields; what is no colour is the one of the built-in design, or derived.
fn typed(light: &str, dark: &str) -> (Rgb, Option<Rgb>) {
    let built_in = || ACCENT_LIGHT.parse().unwrap_or(Rgb::WHITE);
    (
        light.parse().unwrap_or_else(|_| built_in()),
        dark.parse().ok(),
    )
}

/// The rules for the preview beside the form, which shows what could be read of what was typed.
#[get("/manage/settings/preview?<light>&<dark>")]
fn preview(_manager: Manager, light: &str, dark: &str) -> Reply {
    let (light, dark) = typed(light, dark);
    let palette = Palette::new(
        nearest(Theme::Light, light),
        dark.map(|dark| nearest(Theme::Dark, dark)),
    );
    let css = palette.stylesheet(".brand-preview");
    Reply::bytes(ContentType::CSS, css.into_bytes())
}

/// What is said below the fields while they are typed into.
#[derive(Serialize)]
struct Measured {
    stylesheet: String,
    light: String,
    dark: String,
}

#[get("/manage/settings/measured?<light>&<dark>")]
fn measured(manager: Manager, light: &str, dark: &str) -> Outcome {
    let said = |theme, text: &str| {
        let colour = text.parse().ok();
        colour.map_or_else(String::new, |colour| verdict(theme, colour, manager.lang))
    };
    Reply::json(&Measured {
        stylesheet: format!(
            "/manage/settings/preview?light={}&dark={}",
            as_parameter(light),
            as_parameter(dark)
        ),
        light: said(Theme::Light, light),
        dark: said(Theme::Dark, dark),
    })
}
