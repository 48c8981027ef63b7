//! Samples of one request.

use super::super::{
    ArticleRead, Collision, Composer, DeskMessage, DeskTicketPage, DueMark, DuePanel, EventLine,
    File, MessageKind, OtherRequest, Properties, RequesterPanel, TextLink, Thread, ThreadItem,
    TicketDetails,
};
use super::{
    LONG_NAME, LONG_WORD, agents, at, limits, options, person, priorities, request_types, statuses,
    teams, texts,
};
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::SafeHtml;
use crate::platform::web::form::{Fields, FormErrors, FormState};
use crate::tickets::drafting;

pub fn pages() -> Vec<DeskTicketPage> {
    vec![typical(), collided(), bare(), long(), refused()]
}

fn due() -> DuePanel {
    DuePanel {
        label: "Solution".to_owned(),
        mark: DueMark {
            text: "1 h 35".to_owned(),
            tone: "ok".to_owned(),
            title: "Solution : aujourd’hui, 17 h 15".to_owned(),
        },
        badge: "dans les temps".to_owned(),
        note: "avant aujourd’hui, 17 h 15".to_owned(),
        href: "/desk/tickets/OR-48213/clock".to_owned(),
    }
}

fn typical() -> DeskTicketPage {
    DeskTicketPage {
        reference: "OR-48213".to_owned(),
        href: "/desk/tickets/OR-48213".to_owned(),
        subject: "Perte de connexion fibre toutes les 20 minutes à l’accueil".to_owned(),
        stage: "progress".to_owned(),
        stage_label: "En cours".to_owned(),
        back: link("/desk/teams/1", "Réseau"),
        previous: Some("/desk/tickets/OR-48222".to_owned()),
        next: Some("/desk/tickets/OR-48219".to_owned()),
        filed: at("aujourd’hui 13 h 04"),
        due: Some(due()),
        clock_href: "/desk/tickets/OR-48213/clock".to_owned(),
        properties: properties(),
        details: TicketDetails {
            channel: "Portail".to_owned(),
            language: "Français".to_owned(),
            created: at("aujourd’hui 13 h 04"),
            first_response: Some(at("13 h 21")),
        },
        thread: Thread {
            show: "all".to_owned(),
            public_count: 4,
            note_count: 2,
            items: exchange(),
            earlier: None,
            latest: None,
        },
        composer: composer(FormState::empty().with("version", "7")),
        requester: requester("Claire Fontanel"),
        others: others(),
        others_link: Some(link("/desk/views/all?q=claire", "41 en tout")),
        articles: [
            "La connexion se coupe par moments",
            "Comprendre les voyants de la box Pro",
        ]
        .map(|title| ArticleRead {
            title: title.to_owned(),
            href: "/articles/la-connexion-se-coupe".to_owned(),
            when: "12 h 51".to_owned(),
        })
        .into(),
        history_href: "/desk/tickets/OR-48213/history".to_owned(),
    }
}

fn collided() -> DeskTicketPage {
    let mut page = typical();
    page.composer.form = FormState::empty()
        .with("version", "8")
        .with("kind", "reply")
        .with(
            "body",
            "Bonjour Claire, Yann est sur place et a ouvert le boîtier.",
        );
    page.composer.collision = Some(Collision {
        who: "Amina".to_owned(),
        count: 1,
        first_new: "message-9".to_owned(),
    });
    let mut new = message(
        9,
        MessageKind::Agent,
        "Amina Belkacem",
        "Bonjour Claire, un technicien arrive à 15 h 30.",
    );
    new.new = true;
    page.thread.items.push(ThreadItem::Message(new));
    page
}

/// Without company, team, other requests, articles, account, answer; the customer cannot be
/// reached.
fn bare() -> DeskTicketPage {
    let mut page = typical();
    page.previous = None;
    page.next = None;
    page.details.first_response = None;
    page.thread.items.truncate(1);
    page.others.clear();
    page.others_link = None;
    page.articles.clear();
    page.requester.organisation = None;
    page.requester.phone = None;
    page.requester.has_account = false;
    page.requester.unproven = true;
    page.requester.end_links_action = Some("/desk/tickets/OR-48213/links/end".to_owned());
    page.composer.can_reply = false;
    page.composer.form = FormState::empty().with("version", "1").with("kind", "note");
    page
}

