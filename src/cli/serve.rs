//! `guichet serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rocket::Config;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{CommandError, CommandResult, open_site};
use crate::accounts::commands::issue_first_manager_link;
use crate::accounts::{AccountError, setup_path};
use crate::app;
use crate::config;
use crate::knowledge::manual::{self, Furnished};
use crate::platform::db::Actor;
use crate::platform::front::Front;
use crate::platform::metrics::Listener;
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
    furnish_articles(site)?;
    announce_setup(site)?;
    let runner = Runner::start(site, &app::schedules())?;
    let outcome = rocket::execute(serve_until_asked_to_stop(site, config::figment()));
    drop(runner);
    outcome.map_err(CommandError::Failed)
}

/// The front on the public address, Rocket behind it.
async fn serve_until_asked_to_stop(site: &Arc<Site>, figment: Figment) -> Result<(), String> {
    let config = Config::try_from(&figment).map_err(|error| error.to_string())?;
    let address = SocketAddr::new(config.address, config.port);
    let grace = Duration::from_secs(config.shutdown.grace.into());
    let front = Front::bind(
        address,
        site.settings.front.clone(),
        &site.settings.public_url,
        app::present(site),
    )
    .await
    .map_err(|reason| cannot_listen(address, &reason))?;
    let measured = offer_metrics(site).await?;
    let (tell_port, port) = oneshot::channel();
    let rocket = app::build(Arc::clone(site), front.behind(figment))
        .attach(AdHoc::on_liftoff("tell where it listens", |rocket| {
            // Nobody waits for it when the front has already ended.
            let _ = tell_port.send(rocket.config().port);
            Box::pin(async {})
        }))
        .ignite()
        .await
        .map_err(|error| cannot_start(&error))?;
    let shutdown = rocket.shutdown();
    let fronting = tokio::spawn(async move {
        if let Ok(port) = port.await {
            println!("Guichet listens on http://{}", front.address());
            front.serve(port, asked_to_stop(), grace).await;
            shutdown.notify();
        }
    });
    let outcome = rocket.launch().await;
    fronting.abort();
    if let Some(measured) = measured {
        measured.abort();
    }
    outcome.map(drop).map_err(|error| cannot_start(&error))
}

/// Has metrics read at an address of their own, if there is one.
async fn offer_metrics(site: &Arc<Site>) -> Result<Option<JoinHandle<()>>, String> {
    let Some(address) = site.settings.metrics_address else {
        return Ok(None);
    };
    let listener = Listener::bind(address).await.map_err(|reason| {
        format!(
            "cannot listen on {address} for metrics: {reason}; stop the program that has the port, \
             or set metrics_address (GUICHET_METRICS_ADDRESS) to a free one"
        )
    })?;
    println!("Metrics are at http://{}/metrics", listener.address());
    Ok(Some(tokio::spawn(listener.serve(Arc::clone(site)))))
}

/// Ctrl + C, or what a service manager sends.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A new portal begins with the manual.
fn furnish_articles(site: &Site) -> CommandResult {
    let folder = site.settings.kb_dir.display();
    match manual::furnish(site)? {
        Furnished::Before => {}
        Furnished::Now => tracing::info!(%folder, "the manual was written, to be changed at will"),
        Furnished::Missing => tracing::warn!(
            %folder,
            "the folder of the articles does not exist any more: mount it, or set kb_dir"
        ),
    }
    Ok(())
}

fn cannot_listen(address: SocketAddr, reason: &std::io::Error) -> String {
    format!(
        "cannot listen on {address}: {reason}; another program may use the port: stop it, or set \
         ROCKET_PORT to a free one"
    )
}

fn cannot_start(error: &rocket::Error) -> String {
    format!("cannot start: {:?}", error.kind())
}
