//! Who looks, and at what.

use std::fmt;

use guichet::platform::i18n::{Args, Lang, catalog};

/// A language, a size and a colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Language of the browser and of the people.
    pub lang: Lang,
    /// A desk screen, or a phone.
    pub wide: bool,
    /// What the system asks for.
    pub dark: bool,
    /// Whether the system asks for no motion, as a minority does.
    pub still: bool,
}

impl Screen {
    /// Every language on every size, each in both schemes once; one with the motion that most people
    /// see.
    pub const ALL: [Self; 4] = [
        Self::new(Lang::Fr, true, false),
        Self::new(Lang::Fr, false, true),
        Self::new(Lang::En, true, true).in_motion(),
        Self::new(Lang::En, false, false),
    ];

    /// One screen, which stands still: what moves is hard to measure.
    pub const fn new(lang: Lang, wide: bool, dark: bool) -> Self {
        Self {
            lang,
            wide,
            dark,
            still: true,
        }
    }

    /// The same, without a wish for stillness.
    const fn in_motion(mut self) -> Self {
        self.still = false;
        self
    }

    /// Width and height, in CSS pixels.
    pub const fn size(self) -> (u32, u32) {
        if self.wide { (1440, 960) } else { (390, 844) }
    }

    /// The program's own text for a key, in the language of the screen.
    pub fn t(self, key: &str) -> String {
        catalog().text(self.lang, key, None)
    }

    /// As [`Screen::t`], with arguments.
    pub fn t_with(self, key: &str, args: &Args<'_>) -> String {
        catalog().text(self.lang, key, Some(args))
    }

    /// One of two texts of the test itself.
    pub const fn say<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self.lang {
            Lang::Fr => french,
            Lang::En => english,
        }
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = if self.wide { "desktop" } else { "phone" };
        let scheme = if self.dark { "dark" } else { "light" };
        write!(f, "{}-{size}-{scheme}", self.lang)
    }
}
