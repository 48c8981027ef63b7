//! Words that mean the same, from files that people edit. They act on queries only, so that an edit
//! needs no new index.

use std::collections::HashMap;

use super::language::Language;
use super::user_query::{Limits, UserQuery};
use super::words::fold;

/// Longest expression, in words.
const LONGEST: usize = 5;

/// Groups of interchangeable expressions in one language.
#[derive(Debug, Default)]
pub struct Synonyms {
    groups: Vec<Vec<Expression>>,
    by_key: HashMap<Vec<String>, Vec<usize>>,
}

#[derive(Debug)]
struct Expression {
    words: Vec<String>,
    keys: Vec<Vec<String>>,
}

impl Synonyms {
    /// Reads one group a line, expressions separated by commas; `#` begins a comment.
    #[must_use]
    pub fn parse(text: &str, language: Language) -> Self {
        let mut synonyms = Self::default();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let group: Vec<_> = line
                .split(',')
                .filter_map(|expression| Expression::parse(expression, language))
                .collect();
            for key in group.iter().flat_map(|expression| &expression.keys) {
                let groups = synonyms.by_key.entry(key.clone()).or_default();
                groups.push(synonyms.groups.len());
            }
            synonyms.groups.push(group);
        }
        synonyms
    }

    /// The longest expression at the start of these word keys: how many words it takes and the other
    /// expressions of its groups, as lower-case words.
    #[must_use]
    pub fn at_start_of(&self, keys: &[String]) -> Option<(usize, Vec<&[String]>)> {
        let longest = keys.len().min(LONGEST);
        let (length, groups) = (1..=longest)
            .rev()
            .find_map(|length| Some((length, self.by_key.get(&keys[..length])?)))?;
        let found = &keys[..length];
        let others = groups
            .iter()
            .flat_map(|&group| &self.groups[group])
            .filter(|expression| !expression.keys.iter().any(|key| key == found))
            .map(|expression| expression.words.as_slice())
            .collect();
        Some((length, others))
    }

    /// What a word is looked up by: endings and accents do not count.
    #[must_use]
    pub fn key(lower: &str, language: Language) -> String {
        language.stems(&fold(lower)).plain
    }
}

impl Expression {
    /// An expression is recognised with all its words, and without its stop words as long as two words
    /// remain: *mot passe* still says it, the *log* of *log in* does not.
    fn parse(text: &str, language: Language) -> Option<Self> {
        let query = UserQuery::parse(text.trim(), Limits::TYPED);
        let words: Vec<_> = query
            .words
            .iter()
            .map(|word| word.lower().to_owned())
            .collect();
        let content: Vec<_> = query
            .content(language)
            .into_iter()
            .map(|word| Synonyms::key(word.lower(), language))
            .collect();
        let mut keys = vec![
            words
                .iter()
                .map(|word| Synonyms::key(word, language))
                .collect(),
        ];
        if content.len() > 1 && content != keys[0] {
            keys.push(content);
        }
        (!words.is_empty()).then_some(Self { words, keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(words: &[&str]) -> Vec<String> {
        words
            .iter()
            .map(|word| Synonyms::key(word, Language::Fr))
            .collect()
    }

    #[test]
    fn the_longest_expression_is_replaced_by_its_group() {
        let text = "mot de passe, code secret, mdp # comptes\nmot, terme\n";
        let synonyms = Synonyms::parse(text, Language::Fr);
        let keys = keys(&["mots", "passe", "perdu"]);
        let (length, others) = synonyms.at_start_of(&keys).expect("the file has it");
        assert_eq!(length, 2);
        assert_eq!(
            others,
            [
                &["code".to_owned(), "secret".to_owned()][..],
                &["mdp".to_owned()][..]
            ]
        );
        assert!(synonyms.at_start_of(&keys[2..]).is_none());
    }

    #[test]
    fn an_expression_is_not_recognised_by_its_only_strong_word() {
        let synonyms = Synonyms::parse("panne, ne fonctionne pas", Language::Fr);
        assert!(synonyms.at_start_of(&keys(&["fonctionne"])).is_none());
        let (length, others) = synonyms
            .at_start_of(&keys(&["ne", "fonctionne", "pas", "bien"]))
            .expect("all its words are there");
        assert_eq!((length, others.len()), (3, 1));
    }

    #[test]
    fn comments_and_blank_lines_are_skipped() {
        let synonyms = Synonyms::parse("# rien\n\n , ,\n", Language::Fr);
        assert!(synonyms.at_start_of(&keys(&["rien"])).is_none());
    }
}
