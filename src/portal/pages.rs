//! The customers' home: values ready to print.

use serde::Serialize;

use crate::knowledge::pages::Subject;
use crate::platform::web::view::{self, Sample, View};
use crate::tickets::pages::RequestStub;

/// Every page of this slice with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    [view::samples::<Home>()].into_iter().flatten().collect()
}

/// An article in the list of the useful ones.
#[derive(Clone, Debug, Serialize)]
pub struct UsefulArticle {
    /// Title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Subject and reading time.
    pub context: String,
}

/// The first page.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// How to greet; none for a guest.
    pub first_name: Option<String>,
    /// The three requests that need the person most, the waiting ones first.
    pub requests: Vec<RequestStub>,
    /// How many are open.
    pub open_requests: i64,
    /// All of them.
    pub requests_href: String,
    /// The form of a new request.
    pub new_request_href: String,
    /// Subjects with their first articles.
    pub sections: Vec<Subject>,
    /// How many articles there are.
    pub article_count: i64,
    /// All of them.
    pub articles_href: String,
    /// Articles that helped most.
    pub popular: Vec<UsefulArticle>,
}

impl View for Home {
    const TEMPLATE: &'static str = "portal/home.html";

    fn samples() -> Vec<Self> {
        let article = UsefulArticle {
            title: "La connexion fibre se coupe par moments : que vérifier ?".to_owned(),
            href: "/articles/connexion-par-moments".to_owned(),
            context: "Internet et fibre · 4 min".to_owned(),
        };
        let customer = Self {
            first_name: Some("Claire".to_owned()),
            requests: RequestStub::samples().into_iter().take(3).collect(),
            open_requests: 7,
            requests_href: "/requests".to_owned(),
            new_request_href: "/requests/new".to_owned(),
            sections: Subject::samples(),
            article_count: 149,
            articles_href: "/articles".to_owned(),
            popular: vec![article; 6],
        };
        let guest = Self {
            first_name: None,
            requests: Vec::new(),
            open_requests: 0,
            ..customer.clone()
        };
        let first_day = Self {
            requests: Vec::new(),
            open_requests: 0,
            sections: Vec::new(),
            article_count: 0,
            popular: Vec::new(),
            ..customer.clone()
        };
        let crowded = Self {
            requests: RequestStub::samples().into_iter().skip(2).collect(),
            ..customer.clone()
        };
        vec![customer, guest, first_day, crowded]
    }
}
