//! The settings of the company as texts, by name: what `Rocket.toml` says, and what was chosen in
//! the browser instead.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::Key;

/// Some settings with their values, all of which [`Key::accepts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<Key, String>);

impl Values {
    /// The value of a setting, if these have one.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&str> {
        self.0.get(&key).map(String::as_str)
    }

    /// The value of a setting: the one here, or the built-in one.
    #[must_use]
    pub fn or_built_in(&self, key: Key) -> &str {
        self.get(key).unwrap_or(key.built_in())
    }

    /// Sets a value.
    ///
    /// # Panics
    /// When the setting does not accept the value: whoever sets one has checked it.
    pub fn set(&mut self, key: Key, value: impl Into<String>) {
        let value = value.into();
        assert!(key.accepts(&value), "{key} = {value:?} was not checked");
        self.0.insert(key, key.canonical(value));
    }

    /// Takes a value out.
    pub fn unset(&mut self, key: Key) {
        self.0.remove(&key);
    }

    /// All settings that have a value here.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &str)> {
        self.0.iter().map(|(key, value)| (*key, value.as_str()))
    }

    /// These values, with others taking their place where they have one.
    #[must_use]
    pub fn overlaid(&self, others: &Self) -> Self {
        let mut all = self.0.clone();
        all.extend(others.0.clone());
        Self(all)
    }

    /// Values as they were stored. One that this version of the program does not know or accept
    /// is passed over: the setting then follows the file.
    #[must_use]
    pub fn from_stored(json: &str) -> Self {
        let stored: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_else(|error| {
            tracing::error!(%error, "stored settings cannot be read and are passed over");
            BTreeMap::new()
        });
        let usable = stored.into_iter().filter_map(|(name, value)| {
            let key = name.parse().ok().filter(|key: &Key| key.accepts(&value));
            if key.is_none() {
                tracing::warn!(name, "a stored setting cannot be used and follows the file");
            }
            // An earlier version may have written it in another way.
            key.map(|key| (key, key.canonical(value)))
        });
        Self(usable.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_follows_the_file() {
        let stored = r##"{"phone":"01","max_files":"many","gone":"x","accent_light":"#ffcc00"}"##;
        let values = Values::from_stored(stored);
        assert_eq!(values.iter().collect::<Vec<_>>(), [(Key::Phone, "01")]);
        assert_eq!(Values::from_stored("not json"), Values::default());
    }

    #[test]
    fn what_was_stored_in_another_way_is_read_in_ours() {
        let stored = r#"{"mail_from":"Two\t\tWords <a@b.example>","max_files":"07"}"#;
        let values = Values::from_stored(stored);
        let from = values.get(Key::MailFrom);
        assert_eq!(from, Some("Two Words <a@b.example>"));
        assert_eq!(values.get(Key::MaxFiles), Some("7"));
    }

    #[test]
    fn a_choice_takes_the_place_of_the_file() {
        let (mut file, mut chosen) = (Values::default(), Values::default());
        file.set(Key::Phone, "01");
        file.set(Key::CompanyName, "Orvelle");
        chosen.set(Key::Phone, "");
        let both = file.overlaid(&chosen);
        assert_eq!(both.get(Key::Phone), Some(""));
        assert_eq!(both.or_built_in(Key::CompanyName), "Orvelle");
        assert_eq!(both.or_built_in(Key::MaxFiles), "5");
    }
}
