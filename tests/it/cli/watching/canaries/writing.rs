//! What people write, in every form that keeps it: sent, left as a draft, and sent back.

use serde_json::Value;

use super::super::visitor::Visitor;
use crate::cli::http::Answer;

/// A file: its name, and what it says.
type File<'a> = (&'a str, &'a str);

/// A form, with what it says, by the names of its fields.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// A form that keeps drafts.
struct Form<'a> {
    who: &'a Visitor,
    page: String,
    action: String,
    draft: String,
}

impl<'a> Form<'a> {
    fn new(who: &'a Visitor, page: &str, action: &str, draft: &str) -> Self {
        Self {
            who,
            page: page.to_owned(),
            action: action.to_owned(),
            draft: format!("/drafts/{draft}"),
        }
    }

    /// The form of a customer's reply.
    fn reply(who: &'a Visitor, reference: &str) -> Self {
        let page = format!("/requests/{reference}");
        let draft = format!("reply-{reference}");
        Self::new(who, &page, &format!("{page}/messages"), &draft)
    }

    /// The form of an agent's reply or note.
    fn message(who: &'a Visitor, reference: &str) -> Self {
        let page = format!("/desk/tickets/{reference}");
        let draft = format!("message-{reference}");
        Self::new(who, &page, &format!("{page}/messages"), &draft)
    }

    fn open(&self) -> Answer {
        let page = self.who.get(&self.page);
        assert_eq!(page.status, 200, "{}", self.page);
        page
    }

    fn post(&self, path: &str, fields: Fields<'_>, (name, content): File<'_>) -> Answer {
        let page = self.open();
        let version = page.hidden("version");
        let all = [fields, &[("version", version.as_str())]].concat();
        let file = ("files", name, content);
        self.who.send_file(&page, path, &all, file)
    }

    /// Sends it. Answers where that leads.
    fn send(&self, fields: Fields<'_>, file: File<'_>) -> String {
        let answer = self.post(&self.action, fields, file);
        assert_eq!(answer.status, 303, "{}: {}", self.action, answer.body);
        answer.header("location").unwrap_or_default().to_owned()
    }

    /// Leaves a draft, which another window then would replace. Answers where its file is.
    fn leave(&self, fields: Fields<'_>, file: File<'_>) -> String {
        let kept = self.post(&self.draft, fields, file);
        assert_eq!(kept.status, 200, "{}: {}", self.draft, kept.body);
        let email = fields.iter().filter(|(name, _)| *name == "email");
        let other: Vec<_> = [("body", "Ancolie blanche")]
            .iter()
            .chain(email)
            .copied()
            .collect();
        let refused = self.who.send(&self.open(), &self.draft, &other);
        assert_eq!(refused.status, 409, "{}: {}", self.draft, refused.body);
        let kept: Value = serde_json::from_str(&kept.body).expect("JSON");
        let file = kept["files"][0]["href"].as_str();
        file.expect("the draft has the file").to_owned()
    }

    /// Sends what is not taken.
    fn be_refused(&self, fields: Fields<'_>, file: File<'_>) {
        let answer = self.post(&self.action, fields, file);
        assert_eq!(answer.status, 422, "{}: {}", self.action, answer.body);
    }

    /// Where the first file is that was sent.
    fn file(&self) -> String {
        let begin = format!("{}/files/", self.page);
        let body = self.open().body;
        let rest = body.split(&begin).nth(1);
        let id = rest.and_then(|rest| rest.split('"').next());
        format!("{begin}{}", id.expect("the page has a file"))
    }
}

/// What somebody wrote.
pub struct Written {
    /// Of the request.
    pub reference: String,
    /// Where files of theirs are.
    pub files: Vec<String>,
}

/// A customer files a request and replies.
pub fn customer_writes(who: &Visitor, kind: &str) -> Written {
    let new = Form::new(who, "/requests/new", "/requests", "request");
    let filed = new.send(
        &[
            ("request_type", kind),
            ("subject", "Absinthe bleue"),
            ("body", "La Bardane ne monte plus."),
        ],
        ("Camomille.txt", "Bruyere"),
    );
    let reference = reference(&filed);
    let reply = Form::reply(who, &reference);
    reply.send(
        &[("body", "Une Immortelle de plus.")],
        ("Jonquille.txt", "Kolkwitzia"),
    );
    let draft = [("subject", "Euphorbe"), ("body", "Freesia, en attendant.")];
    let files = vec![
        reply.file(),
        new.leave(&draft, ("Glaieul.txt", "Bruyere, encore")),
        reply.leave(&[("body", "Lavande")], ("Mimosa.txt", "Kolkwitzia, encore")),
    ];
    new.be_refused(
        &[("body", "Coquelicot")],
        ("Pervenche.txt", "Bruyere trois"),
    );
    reply.be_refused(&[("body", " ")], ("Pervenche.txt", "Bruyere quatre"));
    for path in ["/requests?q=Bardane", "/requests?q=Coquelicot"] {
        assert_eq!(who.get(path).status, 200);
    }
    Written { reference, files }
}

