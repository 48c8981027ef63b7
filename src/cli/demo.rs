//! `guichet demo`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{CommandError, CommandResult, IsFailure, serve};
use crate::app::{self, StartError};
use crate::config;
use crate::demo::{self, DemoError, Found, Home, Plan, SignIns};
use crate::platform::clock::Clock;
use crate::platform::data_folder::Occupied;
use crate::platform::web::Site;

/// What the demonstration is made of and where it is kept.
#[derive(Args)]
pub(super) struct Demo {
    /// How many tickets to make
    #[arg(long, default_value_t = 400)]
    tickets: usize,
    /// The same seed makes the same company
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the demonstration is kept
    #[arg(long, default_value = "data/demo")]
    dir: PathBuf,
    /// Throw an earlier demonstration in this folder away and start over
    #[arg(long)]
    fresh: bool,
    /// Make the demonstration without serving it
    #[arg(long)]
    no_serve: bool,
}

impl IsFailure for DemoError {}

/// Makes the demonstration, or takes the one that is there, and serves it.
pub(super) fn run(demo: &Demo) -> CommandResult {
    let home = Home::new(&demo.dir);
    let (site, sign_ins) = match (home.look()?, demo.fresh) {
        (Found::Foreign, _) => return Err(foreign(demo)),
        (Found::Unfinished, false) => return Err(unfinished(demo)),
        (Found::Whole(sign_ins), false) => (open(&home)?, *sign_ins),
        (Found::Nothing | Found::Unfinished | Found::Whole(_), _) => make(demo, &home)?,
    };
    print(&site, &sign_ins);
    if demo.no_serve {
        return Ok(());
    }
    serve::serve(&site)
}

fn make(demo: &Demo, home: &Home) -> Result<(Arc<Site>, SignIns), CommandError> {
    println!(
        "Making {} tickets. This is done once; it takes a moment.",
        demo.tickets
    );
    clear(demo, home)?;
    home.begin()?;
    let site = open(home)?;
    let plan = Plan {
        tickets: demo.tickets,
        seed: demo.seed,
        now: site.db.now(),
    };
    let sign_ins = SignIns::draw();
    demo::fill(&site, &plan, &sign_ins)?;
    home.finish(&sign_ins)?;
    Ok((site, sign_ins))
}

/// Takes away what is there, unless somebody is being served from it.
fn clear(demo: &Demo, home: &Home) -> CommandResult {
    app::prepare_data_folder(&demo.dir)?;
    let occupied = Occupied::take(&demo.dir)?;
    if occupied.is_none() {
        return Err(StartError::Occupied(demo.dir.display().to_string()).into());
    }
    Ok(home.clear()?)
}

fn open(home: &Home) -> Result<Arc<Site>, CommandError> {
    let settings = config::load(&config::figment()).map_err(CommandError::Configuration)?;
    let own_database = std::env::var_os("GUICHET_DATABASE_URL").is_none();
    Ok(app::open(
        home.furnish(settings, own_database),
        Clock::System,
    )?)
}

fn print(site: &Site, sign_ins: &SignIns) {
    println!("\nOrvelle, at {}\n", site.settings.public_url);
    for (role, person) in [
        ("customer", &sign_ins.customer),
        ("agent", &sign_ins.agent),
        ("manager", &sign_ins.manager),
    ] {
        println!(
            "  {role:<9} {:<16} {:<32} {}",
            person.name, person.email, person.password
        );
    }
    println!("\nEverybody else of a role has the same password. Nothing is mailed to anybody.\n");
}

fn foreign(demo: &Demo) -> CommandError {
    CommandError::Failed(format!(
        "{} holds something else than a demonstration; name an empty folder with --dir",
        demo.dir.display()
    ))
}

fn unfinished(demo: &Demo) -> CommandError {
    CommandError::Failed(format!(
        "the demonstration in {} was never finished; start over with --fresh",
        demo.dir.display()
    ))
}
