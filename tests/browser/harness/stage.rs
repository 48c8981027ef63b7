//! One journey on one screen: the program, the people's tabs, and what is said when it fails.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::Failed;
use rocket::futures::FutureExt;
use rocket::futures::future::BoxFuture;

use super::{RUNTIME, Screen, Tab, World};

/// Where a journey takes place.
pub struct Stage {
    /// The program.
    pub world: World,
    /// Language, size, colours.
    pub screen: Screen,
    tabs: Mutex<Vec<Arc<Tab>>>,
}

impl Stage {
    /// Opens a browser of its own for somebody.
    pub async fn tab(&self, who: &'static str) -> Arc<Tab> {
        let tab = Arc::new(Tab::open_for(who, self.screen, &self.world.address).await);
        self.tabs().push(Arc::clone(&tab));
        tab
    }

    fn tabs(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Tab>>> {
        self.tabs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a journey; a failure names the pictures of what everybody saw at that moment.
pub fn run(
    name: &str,
    screen: Screen,
    journey: for<'s> fn(&'s Stage) -> BoxFuture<'s, ()>,
) -> Result<(), Failed> {
    RUNTIME.block_on(async {
        let stage = Stage {
            world: World::open().await,
            screen,
            tabs: Mutex::default(),
        };
        let played = AssertUnwindSafe(journey(&stage)).catch_unwind().await;
        let mut report: Vec<String> = played
            .err()
            .map(|panic| words(&*panic))
            .into_iter()
            .collect();
        let tabs = stage.tabs().clone();
        for tab in &tabs {
            report.extend(tab.faults().await);
        }
        if !report.is_empty() {
            for tab in &tabs {
                report.push(tab.story());
                let path = picture(&format!("{name}-{screen}-{}", tab.who));
                if tab.save_picture(&path).await {
                    report.push(format!("picture: {}", path.display()));
                }
            }
        }
        for tab in &tabs {
            tab.close().await;
        }
        stage.world.close().await;
        if report.is_empty() {
            Ok(())
        } else {
            Err(report.join("\n").into())
        }
    })
}

/// A file under `target/browser`.
fn picture(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = target
        .expect("it is a folder of the target folder")
        .join("browser");
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder.join(format!("{name}.png"))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "the journey panicked".to_owned())
}
