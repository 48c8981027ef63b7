//! The built program by itself: copied alone into an empty folder, it serves, and it does not even
//! know where its sources are.
//!
//! A debug build reads templates and styles from the sources, so only a release can show this; and
//! nothing measured of a program that does not hold it would be worth anything.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use super::Outcome;
use super::wire::first_visit;
use super::world::Served;

/// What is built into the program: it must not look for any of it.
const EMBEDDED: [&str; 5] = ["templates", "static", "migrations", "kb", "src/demo/kb"];

/// Pages of several slices, in both languages.
const PAGES: [&str; 6] = [
    "/fr",
    "/en",
    "/fr/articles",
    "/en/articles",
    "/sign-in",
    "/requests/new",
];

/// What is known once it is proved.
pub const PROVED: &str = "one file: serves alone in an empty folder, knows no path of its sources";

/// Shows that the program needs no other file.
pub fn prove() -> Outcome<()> {
    let built = Path::new(env!("CARGO_BIN_EXE_guichet"));
    names_no_sources(built)?;
    // Away from the sources: settings may stand in a folder above.
    let place = tempfile::tempdir()?;
    let folder = place.path();
    let program = folder.join("guichet");
    fs::copy(built, &program)?;
    let mut command = Command::new(&program);
    command
        .current_dir(folder)
        .env_clear()
        .envs(env::var_os("PATH").map(|path| ("PATH", path)))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    let served = Served::start(command)?;
    let mut client = served.client();
    for page in PAGES {
        let answer = client.get(page, "")?;
        if answer.status != 200 || !answer.text().contains("</html>") {
            return Err(
                format!("alone in a folder, it answers {} at {page}", answer.status).into(),
            );
        }
    }
    // Styles, scripts, fonts.
    first_visit(&mut client)?;
    for written in ["data/guichet.db", "kb/en/operators/settings.md"] {
        if !folder.join(written).exists() {
            return Err(format!("alone in a folder, it made no {written}").into());
        }
    }
    Ok(())
}

/// Whether the program could still read what is built into it from where it was built.
fn names_no_sources(program: &Path) -> Outcome<()> {
    let bytes = fs::read(program)?;
    for folder in EMBEDDED {
        let path = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
        let named = bytes
            .windows(path.len())
            .any(|window| window == path.as_bytes());
        if named {
            let program = program.display();
            return Err(format!(
                "{program} holds the path {path}: it may read {folder} from there instead of having \
                 it inside, and would not be one file. Was it built as a release?"
            )
            .into());
        }
    }
    Ok(())
}
