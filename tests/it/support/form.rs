//! Forms, filled as a browser does: what stands in the page is sent unless it is changed.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocket::http::ContentType;
use scraper::{ElementRef, Selector};

use super::browser::{Browser, Page};

const BOUNDARY: &str = "----guichet-test-boundary";

/// A file to attach.
#[derive(Clone)]
pub struct File {
    /// Name on the sender's disk.
    pub name: String,
    /// What the browser takes it for.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file with a name, a type and content.
    pub fn new(name: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.into(),
        }
    }
}

/// A form of a page with the values that would be sent.
#[derive(Clone)]
pub struct FilledForm<'b> {
    browser: &'b Browser<'b>,
    action: String,
    method: String,
    multipart: bool,
    known: Vec<String>,
    values: Vec<(String, String)>,
    buttons: Vec<(String, String)>,
    files: Vec<(String, File)>,
}

impl<'b> FilledForm<'b> {
    #[track_caller]
    pub(super) fn find(page: &Page<'b>, action: &str) -> Self {
        let document = page.document();
        let forms = selector("form");
        let Some(form) = document
            .select(&forms)
            .find(|form| form.attr("action") == Some(action))
        else {
            panic!(
                "{} has no form to {action:?}, but: {:?}; it says: {}",
                page.path,
                page.attributes("form", "action"),
                page.text()
            );
        };
        let mut filled = Self {
            browser: page.browser,
            action: action.to_owned(),
            method: form.attr("method").unwrap_or("get").to_lowercase(),
            multipart: form.attr("enctype") == Some("multipart/form-data"),
            known: Vec::new(),
            values: Vec::new(),
            buttons: Vec::new(),
            files: Vec::new(),
        };
        let fields = selector("input[name], select[name], textarea[name], button[name]");
        for field in form.select(&fields) {
            filled.take(field);
        }
        filled
    }

    fn take(&mut self, field: ElementRef<'_>) {
        let name = field.attr("name").unwrap_or_default().to_owned();
        let value = field.attr("value").unwrap_or_default().to_owned();
        self.known.push(name.clone());
        if field.attr("disabled").is_some() {
            return;
        }
        match (
            field.value().name(),
            field.attr("type").unwrap_or("text"),
            field.attr("checked").is_some(),
        ) {
            ("button", _, _) | ("input", "submit", _) => self.buttons.push((name, value)),
            ("input", "file", _) | ("input", "checkbox" | "radio", false) => {}
            ("select", _, _) => {
                if let Some(chosen) = chosen_option(field) {
                    self.values.push((name, chosen));
                }
            }
            ("textarea", _, _) => {
                let text: String = field.text().collect();
                // The first line feed of a text area is not part of its content.
                let text = text.strip_prefix('\n').unwrap_or(&text).to_owned();
                self.values.push((name, text));
            }
            _ => self.values.push((name, value)),
        }
    }

    /// Types into a field, or chooses in a list or among radio buttons.
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.known.iter().any(|known| known == name),
            "the form to {} has no field {name:?}, but: {:?}",
            self.action,
            self.known
        );
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Ticks a box, or another of several boxes with the same name.
    #[track_caller]
    pub fn tick(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.known.iter().any(|known| known == name),
            "the form to {} has no box {name:?}",
            self.action
        );
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes the tick out of a box.
    pub fn untick(mut self, name: &str, value: &str) -> Self {
        self.values
            .retain(|(n, v)| (n.as_str(), v.as_str()) != (name, value));
        self
    }

    /// Attaches a file.
    pub fn attach(mut self, name: &str, file: File) -> Self {
        assert!(self.multipart, "the form to {} takes no files", self.action);
        self.files.push((name.to_owned(), file));
        self
    }

    /// Sends a field that the page does not have, as somebody with ill intent can.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.values.retain(|(n, _)| n != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses one of several buttons.
    #[track_caller]
    pub fn press(mut self, name: &str, value: &str) -> Self {
        let pressed = (name.to_owned(), value.to_owned());
        assert!(
            self.buttons.contains(&pressed),
            "the form to {} has no button {pressed:?}, but: {:?}",
            self.action,
            self.buttons
        );
        self.buttons = vec![pressed];
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sends the form and goes where it leads.
    #[track_caller]
    pub fn submit(self) -> Page<'b> {
        self.browser.send(&self)
    }

    /// Sends the form and stays at the answer.
    #[track_caller]
    pub fn submit_once(self) -> Page<'b> {
        self.browser.send_once(&self)
    }

    /// Where it goes, and what would be sent there.
    pub fn encoded(&self) -> (String, ContentType, Vec<u8>) {
        let (content_type, body) = self.body();
        (self.action.clone(), content_type, body)
    }

    pub(super) fn action(&self) -> &str {
        &self.action
    }

    pub(super) fn method(&self) -> &str {
        &self.method
    }

    pub(super) fn urlencoded(&self) -> String {
        let sent: Vec<(&str, &str)> = self
            .sent()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        encode(&sent)
    }

    pub(super) fn body(&self) -> (ContentType, Vec<u8>) {
        if !self.multipart {
            return (ContentType::Form, self.urlencoded().into_bytes());
        }
        let mut body = Vec::new();
        for (name, value) in self.sent() {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(head.as_bytes());
        }
        for (field, file) in &self.files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; \
                 filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                file.name, file.media_type
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(&file.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let content_type =
            ContentType::new("multipart", "form-data").with_params(("boundary", BOUNDARY));
        (content_type, body)
    }

    /// The values, and the button when there is no doubt which one is pressed.
    fn sent(&self) -> impl Iterator<Item = &(String, String)> {
        let button = (self.buttons.len() == 1).then(|| self.buttons.first());
        self.values.iter().chain(button.flatten())
    }
}

/// Writes fields as `application/x-www-form-urlencoded`.
pub(super) fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn chosen_option(select: ElementRef<'_>) -> Option<String> {
    let options = selector("option");
    let value = |option: ElementRef<'_>| {
        let text = || option.text().collect::<String>().trim().to_owned();
        option.attr("value").map_or_else(text, str::to_owned)
    };
    let mut first = None;
    for option in select.select(&options) {
        if option.attr("selected").is_some() {
            return Some(value(option));
        }
        first.get_or_insert_with(|| value(option));
    }
    first
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a constant selector is valid CSS")
}
