//! A disk whose syncs take as long as those of disks that promise what they say: this machine's may
//! answer from a cache, and then nothing durable can use it up.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Outcome;

/// What a sync takes: that of a usual solid-state disk without a battery.
pub const SYNC: Duration = Duration::from_millis(4);

/// A library that makes the syncs of a program slow (`slow_disk.c`).
pub struct SlowDisk(PathBuf);

impl SlowDisk {
    /// Compiles it.
    pub fn make(folder: &Path) -> Outcome<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/portal/slow_disk.c");
        let library = folder.join("slow_disk.so");
        let made = Command::new("cc")
            .args(["-O2", "-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .status()?;
        if !made.success() {
            return Err("the slow disk could not be compiled".into());
        }
        Ok(Self(library))
    }

    /// What it can do by itself, with all writers.
    pub fn syncs_per_second(&self, folder: &Path) -> Outcome<f64> {
        let mut probe = Command::new(env::current_exe()?);
        probe.arg("syncs").arg(folder);
        self.under(&mut probe);
        let out = probe.output()?;
        let text = String::from_utf8_lossy(&out.stdout);
        Ok(text.trim().parse()?)
    }

    /// Has a program use it.
    pub fn under(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.0)
            .env("SLOW_DISK_MICROS", SYNC.as_micros().to_string());
    }
}
