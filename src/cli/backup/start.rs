//! Whether what was restored serves: the program is started on it, once, with none of the settings of
//! this place, so that nothing leaves it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Pages that anybody may ask for, from the process alone to one that needs database and templates.
const PAGES: [&str; 3] = ["/healthz", "/sign-in", "/requests/new"];
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the program in a folder that has `data` in it, asks for a few pages and ends it.
///
/// # Errors
/// When it does not start, or in words for each page that is not answered as it should be.
pub(super) fn serve_once(folder: &Path) -> io::Result<Result<String, Vec<String>>> {
    let begun = Instant::now();
    let mut served = Served::start(folder)?;
    let Some(address) = served.address()? else {
        return Ok(Err(vec!["the program ended before it served".to_owned()]));
    };
    let took = begun.elapsed();
    let mut faults = Vec::new();
    for page in PAGES {
        let status = ask(&address, page)?;
        if status != "200" {
            faults.push(format!("{page} is answered with {status}"));
        }
    }
    let ready = format!("served after {} ms: {}", took.as_millis(), PAGES.join(", "));
    Ok(if faults.is_empty() {
        Ok(ready)
    } else {
        Err(faults)
    })
}

struct Served {
    child: Child,
    /// Kept as long as it runs: who prints where nobody listens ends.
    out: BufReader<ChildStdout>,
}

impl Served {
    fn start(folder: &Path) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .env("GUICHET_DATA_DIR", "data")
            .env("GUICHET_KB_DIR", "data/kb")
            .env("ROCKET_ADDRESS", "127.0.0.1")
            .env("ROCKET_PORT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let out = BufReader::new(out);
        Ok(Self { child, out })
    }

    /// Where it says that it listens; none when it ends instead.
    fn address(&mut self) -> io::Result<Option<String>> {
        for line in self.out.by_ref().lines() {
            if let Some((_, address)) = line?.split_once("listens on http://") {
                return Ok(Some(address.trim().to_owned()));
            }
        }
        Ok(None)
    }
}

impl Drop for Served {
    /// At once: the folder goes, too.
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        if let Err(error) = ended {
            tracing::warn!(%error, "the program on the restored data could not be ended");
        }
    }
}

/// The status of a page.
fn ask(address: &str, page: &str) -> io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    write!(
        connection,
        "GET {page} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    let head = String::from_utf8_lossy(&answer);
    let status = head.split(' ').nth(1).unwrap_or("nothing");
    Ok(status.to_owned())
}
