//! Colours and how well they can be told apart.
//!
//! Contrast is that of WCAG 2.2, success criteria 1.4.3 and 1.4.11, from the definitions of
//! "contrast ratio" and "relative luminance" in its glossary (<https://www.w3.org/TR/WCAG22/>).
//! Lightness, chroma and hue are those of OKLCH (CSS Color 4, section 9; B. Ottosson, 2020).

use std::fmt;
use std::str::FromStr;

/// Least contrast of text on its ground (WCAG 2.2, 1.4.3, level AA).
pub const TEXT: f64 = 4.5;

/// Least contrast of controls and marks beside what surrounds them (WCAG 2.2, 1.4.11, level AA).
pub const MARK: f64 = 3.0;

/// A colour of a screen, eight bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

/// A colour by how it is seen: lightness from 0 to 1, chroma from 0, hue in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklch {
    /// 0 is black, 1 is white.
    pub lightness: f64,
    /// 0 is grey; screens reach about 0.3.
    pub chroma: f64,
    /// Degrees.
    pub hue: f64,
}

impl Rgb {
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// Relative luminance: 0 for black, 1 for white.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio of two colours: 1 for the same luminance, 21 for black and white.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    /// The same colour as it is seen.
    #[must_use]
    pub fn oklch(self) -> Oklch {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let a = 1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s;
        Oklch {
            lightness: 0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
            chroma: a.hypot(b),
            hue: b.atan2(a).to_degrees(),
        }
    }
}

impl Oklch {
    /// The colour of a screen; where no screen shows that much chroma, with the most it can.
    #[must_use]
    pub fn rgb(self) -> Rgb {
        let lightness = self.lightness.clamp(0.0, 1.0);
        let (mut low, mut high) = (0.0, self.chroma.max(0.0));
        if let Some(rgb) = to_rgb(lightness, high, self.hue) {
            return rgb;
        }
        // Halving leaves less than a thousandth of a step of eight bits.
        for _ in 0..20 {
            let middle = f64::midpoint(low, high);
            if to_rgb(lightness, middle, self.hue).is_some() {
                low = middle;
            } else {
                high = middle;
            }
        }
        to_rgb(lightness, low, self.hue).unwrap_or(grey(lightness))
    }
}

/// Greys are within reach of every screen.
fn grey(lightness: f64) -> Rgb {
    Rgb([encode(lightness.powi(3)); 3])
}

/// None where a channel would have to be below nothing or above everything.
fn to_rgb(lightness: f64, chroma: f64, hue: f64) -> Option<Rgb> {
    /// What rounding may cost.
    const SLACK: f64 = 0.000_5;
    let (b, a) = hue.to_radians().sin_cos();
    let (a, b) = (a * chroma, b * chroma);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let channels = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    let reachable = channels
        .iter()
        .all(|channel| (-SLACK..=1.0 + SLACK).contains(channel));
    reachable.then(|| Rgb(channels.map(encode)))
}

/// A linear channel as eight bits of sRGB.
fn encode(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let value = if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 255 by the clamp above"
    )]
    let byte = (value * 255.0).round() as u8;
    byte
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The text is no colour such as `#153aaf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoColour;

impl FromStr for Rgb {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| NoColour)?;
        let [_, channels @ ..] = number.to_be_bytes();
        Ok(Self(channels))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour() -> impl Strategy<Value = Rgb> {
        any::<[u8; 3]>().prop_map(Rgb)
    }

    #[test]
    fn known_contrasts() {
        let black = Rgb([0; 3]);
        assert!((Rgb::WHITE.contrast(black) - 21.0).abs() < 1e-9);
        // The lightest grey that passes on white, and the one after it.
        assert!(Rgb([0x76; 3]).contrast(Rgb::WHITE) >= TEXT);
        assert!(Rgb([0x77; 3]).contrast(Rgb::WHITE) < TEXT);
        // The luminance of pure green is its coefficient.
        assert!((Rgb([0, 255, 0]).luminance() - 0.7152).abs() < 1e-9);
    }

    #[test]
    fn known_lightness() {
        // The accent of the built-in design is written both ways in its specification.
        let accent: Rgb = "#153aaf".parse().expect("a colour");
        let seen = accent.oklch();
        assert!((seen.lightness - 0.41).abs() < 0.003, "{seen:?}");
        assert!((seen.chroma - 0.19).abs() < 0.003, "{seen:?}");
        assert!((seen.hue.rem_euclid(360.0) - 265.0).abs() < 1.0, "{seen:?}");
    }

    #[test]
    fn texts_that_are_no_colours() {
        for text in [
            "", "#fff", "blue", "#12345g", "#1234567", "+12345", "#é1234",
        ] {
            assert_eq!(text.parse::<Rgb>(), Err(NoColour), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn contrast_is_symmetric_and_bounded(one in colour(), two in colour()) {
            let ratio = one.contrast(two);
            prop_assert!((1.0..=21.000_001).contains(&ratio));
            prop_assert!((ratio - two.contrast(one)).abs() < 1e-12);
            prop_assert!((one.contrast(one) - 1.0).abs() < 1e-12);
        }

        #[test]
        fn more_light_is_more_contrast_with_black(colour in colour(), channel in 0..3_usize) {
            let black = Rgb([0; 3]);
            let mut lighter = colour;
            lighter.0[channel] = lighter.0[channel].saturating_add(1);
            prop_assert!(lighter.contrast(black) >= colour.contrast(black));
        }

        #[test]
        fn a_colour_survives_being_seen(colour in colour()) {
            let back = colour.oklch().rgb();
            for (one, two) in colour.0.iter().zip(back.0) {
                prop_assert!(one.abs_diff(two) <= 1, "{colour} became {back}");
            }
        }

        #[test]
        fn a_colour_is_read_as_it_is_written(colour in colour()) {
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