fn long() -> DeskTicketPage {
    let mut page = typical();
    page.subject = format!("{LONG_WORD} {LONG_WORD}");
    page.requester = requester(LONG_NAME);
    page.requester.organisation = Some(LONG_WORD.to_owned());
    page.requester.email = format!("{}@exemple.example", &LONG_WORD[..60]);
    let lines = format!("{LONG_WORD}\n").repeat(200);
    let mut huge = message(10, MessageKind::Customer, LONG_NAME, &lines);
    huge.files = (0..5).map(|_| file(&format!("{LONG_WORD}.csv"))).collect();
    page.thread.items.push(ThreadItem::Message(huge));
    page.thread.earlier = Some(link(
        "/desk/tickets/OR-48213?show=public&before=212",
        "Voir 100 éléments précédents",
    ));
    page.thread.latest = Some(link(
        "/desk/tickets/OR-48213?show=public",
        "Revenir aux derniers éléments",
    ));
    page.thread.show = "public".to_owned();
    page.composer.form = FormState::empty()
        .with("version", "7")
        .with("kind", "note")
        .with("body", lines);
    page
}

fn refused() -> DeskTicketPage {
    let mut page = typical();
    let mut fields = Fields::default();
    fields.push("status".to_owned(), "open".to_owned());
    fields.push("tags".to_owned(), LONG_WORD.to_owned());
    let error = |field: &str| FormErrors::one(field, Message::new("form-required"));
    page.properties.form = FormState::refused(&fields, &error("tags"), Lang::Fr);
    page.composer.form = FormState::refused(&Fields::default(), &error("body"), Lang::Fr);
    page
}

fn link(href: &str, label: &str) -> TextLink {
    TextLink {
        href: href.to_owned(),
        label: label.to_owned(),
    }
}

fn properties() -> Properties {
    Properties {
        action: "/desk/tickets/OR-48213/properties".to_owned(),
        form: FormState::empty()
            .with("version", "7")
            .with("status", "open")
            .with("priority", "high")
            .with("team", "1")
            .with("assignee", "7")
            .with("request_type", "1")
            .with("tags", "optique, intervention, site de santé"),
        statuses: statuses(),
        priorities: priorities(),
        teams: teams(),
        assignees: agents(),
        request_types: request_types(),
        known_tags: texts(&["optique", "intervention", "site de santé"]),
    }
}

fn composer(form: FormState) -> Composer {
    let draft = drafting::samples()[usize::from(form.sent)].clone();
    Composer {
        action: "/desk/tickets/OR-48213/messages".to_owned(),
        form,
        to: "Claire Fontanel".to_owned(),
        statuses: options(&[
            ("keep", "garder En cours"),
            ("pending", "passer à En attente client"),
            ("resolved", "passer à Résolue"),
        ]),
        limits: limits(),
        can_reply: true,
        collision: None,
        draft,
    }
}

fn requester(name: &str) -> RequesterPanel {
    let chip = person(name);
    RequesterPanel {
        name: chip.name,
        initials: chip.initials,
        hue: chip.hue,
        email: "claire.fontanel@tilleuls.example".to_owned(),
        phone: Some("01 99 00 41 27".to_owned()),
        language: "Français".to_owned(),
        organisation: Some("Clinique des Tilleuls".to_owned()),
        since: "Cliente depuis mars 2024".to_owned(),
        has_account: true,
        unproven: false,
        end_links_action: None,
    }
}

