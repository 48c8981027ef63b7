//! The accent family of a company: two colours chosen, the rest derived, all of it legible.
//!
//! The lightness and chroma of each token are those of `static/css/tokens.css`; a brand brings its
//! hue and how vivid it is. What carries text is then made lighter or darker until its contrast
//! suffices, so that a palette which exists is one that can be read.

use std::sync::LazyLock;

use super::colour::{MARK, Oklch, Rgb, TEXT};

/// Grounds on which links and coloured text stand in the light theme, as in `tokens.css`.
const LIGHT_GROUNDS: [(&str, Oklch); 4] = [
    ("paper", seen(0.982, 0.005, 85.0)),
    ("linen", seen(0.955, 0.011, 84.0)),
    ("surface", seen(1.0, 0.0, 0.0)),
    ("sunken", seen(0.966, 0.006, 85.0)),
];

/// The same in the dark theme.
const DARK_GROUNDS: [(&str, Oklch); 5] = [
    ("paper", seen(0.185, 0.012, 268.0)),
    ("linen", seen(0.208, 0.014, 268.0)),
    ("surface", seen(0.24, 0.014, 268.0)),
    ("sunken", seen(0.2, 0.012, 268.0)),
    ("raised", seen(0.275, 0.016, 268.0)),
];

/// Chroma of the built-in accents, against which a brand's is measured.
const LIGHT_CHROMA: f64 = 0.19;
const DARK_CHROMA: f64 = 0.105;

/// Steps in which lightness is tried; finer than eight bits can show.
const STEP: f64 = 0.002;

const fn seen(lightness: f64, chroma: f64, hue: f64) -> Oklch {
    Oklch {
        lightness,
        chroma,
        hue,
    }
}

/// One of the two themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light grounds.
    Light,
    /// Light text on dark grounds.
    Dark,
}

/// What a colour is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pair {
    /// White text on a button of the colour.
    TextOnAccent,
    /// Links and words of the colour on the theme's grounds.
    AccentOnGround,
}

impl Pair {
    /// A stable word, for the keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TextOnAccent => "text-on-accent",
            Self::AccentOnGround => "accent-on-ground",
        }
    }
}

/// A contrast that was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// What was compared.
    pub pair: Pair,
    /// The ratio found: the least of all grounds.
    pub ratio: f64,
    /// The ratio that is needed.
    pub needed: f64,
}

impl Measured {
    /// Whether it suffices.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.ratio >= self.needed
    }
}

/// A colour that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Illegible {
    /// The worst of what was measured.
    pub worst: Measured,
    /// The nearest lightness of the same hue that suffices.
    pub suggestion: Rgb,
}

/// The grounds of both themes as a screen shows them.
static GROUNDS: LazyLock<[Vec<Rgb>; 2]> = LazyLock::new(|| {
    let shown = |grounds: &[(&str, Oklch)]| grounds.iter().map(|(_, g)| g.rgb()).collect();
    [shown(&LIGHT_GROUNDS), shown(&DARK_GROUNDS)]
});

/// Everything that an accent of a theme has to satisfy. Buttons of the dark theme have a colour of
/// their own, made to satisfy ([`Palette::new`]): white text is measured in the light theme only.
#[must_use]
pub fn measure(theme: Theme, accent: Rgb) -> Vec<Measured> {
    let (lightness, chroma) = match theme {
        Theme::Light => (0.958, 0.018),
        Theme::Dark => (0.285, 0.055),
    };
    let soft = family(accent, theme, lightness, chroma).rgb();
    let grounds = GROUNDS[theme as usize].iter().chain([&soft]);
    let ratios = grounds.map(|ground| ground.contrast(accent));
    let on_ground = Measured {
        pair: Pair::AccentOnGround,
        ratio: ratios.fold(f64::INFINITY, f64::min),
        needed: TEXT,
    };
    let on_accent = Measured {
        pair: Pair::TextOnAccent,
        ratio: accent.contrast(Rgb::WHITE),
        needed: TEXT,
    };
    match theme {
        Theme::Light => vec![on_accent, on_ground],
        Theme::Dark => vec![on_ground],
    }
}

/// Whether an accent can be used in a theme.
///
/// # Errors
/// The worst contrast, and the nearest colour that can be used.
pub fn check(theme: Theme, accent: Rgb) -> Result<(), Illegible> {
    let worst = measure(theme, accent)
        .into_iter()
        .filter(|measured| !measured.passes())
        .min_by(|a, b| a.ratio.total_cmp(&b.ratio));
    worst.map_or(Ok(()), |worst| {
        Err(Illegible {
            worst,
            suggestion: nearest(theme, accent),
        })
    })
}

