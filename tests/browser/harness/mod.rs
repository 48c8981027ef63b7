//! What the journeys stand on.

mod acts;
mod chromium;
mod demo;
mod emulate;
mod find;
mod inspect;
mod keys;
mod screen;
mod stage;
mod tab;
mod walk;
mod watch;
mod world;

pub use chromium::close as close_chromium;
pub use find::{Target, css, label};
pub use inspect::Rules;
pub use screen::Screen;
pub use stage::{Stage, run};
pub use tab::Tab;
pub use world::World;

pub use crate::support::PASSWORD;

use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// Runs something to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

/// Everything asynchronous runs here: the programs, the connection to Chromium, the journeys.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the system gives threads")
});
