//! What the disk can do by itself: the most that anything durable can reach.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A page of the database's log.
const PAGE: [u8; 4096] = [7; 4096];

/// Small writes a second that are each synced before the next, by writers with a file each.
pub fn syncs_per_second(folder: &Path, writers: usize, time: Duration) -> std::io::Result<f64> {
    let count = AtomicU64::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        let running: Vec<_> = (0..writers)
            .map(|number| {
                let (count, path) = (&count, folder.join(format!("sync-{number}.tmp")));
                scope.spawn(move || -> std::io::Result<()> {
                    let mut file = File::create(&path)?;
                    while begun.elapsed() < time {
                        file.write_all(&PAGE)?;
                        file.sync_data()?;
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    std::fs::remove_file(path)
                })
            })
            .collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().expect("no writer panics"))
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let count = count.into_inner() as f64;
    Ok(count / begun.elapsed().as_secs_f64())
}
