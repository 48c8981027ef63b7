//! What the disk can do by itself: the most that anything durable can reach.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A page of the database's log.
const PAGE: [u8; 4096] = [7; 4096];
/// Pages of a log before it begins again at its start: what SQLite writes between two checkpoints.
const PAGES: u64 = 1000;

/// Small writes a second that are each synced before the next, by writers with a file each. As in
/// a database's log, they go where bytes have been before.
pub fn syncs_per_second(folder: &Path, writers: usize, time: Duration) -> std::io::Result<f64> {
    let files: Vec<_> = (0..writers)
        .map(|number| folder.join(format!("sync-{number}.tmp")))
        .collect();
    let logs = files
        .iter()
        .map(|path| written(path))
        .collect::<std::io::Result<Vec<_>>>()?;
    let count = AtomicU64::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        let running: Vec<_> = logs
            .into_iter()
            .map(|mut log| {
                let count = &count;
                scope.spawn(move || -> std::io::Result<()> {
                    for number in 0.. {
                        if begun.elapsed() >= time {
                            break;
                        }
                        if number % PAGES == 0 {
                            log.seek(SeekFrom::Start(0))?;
                        }
                        log.write_all(&PAGE)?;
                        log.sync_data()?;
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().expect("no writer panics"))
    })?;
    let span = begun.elapsed().as_secs_f64();
    files.iter().try_for_each(std::fs::remove_file)?;
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let count = count.into_inner() as f64;
    Ok(count / span)
}

/// A log that is as long as it will get.
fn written(path: &Path) -> std::io::Result<File> {
    let mut file = File::create(path)?;
    for _ in 0..PAGES {
        file.write_all(&PAGE)?;
    }
    file.sync_all()?;
    Ok(file)
}
