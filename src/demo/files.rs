//! Files that customers send along: a box's log, a line test, a picture of its lights.

use super::office::local;
use super::prng::Prng;
use crate::platform::db::Timestamp;

/// Different contents of each kind.
const CONTENTS: u64 = 16;

/// What kind of file a scenario's request comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FileKind {
    /// The box's optical levels over a day, as a table.
    BoxLog,
    /// A test of the line, as text.
    LineTest,
    /// A picture of the box's lights.
    Lights,
    /// Colleagues to be given rights, as a table.
    Colleagues,
}

/// A file that comes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Enclosure {
    /// Its name.
    pub(super) name: String,
    /// Its content.
    pub(super) content: Vec<u8>,
}

impl FileKind {
    /// Makes a file of this kind as it would have been saved at an instant.
    pub(super) fn make(self, rng: &mut Prng, at: Timestamp) -> Enclosure {
        // Few contents, many names: equal contents are kept once, and keeping one takes long.
        let rng = &mut Prng::new(rng.below(CONTENTS));
        let day = local(at).format("%d-%m");
        let (name, content) = match self {
            Self::BoxLog => ("journal-box-24h.csv".to_owned(), box_log(rng)),
            Self::LineTest => (format!("test-ligne-{day}.txt"), line_test(rng)),
            Self::Lights => (format!("voyants-{day}.png"), lights(rng)),
            Self::Colleagues => ("collaborateurs.csv".to_owned(), colleagues(rng)),
        };
        Enclosure { name, content }
    }
}

/// Levels every ten minutes; below −27 dBm the box loses its signal.
fn box_log(rng: &mut Prng) -> Vec<u8> {
    let mut text = String::from("heure;rx_dbm;etat\n");
    for step in 0..144 {
        let lost = step > 90 && rng.chance(14);
        let level = if lost {
            -290 - rng.between(0, 40)
        } else {
            -190 - rng.between(0, 9)
        };
        text.push_str(&format!(
            "{:02}:{:02};-{},{};{}\n",
            step / 6,
            step % 6 * 10,
            level.abs() / 10,
            level.abs() % 10,
            if lost { "perte de signal" } else { "en ligne" },
        ));
    }
    text.into_bytes()
}

fn line_test(rng: &mut Prng) -> Vec<u8> {
    let mut text = String::from("Test de ligne, serveur mesure.orvelle.example\n\n");
    for number in 1..=10 {
        text.push_str(&format!(
            "essai {number:>2}  aller-retour {:>3} ms  descendant {:>3} Mbit/s  montant {:>3} Mbit/s\n",
            rng.between(9, 180),
            rng.between(40, 480),
            rng.between(8, 190),
        ));
    }
    text.push_str(&format!("\npaquets perdus : {} %\n", rng.between(0, 9)));
    text.into_bytes()
}

fn colleagues(rng: &mut Prng) -> Vec<u8> {
    const ROLES: [&str; 4] = ["lecture", "demandes", "facturation", "administration"];
    let mut text = String::from("poste;droits\n");
    for number in 0..rng.between(2, 7) {
        let role = rng.pick(&ROLES).copied().unwrap_or("lecture");
        text.push_str(&format!("{};{role}\n", 210 + number));
    }
    text.into_bytes()
}

const WIDTH: usize = 240;
const HEIGHT: usize = 96;
/// Wall, case, dark, green, orange, red: what the picture's bytes stand for.
const PALETTE: [u8; 18] = [
    232, 228, 220, 58, 60, 66, 30, 31, 35, 66, 186, 96, 240, 150, 40, 208, 52, 46,
];

/// A dark box on a wall with five lights.
fn lights(rng: &mut Prng) -> Vec<u8> {
    let colours: Vec<u8> = (0..5).map(|_| [3, 3, 3, 4, 5][pick_light(rng)]).collect();
    let mut rows = Vec::with_capacity((WIDTH + 1) * HEIGHT);
    for y in 0..HEIGHT {
        rows.push(0); // the row's filter: none
        for x in 0..WIDTH {
            let in_case = (12..WIDTH - 12).contains(&x) && (26..70).contains(&y);
            let light = (x - x.min(24)) / 40;
            let in_light = x >= 24 && (x - 24) % 40 < 12 && (42..54).contains(&y);
            rows.push(match (in_case, in_light) {
                (true, true) => colours.get(light).copied().unwrap_or(2),
                (true, false) => 1,
                (false, _) => 0,
            });
        }
    }
    png(&rows)
}

fn pick_light(rng: &mut Prng) -> usize {
    usize::try_from(rng.below(5)).unwrap_or(0)
}

/// A picture with a palette (PNG, second edition), its data stored without compression.
fn png(rows: &[u8]) -> Vec<u8> {
    let size = |n: usize| u32::try_from(n).unwrap_or(0).to_be_bytes();
    let mut header = [size(WIDTH), size(HEIGHT)].concat();
    header.extend([8, 3, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [
        (b"IHDR", header),
        (b"PLTE", PALETTE.to_vec()),
        (b"IDAT", stored(rows)),
        (b"IEND", Vec::new()),
    ] {
        let body = [kind.as_slice(), &data].concat();
        file.extend(size(data.len()));
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    file
}

/// A zlib stream (RFC 1950) of one stored block (RFC 1951, 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("a picture fits one block");
    let mut stream = vec![0x78, 0x01, 1];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(data);
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (b + a) % 65521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

/// The checksum of PNG, annex D, bit by bit.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
        assert!(stored(b"Wikipedia").ends_with(&0x11e6_0398_u32.to_be_bytes()));
    }

    #[test]
    fn the_same_draws_make_the_same_file() {
        let at = Timestamp::from_micros(1_795_100_000_000_000);
        for kind in [
            FileKind::BoxLog,
            FileKind::LineTest,
            FileKind::Lights,
            FileKind::Colleagues,
        ] {
            let file = kind.make(&mut Prng::new(5), at);
            assert_eq!(file, kind.make(&mut Prng::new(5), at));
            assert!(file.content.len() > 30);
        }
    }
}
