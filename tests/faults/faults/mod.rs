//! The faults, one file a family.

mod clock;
mod crash;
mod data;
mod disk;
mod edits;
mod greed;
mod index;
mod mail;
mod panic;
mod postgres;
mod store;

use std::time::Duration;

use super::place::{Engine, Place};
use super::tools::Outcome;

/// A fault.
pub struct Fault {
    pub id: &'static str,
    pub name: &'static str,
    /// What was done, in a line.
    pub done: &'static str,
    pub engines: &'static [Engine],
    /// How long it takes at most on a machine that does nothing else.
    pub deadline: Duration,
    /// Makes it happen; answers the figures.
    pub run: fn(&Place) -> Outcome<String>,
}

const SQLITE: &[Engine] = &[Engine::Sqlite];
const POSTGRES: &[Engine] = &[Engine::Postgres];
const BOTH: &[Engine] = &[Engine::Sqlite, Engine::Postgres];

const fn fault(
    id: &'static str,
    name: &'static str,
    done: &'static str,
    engines: &'static [Engine],
    seconds: u64,
    run: fn(&Place) -> Outcome<String>,
) -> Fault {
    Fault {
        id,
        name,
        done,
        engines,
        deadline: Duration::from_secs(seconds),
        run,
    }
}

/// All of them.
pub const FAULTS: &[Fault] = &[
    fault(
        "F01",
        "killed while requests are filed",
        "20 writers, `kill -9` at a random moment, started again",
        BOTH,
        180,
        crash::under_submissions,
    ),
    fault(
        "F02",
        "killed between commit and answer",
        "every answer held back by `strace`, killed once the row is there, the same form sent again",
        BOTH,
        60,
        crash::between_commit_and_answer,
    ),
    fault(
        "F03",
        "killed during an upload",
        "20 MB sent in part, `kill -9`, started again",
        SQLITE,
        60,
        crash::during_an_upload,
    ),
    fault(
        "F04",
        "killed while a mail is sent",
        "mail server that stands still before or after the final dot, `kill -9`, lease waited out with `faketime`",
        BOTH,
        120,
        mail::killed_while_sending,
    ),
    fault(
        "F05",
        "stopped under load",
        "`SIGTERM` at 50 requests a second, grace 15 s",
        BOTH,
        60,
        crash::asked_to_stop,
    ),
    fault(
        "F08",
        "panics",
        "1,000 panics in guard, read and transaction (failpoints of the test build)",
        BOTH,
        90,
        panic::thousand_panics,
    ),
    fault(
        "F09",
        "a second program on the same data",
        "started twice",
        BOTH,
        60,
        crash::started_twice,
    ),
    fault(
        "F10",
        "no file descriptors",
        "`prlimit --nofile=64`, 200 clients that stay",
        SQLITE,
        120,
        greed::no_descriptors,
    ),
    fault(
        "F12",
        "disk full",
        "data on a memory disk of 48 MB, filled to the last byte, then freed",
        SQLITE,
        60,
        disk::full,
    ),
    fault(
        "F13",
        "disk of the attachments full",
        "a second memory disk",
        BOTH,
        60,
        disk::attachments_full,
    ),
    fault(
        "F14",
        "disk of the indexes full",
        "a third memory disk",
        BOTH,
        60,
        disk::index_full,
    ),
    fault(
        "F15",
        "fsync fails (EIO)",
        "`strace` fails fsync and fdatasync for a while",
        SQLITE,
        60,
        disk::sync_fails,
    ),
    fault(
        "F16",
        "writes fail (ENOSPC), the n-th and again",
        "`strace` fails every n-th pwrite64, 12 n from 1 to 211",
        SQLITE,
        120,
        disk::writes_fail,
    ),
    fault(
        "F21",
        "storm of writers",
        "50 writers, checkpoints from another process ten times a second",
        BOTH,
        60,
        store::writer_storm,
    ),
    fault(
        "F22",
        "backup under load",
        "backup at 25 requests a second, verified, restored elsewhere, served",
        BOTH,
        120,
        store::backup_under_load,
    ),
    fault(
        "F24",
        "killed while migrating",
        "killed at the n-th write (SQLite) or statement (PostgreSQL), for many n; run again",
        BOTH,
        180,
        store::migration_killed,
    ),
    fault(
        "F26",
        "PostgreSQL stopped at once",
        "`pg_ctl stop -m immediate` under load, started again",
        POSTGRES,
        90,
        postgres::stopped,
    ),
    fault(
        "F28",
        "PostgreSQL connections killed",
        "`pg_terminate_backend` of a random one, ten times a second",
        POSTGRES,
        60,
        postgres::backends_killed,
    ),
    fault(
        "F29",
        "PostgreSQL connections used up",
        "`max_connections=5`, all taken by others, then given back",
        POSTGRES,
        90,
        postgres::connections_used_up,
    ),
    fault(
        "F43",
        "damaged indexes",
        "meta.json deleted, a byte flipped, files cut, folder emptied, also while it runs",
        BOTH,
        120,
        index::damaged,
    ),
    fault(
        "F44",
        "killed between database and index",
        "aborted before the index's commit (failpoint), and `kill -9` at random",
        SQLITE,
        120,
        index::killed_before_commit,
    ),
    fault(
        "F46",
        "clock jumps",
        "`faketime`: a year ahead and an hour back, while it runs and across a restart",
        SQLITE,
        90,
        clock::jumps,
    ),
    fault(
        "F48",
        "slow clients",
        "1,000 heads and bodies that drip, beside healthy readers",
        SQLITE,
        90,
        greed::slow_clients,
    ),
    fault(
        "F49",
        "clients that vanish",
        "10,000 connections cut in upload, request and answer",
        SQLITE,
        200,
        greed::vanishing_clients,
    ),
    fault(
        "F50",
        "a form sent 20 times",
        "20 at once with the same key, 20 later",
        BOTH,
        60,
        edits::same_form_often,
    ),
    fault(
        "F51",
        "concurrent edits",
        "8 agents, random edits of one request",
        BOTH,
        90,
        edits::concurrent,
    ),
    fault(
        "F53",
        "large numbers",
        "keys at 2^31 - 1 and 2^53, request number 9,999,999",
        BOTH,
        60,
        data::large_numbers,
    ),
    fault(
        "F54",
        "attachments missing or altered",
        "one deleted, one cut, one byte flipped",
        BOTH,
        60,
        data::attachments_damaged,
    ),
];
