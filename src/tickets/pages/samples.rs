//! Samples of the pages: usual, empty, extreme.

use super::{
    Detail, Event, Facts, FileLimits, FileLink, GuestFiled, KeptField, List, Me, Message, New,
    RelatedArticle, RequestStub, Show, Step, ThreadEntry, TypeTile,
};
use crate::platform::text::SafeHtml;
use crate::platform::web::FormState;
use crate::platform::web::form::FieldError;
use crate::platform::web::link::{Choice, Link, Pages};
use crate::platform::web::view::View;

/// A word that no line can break.
const LONG_WORD: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

fn crumbs(last: &str) -> Vec<Link> {
    vec![
        Link::new("Accueil", "/"),
        Link::new("Mes demandes", "/requests"),
        Link::new(last, ""),
    ]
}

fn limits() -> FileLimits {
    FileLimits {
        max_files: 5,
        max_file_bytes: 20_000_000,
        max_file_label: "20 Mo".to_owned(),
    }
}

impl RequestStub {
    /// One request of each stage, and one with a subject that no line can break.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let stub = |title: &str, stage: &str, label: &str, end: (&str, &str), tone: &str| Self {
            title: title.to_owned(),
            href: "/requests/GU-1042".to_owned(),
            stage: stage.to_owned(),
            stage_label: label.to_owned(),
            reference: "GU-1042".to_owned(),
            end_label: end.0.to_owned(),
            end_value: end.1.to_owned(),
            tone: tone.to_owned(),
        };
        vec![
            stub(
                "Ajout de deux postes au standard du bloc B",
                "waiting",
                "En attente de vous",
                ("Il manque", "Votre réponse"),
                "wait",
            ),
            stub(
                "Perte de connexion fibre toutes les 20 minutes à l’accueil",
                "progress",
                "En cours",
                ("Dernière réponse", "aujourd’hui, 14 h 20"),
                "neutral",
            ),
            stub(
                "Duplicata des factures de septembre",
                "resolved",
                "Résolue",
                ("À confirmer", "avant lundi"),
                "ok",
            ),
            stub(
                LONG_WORD,
                "logged",
                "Enregistrée",
                ("Reçue", "hier"),
                "neutral",
            ),
            stub(
                "Débit lent",
                "confirmed",
                "Confirmée",
                ("Fermée", "3 nov."),
                "neutral",
            ),
        ]
    }
}

impl New {
    fn sample(guest: bool, form: FormState) -> Self {
        let tile = |value: &str, label: &str, hint: &str, icon: &str| TypeTile {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: Some(hint.to_owned()),
            icon: icon.to_owned(),
        };
        Self {
            crumbs: crumbs("Nouvelle demande"),
            organisation: (!guest).then(|| "Clinique des Tilleuls".to_owned()),
            action: "/requests".to_owned(),
            cancel_href: "/".to_owned(),
            guest,
            types: vec![
                tile(
                    "fault",
                    "Une panne",
                    "Coupure, lenteur, appels impossibles",
                    "wifi",
                ),
                tile(
                    "invoice",
                    "Une facture",
                    "Duplicata, montant, paiement",
                    "receipt",
                ),
                tile(
                    "addition",
                    "Un ajout",
                    "Ligne, poste, option, matériel",
                    "package",
                ),
                tile(
                    "access",
                    "Un accès",
                    "Compte, mot de passe, droits",
                    "key-round",
                ),
                tile(
                    "visit",
                    "Un rendez-vous",
                    "Installation, visite, report",
                    "calendar-clock",
                ),
                tile(
                    "other",
                    "Autre chose",
                    "Dites-le avec vos mots",
                    "message-circle",
                ),
            ],
            form,
            files: limits(),
            related: Vec::new(),
        }
    }
}

impl View for New {
    const TEMPLATE: &'static str = "tickets/new.html";