/// The colour of the same hue whose lightness is nearest and which can be used: darker in the
/// light theme, lighter in the dark one, down to black or up to white, which always can.
#[must_use]
pub fn nearest(theme: Theme, accent: Rgb) -> Rgb {
    let fits = |rgb| measure(theme, rgb).iter().all(Measured::passes);
    if fits(accent) {
        return accent;
    }
    let start = accent.oklch();
    toward(theme, start, fits)
}

/// The first lightness from `start` on, away from the theme's grounds, that fits.
fn toward(theme: Theme, start: Oklch, fits: impl Fn(Rgb) -> bool) -> Rgb {
    let mut colour = start;
    loop {
        let rgb = colour.rgb();
        if fits(rgb) {
            return rgb;
        }
        match theme {
            Theme::Light if colour.lightness > 0.0 => colour.lightness -= STEP,
            Theme::Dark if colour.lightness < 1.0 => colour.lightness += STEP,
            Theme::Light => return Rgb([0; 3]),
            Theme::Dark => return Rgb::WHITE,
        }
    }
}

/// A member of the family: the token's lightness, the brand's hue, the token's chroma as vivid as
/// the brand is.
fn family(accent: Rgb, theme: Theme, lightness: f64, chroma: f64) -> Oklch {
    let own = accent.oklch();
    let reference = match theme {
        Theme::Light => LIGHT_CHROMA,
        Theme::Dark => DARK_CHROMA,
    };
    Oklch {
        lightness,
        chroma: chroma * (own.chroma / reference).min(1.2),
        hue: own.hue,
    }
}

/// A button's colour in the dark theme: near the token's lightness, with white text on it that can
/// be read and an edge that can be seen.
fn dark_fill(accent: Rgb, lightness: f64) -> Rgb {
    let surface = GROUNDS[1][2];
    let fits = |rgb: Rgb| rgb.contrast(Rgb::WHITE) >= TEXT && rgb.contrast(surface) >= MARK;
    let at = |lightness| family(accent, Theme::Dark, lightness, 0.19).rgb();
    // Luminances from 0.142 to 0.183 fit, a band that no step of lightness can miss.
    (0..500)
        .map(|step| f64::from(step) * STEP)
        .flat_map(|by| [lightness + by, lightness - by])
        .map(at)
        .find(|&rgb| fits(rgb))
        .unwrap_or(Rgb([0x70; 3]))
}

/// The accent family, in both themes: light first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Links, what is in progress, the focus ring.
    pub accent: [Rgb; 2],
    /// Buttons.
    pub fill: [Rgb; 2],
    tokens: Vec<(&'static str, [Rgb; 2])>,
}

impl Palette {
    /// The family of an accent and, where it was chosen, of another one for the dark theme.
    #[must_use]
    pub fn new(light: Rgb, dark: Option<Rgb>) -> Self {
        let dark = dark.unwrap_or_else(|| {
            let vivid = DARK_CHROMA * (light.oklch().chroma / LIGHT_CHROMA).min(1.2);
            let start = Oklch {
                lightness: 0.775,
                chroma: vivid,
                hue: light.oklch().hue,
            };
            nearest(Theme::Dark, start.rgb())
        });
        let of = |one: (f64, f64), two: (f64, f64)| {
            [
                family(light, Theme::Light, one.0, one.1).rgb(),
                family(dark, Theme::Dark, two.0, two.1).rgb(),
            ]
        };
        let (soft, soft_2) = (
            of((0.958, 0.018), (0.285, 0.055)),
            of((0.922, 0.034), (0.325, 0.068)),
        );
        let strong = [
            strong(Theme::Light, light, -0.065, soft_2[0]),
            strong(Theme::Dark, dark, 0.075, soft_2[1]),
        ];
        let fill = [light, dark_fill(dark, 0.535)];
        let tokens = vec![
            ("accent", [light, dark]),
            ("accent-strong", strong),
            ("accent-fill", fill),
            ("accent-fill-2", [strong[0], dark_fill(dark, 0.568)]),
            ("accent-soft", soft),
            ("accent-soft-2", soft_2),
            ("accent-line", of((0.84, 0.065), (0.43, 0.095))),
            ("inverse-accent", of((0.83, 0.08), (0.83, 0.08))),
        ];
        Self {
            accent: [light, dark],
            fill,
            tokens,
        }
    }

