//! The names under which the portal answers.
//!
//! A name of somebody else's can be made to lead here, for one after its page was opened (DNS
//! rebinding): the browser then takes our pages for that site's, and lets it read them. So a portal
//! that has an address answers to that name. Addresses of machines and `localhost` are nobody's to
//! lead elsewhere, and are what health checks use.

use std::net::IpAddr;

use hyper::Request;
use hyper::header::HOST;

use crate::platform::host::{is_this_machine, of_address, without_port};

/// The names that are answered to.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// None for a portal whose address was not set: it is being tried.
    own: Option<String>,
}

impl Names {
    /// Those of a portal at a public address.
    pub(super) fn of(public_url: &str) -> Self {
        let host = of_address(public_url);
        Self {
            own: (!is_this_machine(host)).then(|| without_port(host).to_ascii_lowercase()),
        }
    }

    /// Whether a request asks for one of them. An old client that names nobody is answered.
    pub(super) fn are_in<B>(&self, request: &Request<B>) -> bool {
        let said = request
            .headers()
            .get(HOST)
            .map(|host| host.to_str().unwrap_or_default());
        let asked = request
            .uri()
            .authority()
            .map(|authority| authority.as_str());
        said.into_iter().chain(asked).all(|host| self.include(host))
    }

    fn include(&self, host: &str) -> bool {
        let name = without_port(host);
        self.own.as_ref().is_none_or(|own| {
            name.trim_end_matches('.').eq_ignore_ascii_case(own)
                || name.parse::<IpAddr>().is_ok()
                || is_this_machine(host)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(public_url: &str, target: &str, host: Option<&str>) -> bool {
        let mut request = Request::builder().uri(target);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        let request = request.body(()).expect("a request");
        Names::of(public_url).are_in(&request)
    }

    #[test]
    fn a_portal_with_an_address_answers_to_it() {
        let ours = "https://portal.example";
        for host in [
            "portal.example",
            "Portal.Example:443",
            "portal.example.",
            "192.0.2.7",
            "[2001:db8::1]:8000",
            "localhost:8000",
        ] {
            assert!(answers(ours, "/", Some(host)), "{host}");
        }
        for host in [
            "evil.example",
            "portal.example.evil.example",
            "evilportal.example",
            "",
            "192.0.2.7.evil.example",
        ] {
            assert!(!answers(ours, "/", Some(host)), "{host}");
        }
        assert!(answers(ours, "/", None));
        assert!(!answers(
            ours,
            "http://evil.example/",
            Some("portal.example")
        ));
        assert!(answers("http://127.0.0.1:8000", "/", Some("intranet:8000")));
    }
}