    fn samples() -> Vec<Self> {
        let mut typed = Self::sample(
            false,
            FormState::empty()
                .with("request_type", "fault")
                .with("subject", "Le Wi-Fi invités ne répond plus depuis ce matin"),
        );
        typed.related.push(RelatedArticle {
            title: "Le portail du Wi-Fi invités ne s’affiche pas".to_owned(),
            href: "/articles/wifi-invites".to_owned(),
            context: "Internet et fibre · 2 min".to_owned(),
        });
        let mut refused = FormState::empty()
            .with("subject", LONG_WORD)
            .with("body", "<script>alert(1)</script>\n".repeat(200))
            .with("email", "claire@");
        for (field, text) in [
            ("request_type", "Choisissez un type de demande."),
            ("email", "Il manque ce qui suit le @."),
            ("files", "Un fichier dépasse 20 Mo."),
        ] {
            refused.errors.insert(field.to_owned(), text.to_owned());
            refused.summary.push(FieldError {
                field: field.to_owned(),
                text: text.to_owned(),
            });
        }
        vec![
            Self::sample(false, FormState::empty()),
            typed,
            Self::sample(true, refused),
        ]
    }
}

impl View for List {
    const TEMPLATE: &'static str = "tickets/list.html";

    fn samples() -> Vec<Self> {
        let filter = |label: &str, current: bool, count: i64| Choice {
            label: label.to_owned(),
            href: "/requests?stage=waiting".to_owned(),
            current,
            count: Some(count),
        };
        let full = Self {
            crumbs: vec![Link::new("Accueil", "/"), Link::new("Mes demandes", "")],
            any: true,
            filters: vec![
                filter("En cours", true, 7),
                filter("En attente de vous", false, 1),
                filter("Résolues", false, 2),
                filter("Toutes", false, 41),
            ],
            search_action: "/requests".to_owned(),
            query: String::new(),
            kept: vec![KeptField {
                name: "stage".to_owned(),
                value: "open".to_owned(),
            }],
            requests: RequestStub::samples(),
            pages: Pages {
                previous: None,
                next: Some("/requests?after=12".to_owned()),
                note: None,
            },
            clear_href: "/requests".to_owned(),
            new_request_href: "/requests/new".to_owned(),
        };
        let nothing_found = Self {
            query: "boitier".to_owned(),
            requests: Vec::new(),
            pages: Pages::default(),
            ..full.clone()
        };
        let first_use = Self {
            any: false,
            query: String::new(),
            ..nothing_found.clone()
        };
        vec![full, nothing_found, first_use]
    }
}

fn message(id: &str, author: &str, text: &str, mine: bool) -> Message {
    Message {
        id: id.to_owned(),
        author: author.to_owned(),
        meta: (!mine).then(|| "Orvelle, équipe Réseau".to_owned()),
        initials: if mine { "CF" } else { "TM" }.to_owned(),
        hue: if mine { 3 } else { 4 },
        time: "aujourd’hui, 13 h 04".to_owned(),
        datetime: "2026-11-19T12:04:00Z".to_owned(),
        mine,
        solution: false,
        html: SafeHtml::plain_text(text),
        files: Vec::new(),
    }
}

fn thread() -> Vec<ThreadEntry> {
    let mut first = message(
        "message-1",
        "Vous",
        "Bonjour, depuis 11 h 30 la connexion tombe toutes les vingt minutes.\n\nLe voyant \
         Fibre clignote en rouge une minute, puis redevient vert.",
        true,
    );
    first.files.push(FileLink {
        name: "journal-box-24h.csv".to_owned(),
        size: "38 Ko".to_owned(),
        kind: "csv".to_owned(),
        href: "/files/01J/journal-box-24h.csv".to_owned(),
    });
    let mut last = message(
        "message-2",
        "Théo Marchand",
        "Le connecteur optique était abîmé, il est remplacé.",
        false,
    );
    last.solution = true;
    vec![
        ThreadEntry::Message(first),
        ThreadEntry::Event(Event {
            icon: "arrow-right".to_owned(),
            time: "13 h 04".to_owned(),
            datetime: "2026-11-19T12:04:00Z".to_owned(),
            text: "Confiée à l’équipe Réseau".to_owned(),
        }),
        ThreadEntry::Message(last),
    ]
}

