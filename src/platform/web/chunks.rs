//! Answers leave in as few pieces as possible.
//!
//! Rocket hands a body to its connection in pieces of 4 kB, each through a channel to another task:
//! a list of 60 kB wakes two tasks fifteen times. In one piece it costs one buffer of its size.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Request, Response};

/// Bytes of a piece, at most: files are read from the disk in these.
const LARGEST: usize = 64 * 1024;

/// Sets the size of the pieces. What has no length known, such as a stream of events, keeps to
/// Rocket's.
pub struct FewChunks;

#[rocket::async_trait]
impl Fairing for FewChunks {
    fn info(&self) -> Info {
        Info {
            name: "few chunks",
            kind: Kind::Response,
        }
    }

    async fn on_response<'r>(&self, _: &'r Request<'_>, response: &mut Response<'r>) {
        if let Some(size) = response.body().preset_size() {
            // With room for one byte more, the end is found without another buffer.
            response.set_max_chunk_size(size.min(LARGEST) + 1);
        }
    }
}
