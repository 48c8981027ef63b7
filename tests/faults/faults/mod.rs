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
mod slow;
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
        "20 writers, `kill -9` at a random moment, started again, for 110 seconds at most",
        BOTH,
        180,
        crash::under_submissions,
    ),
    fault(
        "F02",
        "killed between commit and answer",
        "every answer held back by `strace`, killed once the row is there, the same form sent again, 5 times",
        BOTH,
        60,
        crash::between_commit_and_answer,
    ),
    fault(
        "F03",
        "killed during an upload",
        "19 MB cut at a random byte, `kill -9`, started again, 10 times",
        BOTH,
        90,
        crash::during_an_upload,
    ),
    fault(
        "F04",
        "killed while a mail is sent",
        "mail server that stands still before or after the final dot, `kill -9`, lease waited out with `faketime`, 6 times",
        BOTH,
        120,
        mail::killed_while_sending,
    ),
    fault(
        "F05",
        "stopped under load",
        "100 requests at 50 a second, `SIGTERM` 3 ms after the last, grace 15 s, 5 times",
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
        "started 5 times more beside one with 4 writers",
        BOTH,
        60,
        crash::started_twice,
    ),
    fault(
        "F10",
        "few file descriptors",
        "`prlimit --nofile=64` on the program, 200 clients that stay",
        BOTH,
        120,
        greed::few_descriptors,
    ),
    fault(
        "F12",
        "disk full",
        "data on a memory disk of 48 MB, filled to the last byte, then freed, 3 times",
        SQLITE,
        60,
        disk::full,
    ),
    fault(
        "F13",
        "disk of the attachments full",
        "attachments on a memory disk of 4 MB, filled to the last byte, then freed",
        BOTH,
        60,
        disk::attachments_full,
    ),
    fault(
        "F14",
        "disk of the indexes full",
        "indexes on a memory disk of 8 MB, filled to the last byte, then freed",
        BOTH,
        90,
        disk::index_full,
    ),
    fault(
        "F15",
        "fsync fails (EIO)",
        "`strace` fails every fsync and fdatasync while 20 requests are sent",
        SQLITE,
        60,
        disk::sync_fails,
    ),
    fault(
        "F16",
        "writes fail (ENOSPC, EIO), the n-th and again",
        "`strace` fails every n-th pwrite64, 12 n from 1 to 211 with ENOSPC, 4 n from 1 to 97 with EIO",
        SQLITE,
        180,
        disk::writes_fail,
    ),
    fault(
        "F21",
        "storm of writers",
        "50 writers for 20 seconds, beside another process that asks for one checkpoint after another",
        BOTH,
        60,
        store::writer_storm,
    ),
    fault(
        "F22",
        "backup under load",
        "backup beside 5 writers (25 requests a second at most), verified, restored elsewhere on SQLite, served",
        BOTH,
        120,
        store::backup_under_load,
    ),
    fault(
        "F24",
        "killed while migrating",
        "killed at the n-th `pwrite64` (SQLite) or `sendto` (PostgreSQL), for many n; run again",
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
        "meta.json deleted, a byte of every file flipped, files cut, files emptied, folder emptied; once before a start, once while it runs",
        BOTH,
        120,
        index::damaged,
    ),
    fault(
        "F44",
        "killed between database and index",
        "aborted before the index's commit (failpoint) and `kill -9` at random in turn, for 75 seconds at most",
        BOTH,
        150,
        index::killed_before_commit,
    ),
    fault(
        "F46",
        "clock jumps",
        "`faketime` on the program: a year ahead and an hour back, while it runs and across a restart",
        BOTH,
        120,
        clock::jumps,
    ),
    fault(
        "F48",
        "slow clients",
        "1,000 heads and bodies that drip, from 250 addresses, beside a customer who reads and two who file; \
         then 1,000 that stand still, from 10 addresses, at the default settings",
        SQLITE,
        180,
        slow::slow_clients,
    ),
    fault(
        "F49",
        "clients that vanish",
        "10,000 connections cut in upload, request and answer",
        BOTH,
        300,
        greed::vanishing_clients,
    ),
    fault(
        "F50",
        "a form sent 20 times",
        "20 at once with the same key, 20 right after, one 20 seconds later, one 20 seconds after that and a restart",
        BOTH,
        120,
        edits::same_form_often,
    ),
    fault(
        "F51",
        "concurrent edits",
        "8 agents, random changes of status and priority of one request, for 25 seconds",
        BOTH,
        90,
        edits::concurrent,
    ),
    fault(
        "F53",
        "large numbers",
        "keys of six tables at 2^31 - 1 and 2^53, request number 9,999,999",
        BOTH,
        60,
        data::large_numbers,
    ),
    fault(
        "F54",
        "attachments missing or altered",
        "one deleted, one cut, one byte changed, while it is stopped",
        BOTH,
        60,
        data::attachments_damaged,
    ),
];
