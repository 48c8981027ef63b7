//! Samples of the pages: usual, empty, extreme.

use super::{FileLimits, GuestFiled, KeptField, List, New, RelatedArticle, RequestStub, TypeTile};
use crate::platform::web::FormState;
use crate::platform::web::view::View;
use crate::platform::web::widgets::{Choice, PageLinks, TextLink};
use crate::tickets::drafting;

/// A word that no line can break.
pub(super) const LONG_WORD: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

pub(super) fn crumbs(last: &str) -> Vec<TextLink> {
    vec![
        TextLink::new("Accueil", "/"),
        TextLink::new("Mes demandes", "/requests"),
        TextLink::new(last, ""),
    ]
}

pub(super) fn limits() -> FileLimits {
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
            draft: drafting::samples()[0].clone(),
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
        typed.draft = drafting::samples()[1].clone();
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
            refused = refused.with_error(field, text);
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
            crumbs: vec![
                TextLink::new("Accueil", "/"),
                TextLink::new("Mes demandes", ""),
            ],
            any: true,
            filters: vec![
                filter("En cours", true, 7),
                filter("En attente de vous", false, 1),
                filter("Résolues", false, 2),
                filter("Toutes", false, 41),
            ],
            search_action: "/requests".to_owned(),
            query: String::new(),
            notice: None,
            kept: vec![KeptField {
                name: "stage".to_owned(),
                value: "open".to_owned(),
            }],
            requests: RequestStub::samples(),
            pages: PageLinks {
                previous: None,
                next: Some("/requests?after=12".to_owned()),
                note: None,
            },
            clear_href: "/requests".to_owned(),
            new_request_href: "/requests/new".to_owned(),
        };
        let nothing_found = Self {
            query: "boitier".to_owned(),
            notice: Some("La recherche peut être incomplète : l’index se met à jour.".to_owned()),
            requests: Vec::new(),
            pages: PageLinks::default(),
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

impl View for GuestFiled {
    const TEMPLATE: &'static str = "tickets/guest_filed.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            reference: "GU-1042".to_owned(),
            sign_up_href: "/sign-up".to_owned(),
            home_href: "/".to_owned(),
        }]
    }
}
