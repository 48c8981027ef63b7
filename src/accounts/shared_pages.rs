//! Pages that all guests see alike, and when somebody is such a guest.

use super::visitor::Visitor;
use crate::platform::web::guest_pages::{GuestView, Made, Sent};
use crate::platform::web::{Failure, IfNoneMatch, Outcome, Reply};

impl Visitor {
    /// What this visitor sees as any guest does; none for somebody signed in, or when there is a
    /// message for them. None either at an address that is not the page's own: anybody can think
    /// of any number of those, and they would push out the pages that are asked for.
    fn guest_view(&self) -> Option<GuestView> {
        let any_guest = self.person.is_none() && !self.had_flash;
        (any_guest && is_plain(&self.path)).then(|| GuestView {
            path: self.path.clone(),
            lang: self.lang,
            theme: self.theme.clone(),
        })
    }

    /// The company is the one that this request began with, as both editions are.
    fn made_from(&self, edition: u64) -> Made {
        Made {
            edition,
            company: self.company.revision(),
            overrides: self.overrides,
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

/// Whether an address is written as we write it: no query, nothing encoded, nothing twice.
fn is_plain(path: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"/-_.".contains(&c);
    let normal = path == "/" || !(path.ends_with('/') || path.contains("//"));
    normal && path.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addresses_that_we_write_are_kept() {
        for ours in [
            "/",
            "/en",
            "/fr/articles",
            "/fr/articles/ma-ligne-2",
            "/en/sections/net",
        ] {
            assert!(is_plain(ours), "{ours}");
        }
        for odd in [
            "/en?1",
            "/en?",
            "/en/",
            "//en",
            "/en//articles",
            "/%65n",
            "/EN",
            "/en;1",
            "/é",
        ] {
            assert!(!is_plain(odd), "{odd}");
        }
    }
}
