//! What must hold for every input of the program's parsers.
//!
//! One list, used twice: `fuzz/` makes up inputs for it, `cargo test` replays those that are kept.
//! A check panics with the input's own words when it does not hold, and is deterministic.

pub mod addresses;
pub mod calendar;
pub mod file_name;
pub mod form;
pub mod front_matter;
pub mod html;
pub mod http_head;
pub mod markdown;
pub mod reader;
pub mod search;
pub mod settings;
pub mod snippet;

/// What must hold for an input: it panics where that does not.
pub type Check = fn(&[u8]);

/// Every check, by the name of its fuzz target and of its folders of inputs.
pub const ALL: &[(&str, Check)] = &[
    ("addresses", addresses::check),
    ("calendar", calendar::check),
    ("file_name", file_name::check),
    ("form", form::check),
    ("front_matter", front_matter::check),
    ("html", html::check),
    ("http_head", http_head::check),
    ("markdown", markdown::check),
    ("search", search::check),
    ("settings", settings::check),
    ("snippet", snippet::check),
];

/// Says that what follows repeats something; no text has this byte.
const REPEAT: u8 = 0xFF;

/// Unfolds an input of a few bytes to one of up to `most`: after [`REPEAT`] a byte says how many
/// bytes before it (lower half, and one) are repeated how often (two to the power of the upper
/// half). So small inputs reach the limits of the program.
pub fn unfold(data: &[u8], most: usize) -> Vec<u8> {
    let mut unfolded: Vec<u8> = Vec::with_capacity(data.len());
    let mut bytes = data.iter();
    while let Some(&byte) = bytes.next() {
        if byte != REPEAT {
            unfolded.push(byte);
            continue;
        }
        let Some(&how) = bytes.next() else { break };
        let from = unfolded.len().saturating_sub(usize::from(how & 0x0F) + 1);
        let unit = unfolded[from..].to_vec();
        for _ in 1..1_usize << (how >> 4) {
            if unfolded.len() + unit.len() > most {
                break;
            }
            unfolded.extend_from_slice(&unit);
        }
    }
    unfolded.truncate(most);
    unfolded
}

/// The same as text; bytes that are none become U+FFFD.
pub fn text(data: &[u8], most: usize) -> String {
    String::from_utf8_lossy(&unfold(data, most)).into_owned()
}

/// The first line of an input, and the rest.
pub fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}