/// Somebody who is not signed in begins to write. Answers where their file is.
pub fn guest_begins(who: &Visitor) -> String {
    let draft = [
        // Without it, the form would be one of a session that has ended.
        ("email", "germandree@oak.example"),
        ("subject", "Armoise"),
        ("body", "Lupin, en attendant."),
    ];
    let new = Form::new(who, "/requests/new", "/requests", "request");
    new.leave(&draft, ("Violette.txt", "Bruyere treize"))
}

/// An agent replies to one request, leaves notes on two, and files a third.
pub fn agent_writes(who: &Visitor, kind: &str, [theirs, other]: [&str; 2]) -> Vec<String> {
    let message = Form::message(who, theirs);
    message.send(
        &[("kind", "reply"), ("body", "Un Magnolia vous attend.")],
        ("Narcisse.txt", "Bruyere cinq"),
    );
    message.send(
        &[("kind", "note"), ("body", "Primevere, entre nous.")],
        ("Quintefeuille.txt", "Bruyere six"),
    );
    let reply = [("kind", "reply"), ("body", "Origan, plus tard.")];
    let note = [("kind", "note"), ("body", "Romarin, plus tard.")];
    let files = vec![
        message.file(),
        message.leave(&reply, ("Paquerette.txt", "Bruyere sept")),
        Form::message(who, other).leave(&note, ("Scabieuse.txt", "Bruyere huit")),
    ];
    message.be_refused(
        &[("kind", "poem"), ("body", "Coquelicot")],
        ("Scabieuse.txt", "Bruyere neuf"),
    );
    file_for_somebody(who, kind);
    let page = message.open();
    let version = page.hidden("version");
    let tagged = [
        ("version", version.as_str()),
        ("status", "open"),
        ("priority", "normal"),
        ("request_type", kind),
        ("tags", "acanthe"),
    ];
    let path = format!("/desk/tickets/{theirs}/properties");
    assert_eq!(who.send(&page, &path, &tagged).status, 303);
    for path in ["/desk/search?q=Bardane", "/desk/search?q=Primevere"] {
        assert_eq!(who.get(path).status, 200);
    }
    files
}

fn file_for_somebody(who: &Visitor, kind: &str) {
    let new = Form::new(who, "/desk/new", "/desk/tickets", "desk-request");
    let fields = |subject, body| {
        [
            ("email", "sauge.officinale@oak.example"),
            ("name", "Tanaisie Verger"),
            ("channel", "phone"),
            ("language", "en"),
            ("request_type", kind),
            ("subject", subject),
            ("body", body),
        ]
    };
    let file = ("Wisteria.txt", "Bruyere dix");
    new.send(&fields("Verveine", "Xeranthemum"), file);
    let file = ("Zinnia.txt", "Bruyere onze");
    new.leave(&fields("Tubereuse", "Xeranthemum, encore"), file);
    new.be_refused(&fields("", "Coquelicot"), ("Zinnia.txt", "Bruyere douze"));
}

/// A manager asks somebody in, names a customer's company, and changes what the portal says.
pub fn manager_writes(who: &Visitor) {
    let forms: [(&str, &str, Fields<'_>); 3] = [
        (
            "/manage/people/new",
            "/manage/people",
            &[
                ("name", "Begonia Roux"),
                ("email", "capucine@support.example"),
                ("role", "agent"),
                ("language", "en"),
            ],
        ),
        (
            "/manage/organisations",
            "/manage/organisations",
            &[("name", "Genievre et fils")],
        ),
        (
            "/manage/settings/contact",
            "/manage/settings/contact",
            &[("hours_note_en", "Hibiscus every Monday.")],
        ),
    ];
    for (page, action, fields) in forms {
        let page = who.get(page);
        let version = page.hidden("version");
        let all = [fields, &[("version", version.as_str())]].concat();
        let answer = who.send(&page, action, &all);
        assert_eq!(answer.status, 303, "{action}: {}", answer.body);
    }
}

/// Somebody signs up, and an account's owner changes their name, and not their password.
pub fn owners_write(guest: &Visitor, customer: &Visitor) {
    let page = guest.get("/sign-up");
    let fields = [
        ("name", "Dahlia Verger"),
        ("email", "eglantine@oak.example"),
    ];
    assert_eq!(guest.send(&page, "/sign-up", &fields).status, 200);
    let page = customer.get("/profile");
    let fields = [
        ("name", "Tanaisie Dupuis"),
        ("language", "en"),
        ("time_zone", ""),
    ];
    assert_eq!(customer.send(&page, "/profile", &fields).status, 303);
    let fields = [
        ("current_password", "Gaillarde sans fin"),
        ("password", "Coquelicot en mai"),
    ];
    let refused = customer.send(&page, "/profile/password", &fields);
    assert_eq!(refused.status, 422);
}

/// The reference at the end of an address.
pub fn reference(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let last = address.rsplit(['/', '=']).next().unwrap_or_default();
    assert!(last.starts_with("GU-"), "{address}");
    last.to_owned()
}
