//! Titles and questions for a word that is still being typed.

use tantivy::Term;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument};

use crate::platform::search::analysis::prefix_term;
use crate::platform::search::snippet::{Highlighter, SnippetPart};
use crate::platform::search::spelling::tolerated_mistakes;
use crate::platform::search::user_query::{Limits, UserQuery};
use crate::platform::search::words::fold;
use crate::platform::search::{Language, SearchError};

use super::ArticleSearch;
use super::fields::prefer_language;
use super::find::{id_of, text_of};

const MOST_SUGGESTIONS: usize = 20;
/// Factor on a whole word of the title over a beginning.
const WHOLE_WORD: f32 = 2.0;

/// An article offered while somebody types.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// Article.
    pub id: i64,
    /// Last part of its address.
    pub slug: String,
    /// Language of the version found.
    pub lang: String,
    /// Title with what was typed marked.
    pub title_parts: Vec<SnippetPart>,
    /// The question of the article that answers, marked, when its title does not.
    pub question_parts: Option<Vec<SnippetPart>>,
    /// The viewer's language has no version that they may read.
    pub other_language: bool,
}

impl ArticleSearch {
    /// Articles whose title or questions have words that begin like those typed, best first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn suggest(
        &self,
        prefix: &str,
        lang: &str,
        audiences: &[String],
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let typed = UserQuery::parse(prefix, Limits::TYPED);
        if audiences.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let searcher = self.searcher();
        let filter = self.fields.visible(lang, audiences, None);
        let mut highlighter = Highlighter::default();
        let Some(query) = self.beginnings(&searcher, &*filter, &typed, lang, &mut highlighter)?
        else {
            return Ok(Vec::new());
        };
        let top =
            TopDocs::with_limit(limit.min(MOST_SUGGESTIONS)).tweak_score(prefer_language(lang));
        let mut found = Vec::new();
        for (_, address) in searcher.search(&query, &top)? {
            found.push(self.suggestion(&searcher.doc(address)?, &highlighter, lang));
        }
        Ok(found)
    }

    /// Every word that counts must begin a word of the title or of a question.
    fn beginnings(
        &self,
        searcher: &Searcher,
        filter: &dyn Query,
        typed: &UserQuery,
        lang: &str,
        highlighter: &mut Highlighter,
    ) -> Result<Option<BooleanQuery>, SearchError> {
        let language = Language::from_tag(lang).unwrap_or(Language::En);
        let content = typed.content(language);
        let mut clauses = vec![(Occur::Must, filter.box_clone())];
        for word in &typed.words {
            let last = typed.open && typed.words.last() == Some(word);
            let folded = fold(word.lower());
            let Some(beginning) = prefix_term(&folded) else {
                continue;
            };
            let exact = Term::from_field_text(self.fields.beginnings, &beginning);
            let mut query: Box<dyn Query> =
                Box::new(TermQuery::new(exact.clone(), IndexRecordOption::Basic));
            if !(content.contains(&word) || last) {
                clauses.push((Occur::Should, query));
                continue;
            }
            if !occurs(searcher, &*query, filter)? && !tolerated_mistakes(&folded, true).is_empty()
            {
                query = Box::new(FuzzyTermQuery::new(exact, 1, true));
            }
            clauses.push((Occur::Must, query));
            let whole = TermQuery::new(
                Term::from_field_text(self.fields.title.exact, &folded),
                IndexRecordOption::WithFreqs,
            );
            clauses.push((
                Occur::Should,
                Box::new(BoostQuery::new(Box::new(whole), WHOLE_WORD)),
            ));
            highlighter.mark_beginning(&folded);
        }
        Ok((clauses.len() > 1).then(|| BooleanQuery::new(clauses)))
    }

    fn suggestion(
        &self,
        stored: &TantivyDocument,
        highlighter: &Highlighter,
        lang: &str,
    ) -> Suggestion {
        let title = text_of(stored, self.fields.shown_title);
        let mut questions = stored
            .get_all(self.fields.shown_questions)
            .filter_map(|question| question.as_str());
        let question = if highlighter.answers(title) {
            None
        } else {
            questions.find(|question| highlighter.answers(question))
        };
        let version = text_of(stored, self.fields.lang);
        Suggestion {
            id: id_of(stored, self.fields.id),
            slug: text_of(stored, self.fields.slug).to_owned(),
            lang: version.to_owned(),
            title_parts: highlighter.whole(title),
            question_parts: question.map(|question| highlighter.whole(question)),
            other_language: version != lang,
        }
    }
}

fn occurs(searcher: &Searcher, query: &dyn Query, filter: &dyn Query) -> Result<bool, SearchError> {
    let both = BooleanQuery::new(vec![
        (Occur::Must, query.box_clone()),
        (Occur::Must, filter.box_clone()),
    ]);
    Ok(searcher.search(&both, &Count)? > 0)
}
