//! Pages that all guests see alike, and when somebody is such a guest.

use super::visitor::Visitor;
use crate::platform::web::guest_pages::{GuestView, Made, Sent};
use crate::platform::web::{Failure, IfNoneMatch, Outcome, Reply};

impl Visitor {
    /// What this visitor sees as any guest does; none for somebody signed in, or when there is a
    /// message for them.
    fn guest_view(&self) -> Option<GuestView> {
        let any_guest = self.person.is_none() && !self.had_flash;
        any_guest.then(|| GuestView {
            path: self.path.clone(),
            lang: self.lang,
            theme: self.theme.clone(),
        })
    }

    /// The company is the one that this request began with, as the edition is.
    fn made_from(&self, edition: u64) -> Made {
        Made {
            edition,
            company: self.company.revision(),
        }
    }

    /// The page as it was made for another guest, in the same edition of what it shows.
    #[must_use]
    pub fn kept_page(&self, edition: u64, known: &IfNoneMatch) -> Option<Reply> {
        let (pages, made) = (&self.site.guest_pages, self.made_from(edition));
        let page = pages.find(&self.guest_view()?, made)?;
        let known = known.clone();
        Some(Reply::guest(Sent { page, known }))
    }

    /// Keeps a page for the next guest, if it is one that all see alike. `edition` is the one
    /// before anything was read for it.
    ///
    /// # Errors
    /// When it cannot be made small.
    pub async fn keep_page(&self, edition: u64, known: &IfNoneMatch, reply: Reply) -> Outcome {
        let Some(view) = self.guest_view() else {
            return Ok(reply);
        };
        let html = match reply.into_plain_html() {
            Ok(html) => html,
            Err(reply) => return Ok(*reply),
        };
        let (pages, made) = (&self.site.guest_pages, self.made_from(edition));
        let page = pages.keep(view, made, html).await;
        Ok(Reply::guest(Sent {
            page: page.map_err(|error| Failure::internal(&error))?,
            known: known.clone(),
        }))
    }
}