fn others() -> Vec<OtherRequest> {
    [
        (
            "waiting",
            "En attente client",
            "Ajout de deux postes, bloc B",
            "mar. 17",
        ),
        (
            "resolved",
            "Résolue",
            "Duplicata des factures de septembre et d’octobre",
            "lun. 16",
        ),
        (
            "confirmed",
            "Confirmée",
            "Renvoi d’appel pendant les travaux",
            "3 nov.",
        ),
        (
            "confirmed",
            "Confirmée",
            "Débit lent en radiologie",
            "21 oct.",
        ),
    ]
    .into_iter()
    .map(|(stage, stage_label, subject, when)| OtherRequest {
        subject: subject.to_owned(),
        href: "/desk/tickets/OR-47120".to_owned(),
        stage: stage.to_owned(),
        stage_label: stage_label.to_owned(),
        when: when.to_owned(),
    })
    .collect()
}

fn file(name: &str) -> File {
    File {
        name: name.to_owned(),
        size: "38 Ko".to_owned(),
        kind: "csv".to_owned(),
        href: "/files/f7c1".to_owned(),
    }
}

fn message(seq: u32, kind: MessageKind, author: &str, text: &str) -> DeskMessage {
    let chip = person(author);
    let customer = kind == MessageKind::Customer;
    DeskMessage {
        id: format!("message-{seq}"),
        kind,
        author: chip.name,
        initials: chip.initials,
        hue: chip.hue,
        affiliation: Some(
            if customer {
                "Clinique des Tilleuls"
            } else {
                "Réseau"
            }
            .to_owned(),
        ),
        route: (kind == MessageKind::Agent).then(|| "envoyé à Claire".to_owned()),
        at: at(&format!("13 h {:02}", seq * 5)),
        html: SafeHtml::plain_text(text),
        files: Vec::new(),
        solution: false,
        new: false,
    }
}

fn event(icon: &str, text: &str, lines: &[&str]) -> ThreadItem {
    ThreadItem::Event(EventLine {
        icon: icon.to_owned(),
        text: text.to_owned(),
        lines: texts(lines),
        at: at("13 h 04"),
    })
}

fn exchange() -> Vec<ThreadItem> {
    use MessageKind::{Agent, Customer, Note};
    let mut first = message(
        1,
        Customer,
        "Claire Fontanel",
        "Bonjour, depuis 11 h 30 la connexion tombe environ toutes les vingt minutes à l’accueil du bâtiment A. Les admissions passent par le papier. Le voyant Fibre clignote en rouge une minute, puis redevient vert.",
    );
    first.files = vec![file("journal-box-24h.csv")];
    let mut by_mail = message(
        6,
        Customer,
        "Claire Fontanel",
        "PON est orange et il clignote. Le boîtier est derrière la banque d’accueil, accessible sans rien démonter.",
    );
    by_mail.route = Some("par courriel".to_owned());
    let mut solution = message(
        8,
        Agent,
        "Théo Marchand",
        "Yann remplace le connecteur à 15 h 30. La connexion sera coupée cinq minutes.",
    );
    solution.solution = true;
    vec![
        ThreadItem::Message(first),
        event(
            "route",
            "Confiée à l’équipe Réseau",
            &["type de demande : Panne"],
        ),
        event(
            "arrow-up",
            "Théo Marchand a changé la priorité",
            &[
                "Priorité : Normale → Haute",
                "Responsable : personne → Théo Marchand",
            ],
        ),
        ThreadItem::Message(message(
            4,
            Agent,
            "Théo Marchand",
            "Bonjour Claire, merci pour le journal. Il montre sept pertes de signal optique depuis 11 h 28 : le connecteur du boîtier mural est le premier suspect. Je lance un test de ligne, une heure environ.",
        )),
        ThreadItem::Message(message(
            5,
            Note,
            "Amina Belkacem",
            "Même boîtier qu’en mars. La gaine passe derrière la banque d’accueil et fait un coude serré. Prévoir un connecteur de rechange et une protection, pas seulement un nettoyage.",
        )),
        event("pause", "En attente du client", &[]),
        ThreadItem::Message(by_mail),
        ThreadItem::Message(message(
            7,
            Note,
            "Théo Marchand",
            "Intervention de Yann à 15 h 30, connecteur et gaine dans le véhicule.",
        )),
        ThreadItem::Message(solution),
    ]
}
