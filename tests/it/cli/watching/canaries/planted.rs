//! What is planted, and how it is looked for.

use diesel::prelude::*;
use guichet::platform::db::Conn;
use guichet::schema::{attachments, draft_files, drafts, messages, tickets};

use crate::cli::program::Place;

pub const PASSWORD: &str = "Amarante et Belladone";
pub const WRONG: &str = "Cyclamen ou Digitale";
pub const AGENT: &str = "edelweiss@support.example";
pub const GUEST: &str = "fuchsia.gentiane@oak.example";
pub const STRANGER: &str = "hellebore@oak.example";
pub const CUSTOMER: &str = "saponaire@oak.example";
pub const CUSTOMERS_PASSWORD: &str = "Ulmaire et Valeriane";
pub const REFUSED: &str = "5.1.1 <ipomee@oak.example>: no such user";

/// What people write and the tables keep, in lower case: subjects, texts, names of files.
const KEPT: [&str; 31] = [
    "jacinthe",
    "kalmia",
    "lobelie",
    // A guest's draft.
    "armoise",
    "lupin",
    "germandree",
    "violette",
    // A customer's request, reply and drafts.
    "absinthe",
    "bardane",
    "camomille",
    "immortelle",
    "jonquille",
    "euphorbe",
    "freesia",
    "glaieul",
    "lavande",
    "mimosa",
    "pervenche",
    // An agent's reply, note, request and drafts.
    "magnolia",
    "narcisse",
    "primevere",
    "quintefeuille",
    "origan",
    "paquerette",
    "romarin",
    "scabieuse",
    "verveine",
    "wisteria",
    "xeranthemum",
    "tubereuse",
    "zinnia",
];

/// What else must be nowhere: names, addresses, passwords, contents of files, words that were
/// looked for, texts that were refused.
const OTHERS: [&str; 32] = [
    "amarante",
    "belladone",
    "cyclamen",
    "digitale",
    "edelweiss",
    "fuchsia",
    "gentiane",
    "hellebore",
    "ipomee",
    "monarde",
    "nigelle",
    "orchidee",
    "pivoine",
    "renoncule",
    "saponaire",
    "tanaisie",
    "ulmaire",
    "valeriane",
    "acanthe",
    "ancolie",
    "begonia",
    "bruyere",
    "capucine",
    "coquelicot",
    "dahlia",
    "eglantine",
    "gaillarde",
    "genievre",
    "hibiscus",
    "kolkwitzia",
    "liseron",
    "sauge.officinale",
];

/// Nothing proves anything that was never planted.
#[track_caller]
pub fn assert_kept(place: &Place) {
    let mut conn = place.database.connect();
    let texts = texts(&mut conn).expect("queries").join("\n").to_lowercase();
    let missing: Vec<_> = KEPT.iter().filter(|word| !texts.contains(*word)).collect();
    assert!(missing.is_empty(), "{missing:?} were not planted");
}

fn texts(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let mut all: Vec<String> = tickets::table.select(tickets::subject).load(conn)?;
    all.extend(
        messages::table
            .select(messages::body)
            .load::<String>(conn)?,
    );
    all.extend(
        attachments::table
            .select(attachments::name)
            .load::<String>(conn)?,
    );
    all.extend(drafts::table.select(drafts::fields).load::<String>(conn)?);
    all.extend(
        draft_files::table
            .select(draft_files::name)
            .load::<String>(conn)?,
    );
    Ok(all)
}

#[track_caller]
pub fn assert_silent(heard: &str, secrets: &[String]) {
    let lower = heard.to_lowercase();
    let line_of = |word: &str| {
        lower
            .lines()
            .find(|line| line.contains(word))
            .map(str::to_owned)
    };
    for planted in KEPT.iter().chain(&OTHERS) {
        assert_eq!(line_of(planted), None, "{planted} was told");
    }
    for secret in secrets {
        assert!(secret.len() > 5, "too short to look for: {secret:?}");
        assert_eq!(line_of(&secret.to_lowercase()), None, "a secret was told");
    }
    let address = |line: &&str| {
        line.split_whitespace()
            .any(|word| word.contains('@') && word.contains(".example"))
    };
    assert_eq!(lower.lines().find(address), None, "an address was told");
}