    /// The family of the built-in design.
    #[must_use]
    pub fn built_in() -> Self {
        let parse = |text: &str| text.parse().expect("a constant colour");
        Self {
            fill: [parse("#153aaf"), parse("#3562d9")],
            ..Self::new(parse(super::key::ACCENT_LIGHT), Some(parse("#96b4fa")))
        }
    }

    /// The tokens, set for what a selector names.
    #[must_use]
    pub fn stylesheet(&self, selector: &str) -> String {
        let mut css = format!("@layer tokens {{\n  {selector} {{\n");
        for (name, [light, dark]) in &self.tokens {
            css += &format!("    --{name}: light-dark({light}, {dark});\n");
        }
        css + "  }\n}\n"
    }
}

/// Text on the tinted grounds.
fn strong(theme: Theme, accent: Rgb, by: f64, ground: Rgb) -> Rgb {
    let mut start = accent.oklch();
    start.lightness += by;
    toward(theme, start, |rgb| rgb.contrast(ground) >= TEXT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKENS: &str = include_str!("../../../static/css/tokens.css");

    fn colour() -> impl Strategy<Value = Rgb> {
        any::<[u8; 3]>().prop_map(Rgb)
    }

    #[test]
    fn the_grounds_are_those_of_the_design() {
        let written = |c: &Oklch| format!("oklch({} {} {})", c.lightness, c.chroma, c.hue);
        for (name, dark) in &DARK_GROUNDS {
            let light = LIGHT_GROUNDS.iter().find(|(light, _)| light == name);
            let light = light.map_or("oklch(1 0 0)".to_owned(), |(_, light)| written(light));
            let line = format!("--{name}: light-dark({light}, {});", written(dark));
            assert!(TOKENS.contains(&line), "{line}");
        }
    }

    #[test]
    fn the_built_in_accents_pass_and_what_is_derived_from_them_is_near_the_tokens() {
        let palette = Palette::built_in();
        check(Theme::Light, palette.accent[0]).expect("legible");
        check(Theme::Dark, palette.accent[1]).expect("legible");
        let derived = dark_fill(palette.accent[1], 0.535);
        for (one, two) in derived.0.iter().zip(palette.fill[1].0) {
            assert!(
                one.abs_diff(two) < 12,
                "{derived} beside {}",
                palette.fill[1]
            );
        }
    }

    #[test]
    fn a_pale_colour_is_refused_with_its_ratio_and_a_darker_one() {
        let pale: Rgb = "#ffcc00".parse().expect("a colour");
        let refused = check(Theme::Light, pale).expect_err("too pale");
        assert!(refused.worst.ratio < 1.5, "{refused:?}");
        assert!(refused.suggestion.luminance() < pale.luminance());
        assert!(check(Theme::Dark, pale).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_suggested_passes(accent in colour()) {
            for theme in [Theme::Light, Theme::Dark] {
                let suggestion = nearest(theme, accent);
                prop_assert!(check(theme, suggestion).is_ok(), "{accent}: {suggestion}");
                if let Err(refused) = check(theme, accent) {
                    prop_assert_eq!(refused.suggestion, suggestion);
                    prop_assert!(!refused.worst.passes());
                } else {
                    prop_assert_eq!(suggestion, accent);
                }
            }
        }

        #[test]
        fn whatever_is_derived_can_be_read(light in colour(), dark in proptest::option::of(colour())) {
            let light = nearest(Theme::Light, light);
            let palette = Palette::new(light, dark.map(|dark| nearest(Theme::Dark, dark)));
            prop_assert!(check(Theme::Dark, palette.accent[1]).is_ok());
            let token = |name: &str| {
                let found = palette.tokens.iter().find(|(n, _)| *n == name);
                found.map(|(_, colours)| *colours).expect("a token")
            };
            for theme in 0..2 {
                for fill in ["accent-fill", "accent-fill-2"] {
                    prop_assert!(token(fill)[theme].contrast(Rgb::WHITE) >= TEXT, "{fill}");
                }
                let strong = token("accent-strong")[theme];
                for ground in ["accent-soft", "accent-soft-2"] {
                    prop_assert!(strong.contrast(token(ground)[theme]) >= TEXT, "{ground}");
                }
            }
            let surface = DARK_GROUNDS[2].1.rgb();
            prop_assert!(token("accent-fill")[1].contrast(surface) >= MARK);
            let inverse = [(0.24, 0.018), (0.345, 0.018)];
            for (theme, (lightness, chroma)) in inverse.into_iter().enumerate() {
                let ground = seen(lightness, chroma, 268.0).rgb();
                prop_assert!(token("inverse-accent")[theme].contrast(ground) >= TEXT);
            }
        }
    }
}
