//! However long the history grows, an index finds a page of the audit.

use guichet::audit::queries::{Filter, page_of_entries};
use guichet::platform::db::{PageRequest, Timestamp};
use guichet::platform::events::Area;

use crate::access::plan;
use crate::requests::portal::Portal;
use crate::support::{note_statements, statements};

/// Everything that can be looked for, alone and together.
fn filters() -> Vec<Filter> {
    let plain = Filter::default;
    let at = |micros| Some(Timestamp::from_micros(micros));
    let all = Filter {
        area: Some(Area::Denial),
        refused: Some(true),
        actor: Some(1),
        about: Some(("person".to_owned(), 1)),
        from: at(0),
        until: at(1_900_000_000_000_000),
        last: Some(1_000),
    };
    vec![
        plain(),
        Filter {
            area: Some(Area::SignIn),
            ..plain()
        },
        Filter {
            refused: Some(true),
            ..plain()
        },
        Filter {
            refused: Some(false),
            ..plain()
        },
        Filter {
            actor: Some(1),
            ..plain()
        },
        Filter {
            actor: Some(1),
            area: Some(Area::SignIn),
            ..plain()
        },
        Filter {
            about: Some(("person".to_owned(), 1)),
            ..plain()
        },
        Filter {
            from: at(0),
            until: at(1),
            ..plain()
        },
        all,
    ]
}

#[test]
fn an_index_of_the_audit_finds_every_page() {
    note_statements();
    let portal = Portal::new();
    for filter in filters() {
        for cursor in [
            (None, None),
            (Some("1795100400000000.7"), None),
            (None, Some("1795100400000000.7")),
        ] {
            let request = PageRequest::parse(50, cursor.0, cursor.1);
            statements(&portal.app);
            portal
                .app
                .read(|conn| page_of_entries(conn, &filter, &request));
            // A server is first asked whether it is still there.
            let mut asked = statements(&portal.app);
            asked.retain(|statement| statement != "SELECT 1");
            let [statement] = asked.as_slice() else {
                panic!("one statement: {asked:?}");
            };
            let off = ["seqscan", "sort", "bitmapscan"];
            let steps = portal.app.read(|conn| plan(conn, statement, &off));
            let text = steps.join("\n");
            let ours = text.contains("events_audited");
            let about = filter.about.is_some() && text.contains("stream_id");
            assert!(ours || about, "{filter:?} {cursor:?}:\n{text}");
            assert!(!text.contains("Seq Scan"), "{filter:?}:\n{text}");
            if !about {
                let sorts = ["TEMP B-TREE", "Sort Key"]
                    .iter()
                    .any(|sort| text.contains(sort));
                assert!(!sorts, "{filter:?} {cursor:?}:\n{text}");
            }
        }
    }
}
