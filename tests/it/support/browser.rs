//! A browser: keeps cookies, follows redirects, says where its requests come from.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use guichet::platform::i18n::Lang;
use rocket::http::{ContentType, Cookie, Header};
use rocket::local::blocking::LocalRequest;
use scraper::{ElementRef, Html, Selector};

use super::form::{FilledForm, encode};
use super::{PUBLIC_URL, TestApp};

/// Redirects in a row that a browser follows before it gives up.
const MAX_REDIRECTS: usize = 5;

/// A request as another site or a program would send it.
pub struct Sent<'a> {
    /// Where to.
    pub path: &'a str,
    /// Type of the body.
    pub content_type: ContentType,
    /// The body.
    pub body: Vec<u8>,
    /// Where the sender says that it comes from, and whatever else.
    pub headers: Vec<Header<'static>>,
}

/// One person's browser.
pub struct Browser<'a> {
    app: &'a TestApp,
    lang: Lang,
    address: Cell<IpAddr>,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(app: &'a TestApp, lang: Lang, number: u16) -> Self {
        let [high, low] = number.to_be_bytes();
        Self {
            app,
            lang,
            address: Cell::new(IpAddr::V4(Ipv4Addr::new(198, 18, high, low))),
            cookies: RefCell::default(),
        }
    }

    /// The program that it opens pages of.
    pub fn app(&self) -> &'a TestApp {
        self.app
    }

    /// The same browser at this moment: what a second click sends before the first is answered.
    pub fn twin(&self) -> Self {
        Self {
            app: self.app,
            lang: self.lang,
            address: self.address.clone(),
            cookies: self.cookies.clone(),
        }
    }

    /// Moves the browser to another network address.
    pub fn move_to(&self, address: IpAddr) {
        self.address.set(address);
    }

    /// Opens an address and goes where it leads.
    pub fn get(&self, path: &str) -> Page<'_> {
        self.follow(self.get_once(path))
    }

    /// Opens an address and stays at the answer, even if it leads elsewhere.
    pub fn get_once(&self, path: &str) -> Page<'_> {
        self.exchange(path, self.app.client().get(path.to_owned()))
    }

    /// Opens an address with a header of one's own.
    pub fn get_with(&self, path: &str, header: Header<'static>) -> Page<'_> {
        let request = self.app.client().get(path.to_owned()).header(header);
        self.exchange(path, request)
    }

    /// Sends a filled form and goes where it leads.
    pub(super) fn send(&self, form: &FilledForm<'_>) -> Page<'_> {
        self.follow(self.send_once(form))
    }

    /// Sends a filled form and stays at the answer.
    pub(super) fn send_once(&self, form: &FilledForm<'_>) -> Page<'_> {
        if form.method() == "get" {
            let path = format!("{}?{}", form.action(), form.urlencoded());
            return self.get_once(&path);
        }
        let (content_type, body) = form.body();
        self.post_raw(form.action(), content_type, body)
    }

    /// Sends fields to an address without having seen its form: what no page of ours does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page<'_> {
        self.post_raw(path, ContentType::Form, encode(fields).into_bytes())
    }

    /// Sends a body as it is.
    pub fn post_raw(&self, path: &str, content_type: ContentType, body: Vec<u8>) -> Page<'_> {
        let request = self
            .app
            .client()
            .post(path.to_owned())
            .header(content_type)
            .header(Header::new("Origin", PUBLIC_URL))
            .header(Header::new("Sec-Fetch-Site", "same-origin"))
            .body(body);
        self.exchange(path, request)
    }

    /// Sends exactly this: what no browser sends from a page of ours.
    pub fn post_as_is(&self, sent: Sent<'_>) -> Page<'_> {
        let mut request = self
            .app
            .client()
            .post(sent.path.to_owned())
            .header(sent.content_type)
            .body(sent.body);
        for header in sent.headers {
            request = request.header(header);
        }
        self.exchange(sent.path, request)
    }

    /// The cookie's value, by its name without prefix.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Puts a cookie into the browser, as somebody with access to it could.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    fn follow<'b>(&'b self, mut page: Page<'b>) -> Page<'b> {
        for _ in 0..MAX_REDIRECTS {
            let Some(location) = page.location().map(str::to_owned) else {
                return page;
            };
            let path = location.strip_prefix(PUBLIC_URL).unwrap_or(&location);
            // What follows the # stays in the browser.
            let path = path.split('#').next().unwrap_or_default();
            page = self.get_once(path);
        }
        panic!("redirected without end, last to {}", page.path);
    }

    fn exchange<'b>(&'b self, path: &str, request: LocalRequest<'_>) -> Page<'b> {
        let mut request = request
            .remote(SocketAddr::new(self.address.get(), 40_000))
            .header(Header::new("Host", "portal.example"))
            .header(Header::new("Accept-Language", self.lang.as_str()))
            .header(Header::new("User-Agent", "Mozilla/5.0 (test)"));
        for (name, value) in self.cookies.borrow().iter() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        let response = request.dispatch();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|h| (h.name().to_string(), h.value().to_owned()))
            .collect();
        let status = response.status().code;
        let body = response.into_bytes().unwrap_or_default();
        self.keep_cookies(&headers);
        Page {
            browser: self,
            path: path.to_owned(),
            status,
            headers,
            body,
        }
    }

    fn keep_cookies(&self, headers: &[(String, String)]) {
        let mut jar = self.cookies.borrow_mut();
        for (_, value) in headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let cookie = Cookie::parse(value.clone()).expect("our cookies are well formed");
            if cookie.value().is_empty() || cookie.max_age().is_some_and(|age| age.is_zero()) {
                jar.remove(cookie.name());
            } else {
                jar.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}

/// An answer as the browser shows it.
pub struct Page<'b> {
    pub(super) browser: &'b Browser<'b>,
    /// Path and query that it answers.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl<'b> Page<'b> {
    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// Asserts where the browser ended up, without the query.
    #[track_caller]
    pub fn at(self, path: &str) -> Self {
        let here = self.path.split('?').next().unwrap_or_default();
        assert_eq!(here, path, "status {}: {}", self.status, self.text());
        self
    }

    /// Asserts that the page shows a text. All white space counts as one space.
    #[track_caller]
    pub fn has(self, text: &str) -> Self {
        assert!(
            self.shows(text),
            "{} does not show {text:?}, but: {}",
            self.path,
            self.text()
        );
        self
    }

    /// Asserts that the page does not show a text.
    #[track_caller]
    pub fn lacks(self, text: &str) -> Self {
        assert!(!self.shows(text), "{} shows {text:?}", self.path);
        self
    }

    /// Whether the page shows a text.
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(&squeeze(text))
    }

    /// The text that the page shows.
    pub fn text(&self) -> String {
        let document = self.document();
        let root = document.root_element();
        squeeze(&root.text().collect::<Vec<_>>().join(" "))
    }

    /// The source.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// A header that may come several times.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// All headers but the request's number, as they come.
    pub fn common_headers(&self) -> Vec<(&str, &str)> {
        self.headers
            .iter()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("X-Request-Id"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Where the answer leads, if it leads elsewhere.
    pub fn location(&self) -> Option<&str> {
        self.header("Location")
    }

    /// The texts of all elements that a CSS selector finds.
    #[track_caller]
    pub fn all(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        document
            .select(&parse(selector))
            .map(|element| squeeze(&text_of(element)))
            .collect()
    }

    /// An attribute of each element that a CSS selector finds.
    #[track_caller]
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = self.document();
        document
            .select(&parse(selector))
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    /// Follows the link with this text.
    #[track_caller]
    pub fn click(&self, text: &str) -> Page<'b> {
        let document = self.document();
        let href = document
            .select(&parse("a[href]"))
            .find(|element| squeeze(&text_of(*element)) == squeeze(text))
            .and_then(|element| element.attr("href"))
            .unwrap_or_else(|| panic!("{} has no link {text:?}: {}", self.path, self.text()));
        self.browser.get(href)
    }

    /// The form with this action, filled as it is shown.
    #[track_caller]
    pub fn form(&self, action: &str) -> FilledForm<'b> {
        FilledForm::find(self, action)
    }

    /// Whether the page has a form with this action.
    pub fn has_form(&self, action: &str) -> bool {
        let actions = self.attributes("form", "action");
        actions.iter().any(|found| found == action)
    }

    pub(super) fn document(&self) -> Html {
        Html::parse_document(&self.html())
    }
}

fn parse(selector: &str) -> Selector {
    Selector::parse(selector).expect("the test's selector is valid CSS")
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}

/// One plain space for any run of white space, no-break spaces included.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
