//! The least that the framework can do: what everything else is compared with.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rocket::fairing::AdHoc;

use super::Outcome;
use super::process::Process;
use super::world::free_port;

/// Rocket as it comes, and one route.
pub fn serve() -> Outcome<()> {
    #[rocket::get("/")]
    const fn hello() -> &'static str {
        "Hello, world!"
    }
    let port = free_port()?;
    let figment = rocket::Config::figment()
        .merge(("port", port))
        .merge(("log_level", "off"));
    let liftoff = AdHoc::on_liftoff("tell", move |_| {
        println!("listens on {port}");
        Box::pin(async {})
    });
    let rocket = rocket::custom(figment)
        .mount("/", rocket::routes![hello])
        .attach(liftoff);
    rocket::execute(rocket.launch()).map_err(|error| error.to_string())?;
    Ok(())
}

/// A process that says hello until it is no longer needed.
pub struct Hello {
    child: Child,
    port: u16,
}

impl Hello {
    pub fn start() -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("hello")
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let port = line
            .split_whitespace()
            .last()
            .and_then(|word| word.parse().ok());
        let port = port.ok_or("the framework's hello ended before it served")?;
        Ok(Self { child, port })
    }

    pub fn process(&self) -> Process {
        Process {
            port: self.port,
            id: self.child.id(),
        }
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the framework's hello could not be stopped: {error}");
        }
    }
}
