//! `guichet serve`.

use std::sync::Arc;

use rocket::Config;
use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;

use super::{CommandError, CommandResult, open_site};
use crate::accounts::commands::issue_first_manager_link;
use crate::accounts::{AccountError, setup_path};
use crate::app;
use crate::config;
use crate::platform::db::Actor;
use crate::platform::schedule::Runner;
use crate::platform::web::Site;

/// Serves until asked to stop.
pub(super) fn run() -> CommandResult {
    serve(&open_site()?)
}

/// While there is no manager, whoever can read the program's output may become the first one.
fn announce_setup(site: &Site) -> CommandResult {
    let secret = site
        .db
        .write_blocking(Actor::System, issue_first_manager_link)
        .map_err(|error: AccountError| CommandError::Failed(error.to_string()))?;
    if let Some(secret) = secret {
        let link = site.settings.absolute(&setup_path(&secret));
        println!("There is no manager yet. This link makes the first one, once, within 24 hours:");
        println!("  {link}");
    }
    Ok(())
}

/// Serves an opened site, with its background work, until asked to stop.
pub(super) fn serve(site: &Arc<Site>) -> CommandResult {
    let _occupied = app::occupy_data_folder(&site.settings)?;
    warn_of_missing_articles(site);
    announce_setup(site)?;
    let runner = Runner::start(site, &app::schedules())?;
    let figment = config::figment();
    let address = format!(
        "{}:{}",
        figment
            .extract_inner("address")
            .unwrap_or(Config::default().address),
        figment
            .extract_inner("port")
            .unwrap_or(Config::default().port)
    );
    let rocket = app::build(Arc::clone(site), figment).attach(AdHoc::on_liftoff(
        "tell that it listens",
        |rocket| {
            let config = rocket.config();
            println!(
                "Guichet listens on http://{}:{}",
                config.address, config.port
            );
            Box::pin(async {})
        },
    ));
    let outcome = rocket::execute(rocket.launch());
    drop(runner);
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(CommandError::Failed(explain(&error, &address))),
    }
}

/// The portal works without articles, but hardly anyone wants that.
fn warn_of_missing_articles(site: &Site) {
    let folder = &site.settings.kb_dir;
    if !folder.is_dir() {
        tracing::warn!(
            folder = %folder.display(),
            "the folder of the articles does not exist: make it, or set kb_dir"
        );
    }
}

fn explain(error: &rocket::Error, address: &str) -> String {
    match error.kind() {
        ErrorKind::Bind(reason) => format!(
            "cannot listen on {address}: {reason}; another program may use the port: stop it, or set \
             ROCKET_PORT to a free one"
        ),
        kind => format!("cannot start: {kind:?}"),
    }
}
