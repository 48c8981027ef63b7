//! What a process has used up, as the system counts it.

use std::time::Duration;
use std::{fs, io};

/// The system counts processor time in hundredths of a second (`getconf CLK_TCK`).
const TICK: Duration = Duration::from_millis(10);

/// A program that serves.
#[derive(Clone, Copy)]
pub struct Process {
    pub port: u16,
    pub id: u32,
}

/// Resident memory of a process, in bytes.
#[derive(Clone, Copy, Default)]
pub struct Memory {
    pub all: u64,
    /// The part that is its own. The rest are pages of files, such as search indexes, that the
    /// system takes back when it needs them.
    pub own: u64,
    /// The most that all of it has been since the process began.
    pub most: u64,
}

impl Process {
    /// Processor time that it has used with all of its threads.
    pub fn processor_time(self) -> io::Result<Duration> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.id))?;
        // The name of the program stands in parentheses and may hold anything.
        let fields = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let ticks = |place: usize| -> Option<u32> { fields.split(' ').nth(place)?.parse().ok() };
        match (ticks(11), ticks(12)) {
            (Some(user), Some(system)) => Ok(TICK * (user + system)),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Resident memory.
    pub fn memory(self) -> io::Result<Memory> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let bytes = |name: &str| -> Option<u64> {
            let line = text.lines().find(|line| line.starts_with(name))?;
            let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
            Some(kilobytes * 1024)
        };
        match (bytes("VmRSS:"), bytes("RssAnon:"), bytes("VmHWM:")) {
            (Some(all), Some(own), Some(most)) => Ok(Memory { all, own, most }),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}