impl Show {
    /// The page with the request at the stage of this number, 0 to 4.
    fn sample(now: usize) -> Self {
        const STAGES: [(&str, &str); 5] = [
            ("logged", "Enregistrée"),
            ("progress", "En cours"),
            ("waiting", "En attente de vous"),
            ("resolved", "Résolue"),
            ("confirmed", "Confirmée"),
        ];
        let steps = STAGES.iter().enumerate().map(|(at, (stage, label))| Step {
            state: match at.cmp(&now) {
                std::cmp::Ordering::Less if *stage == "waiting" => "skipped",
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "todo",
            }
            .to_owned(),
            stage: (*stage).to_owned(),
            label: (*label).to_owned(),
            note: if at <= now { "mardi 17, 9 h 12" } else { "" }.to_owned(),
        });
        let detail = |label: &str, value: &str| Detail {
            label: label.to_owned(),
            value: value.to_owned(),
        };
        Self {
            crumbs: crumbs("GU-1042"),
            reference: "GU-1042".to_owned(),
            subject: "Perte de connexion fibre toutes les 20 minutes à l’accueil".to_owned(),
            facts: vec![
                "Panne".to_owned(),
                "Déposée par vous aujourd’hui à 13 h 04".to_owned(),
            ],
            stage: STAGES[now].0.to_owned(),
            steps: steps.collect(),
            steps_caption: format!(
                "{} depuis hier, 16 h 30. Étape {} sur 5.",
                STAGES[now].1,
                now + 1
            ),
            version: 3,
            waiting_from: "Nadia Rossi".to_owned(),
            question_href: Some("#message-2".to_owned()),
            confirm_action: "/requests/GU-1042/confirmation".to_owned(),
            reopen_action: "/requests/GU-1042/reopening".to_owned(),
            closes_on: Some("lundi 23 novembre".to_owned()),
            earlier_href: None,
            earlier_count: 0,
            thread: thread(),
            can_reply: now < 4,
            reply_action: "/requests/GU-1042/messages".to_owned(),
            follow_up_href: "/requests/new?follows=GU-1042".to_owned(),
            form: FormState::empty(),
            me: Some(Me {
                initials: "CF".to_owned(),
                hue: 3,
            }),
            files: limits(),
            promise: Facts {
                label: "Dernière réponse".to_owned(),
                value: "aujourd’hui, 14 h 20".to_owned(),
                end_label: STAGES[now].1.to_owned(),
                end_value: "depuis hier".to_owned(),
                tone: if now == 2 { "wait" } else { "neutral" }.to_owned(),
            },
            details: vec![
                detail("Type", "Panne"),
                detail("Équipe", "Réseau"),
                detail("Suivie par", "Théo Marchand"),
            ],
            read_articles: vec![Link::new(
                "Comprendre les voyants de la box",
                "/articles/voyants",
            )],
        }
    }
}

impl View for Show {
    const TEMPLATE: &'static str = "tickets/show.html";

    fn samples() -> Vec<Self> {
        let mut extreme = Self::sample(1);
        extreme.subject = format!("{LONG_WORD} <b>{LONG_WORD}</b>");
        extreme.earlier_href = Some("/requests/GU-1042?before=40".to_owned());
        extreme.earlier_count = 212;
        let lines = format!("{LONG_WORD} <i>x</i>\n").repeat(200);
        extreme.thread.push(ThreadEntry::Message(message(
            "message-3",
            LONG_WORD,
            &lines,
            false,
        )));
        extreme
            .form
            .errors
            .insert("body".to_owned(), "Écrivez votre réponse.".to_owned());
        let mut bare = Self::sample(0);
        bare.thread.truncate(1);
        bare.read_articles = Vec::new();
        bare.me = None;
        vec![
            bare,
            Self::sample(2),
            Self::sample(3),
            Self::sample(4),
            extreme,
        ]
    }
}

impl View for GuestFiled {
    const TEMPLATE: &'static str = "tickets/guest_filed.html";

    fn samples() -> Vec<Self> {
        ["Le Wi-Fi invités ne répond plus", LONG_WORD]
            .map(|subject| Self {
                reference: "GU-1042".to_owned(),
                subject: subject.to_owned(),
                email: "claire.fontanel@tilleuls.example".to_owned(),
                sign_up_href: "/sign-up?email=claire.fontanel%40tilleuls.example".to_owned(),
                home_href: "/".to_owned(),
            })
            .to_vec()
    }
}
