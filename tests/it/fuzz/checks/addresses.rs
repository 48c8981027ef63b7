//! What a request says of places, people and languages: nobody is sent away from the site, nobody
//! chooses another's address, nothing forged is believed.

use std::net::IpAddr;

use guichet::platform::db::{Cursor, PageRequest};
use guichet::platform::front::TrustedProxies;
use guichet::platform::i18n::Lang;
use guichet::platform::secret::SecretKey;
use guichet::platform::subscriber::Subscriber;
use guichet::platform::web::LocalPath;
use guichet::platform::web::csrf::Binding;
use guichet::tickets::desk::queue_address::QueueAddress;
use hyper::HeaderMap;
use hyper::header::HeaderValue;
use percent_encoding::percent_decode_str;

const MOST: usize = 4 * 1024;

/// The input is all of these in turn.
pub fn check(data: &[u8]) {
    let bytes = super::unfold(data, MOST);
    let text = String::from_utf8_lossy(&bytes);
    check_path(&text);
    check_queue(&text);
    check_languages(&text);
    check_cursor(&text);
    check_client(&bytes);
    check_proofs(&text);
}

fn check_path(text: &str) {
    let base = ammonia::Url::parse("https://portal.example/sign-in?next=x").expect("an address");
    let Some(path) = LocalPath::parse(text) else {
        return;
    };
    assert_eq!(path.as_str(), text);
    let there = base
        .join(path.as_str())
        .expect("a path of ours is an address");
    assert_eq!(there.origin(), base.origin(), "{text:?} leads to {there}");
    assert!(there.username().is_empty());
    assert!(HeaderValue::from_str(path.as_str()).is_ok());
    let encoded = path.encoded();
    let decoded = percent_decode_str(&encoded)
        .decode_utf8()
        .expect("it was text");
    assert_eq!(decoded, text);
    assert!(!encoded.contains(['&', '=', '"', '<', '#', '+']));
}

/// A list's address leads back to it, and nowhere else.
fn check_queue(text: &str) {
    for address in [
        text.to_owned(),
        format!("/desk/views/open?{text}"),
        format!("/desk/teams/4?q={text}"),
    ] {
        let Some((list, page)) = QueueAddress::parse(&address) else {
            continue;
        };
        let href = list.href();
        let is_short = href.len() <= 2_000;
        assert_eq!(
            LocalPath::parse(&href).is_some(),
            is_short,
            "{href:?} of {address:?}"
        );
        assert!(href.starts_with("/desk/"));
        let (again, first) = QueueAddress::parse(&href).expect("it is one of a list");
        assert_eq!(again, list, "{href:?} of {address:?}");
        assert!(first.request(20).from.is_none());
        if let Some((_, cursor)) = page.request(20).from {
            let (_, page) =
                QueueAddress::parse(&list.page_href("after", cursor, "")).expect("the same list");
            assert_eq!(
                page.request(20).from.map(|(_, cursor)| cursor),
                Some(cursor)
            );
        }
        for name in ["team", "q", "tag", "sort"] {
            assert!(list.without(name).href().starts_with("/desk/"));
        }
    }
}

fn check_languages(text: &str) {
    for offered in [Lang::ALL, &[Lang::En][..], &[]] {
        let chosen = Lang::negotiate(text, offered);
        assert!(
            chosen.is_none_or(|lang| offered.contains(&lang)),
            "{text:?}"
        );
        assert_eq!(Lang::negotiate(text, offered), chosen);
    }
    let first = Lang::negotiate(&format!("fr, {text}"), &[Lang::Fr]);
    assert_eq!(first, Some(Lang::Fr), "{text:?}");
}

fn check_cursor(text: &str) {
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let instant = cursor.instant();
        assert!(!instant.rfc3339().is_empty());
        assert_eq!(Cursor::at(instant, cursor.id).instant(), instant);
    }
    let page = PageRequest::parse(20, Some(text), None);
    assert_eq!((page.limit(), page.backwards()), (21, false));
}

/// What stands to the left of what a trusted proxy says is nobody's word.
fn check_client(bytes: &[u8]) {
    let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
    let trusted: TrustedProxies = "10.0.0.0/8, 2001:db8::/32".parse().expect("networks");
    let (proxy, stranger) = (ip("10.0.0.1"), ip("203.0.113.5"));
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.append("x-forwarded-for", value.clone());
    assert_eq!(trusted.client(stranger, &headers), stranger);
    let said = trusted.client(proxy, &headers);
    assert!(!Subscriber::of(said).to_string().is_empty());
    headers.append(
        "x-forwarded-for",
        HeaderValue::from_static("198.51.100.1, 10.9.9.9"),
    );
    assert_eq!(trusted.client(proxy, &headers), ip("198.51.100.1"));
    let joined = [value.as_bytes(), b", 198.51.100.1"].concat();
    if let Ok(line) = HeaderValue::from_bytes(&joined) {
        let mut headers = HeaderMap::new();
        let readable = line.to_str().is_ok();
        headers.append("x-forwarded-for", line);
        let expected = if readable { ip("198.51.100.1") } else { proxy };
        assert_eq!(trusted.client(proxy, &headers), expected);
    }
}

/// Nothing that was not made with the key is believed.
fn check_proofs(text: &str) {
    let key = SecretKey::ephemeral();
    let binding = Binding::session(text);
    assert!(!binding.accepts(&key, text));
    assert!(binding.accepts(&key, &binding.token(&key)));
    assert_eq!(key.unseal("factor", text, text), None);
    let sealed = key.seal("factor", text, text.as_bytes());
    assert_eq!(
        key.unseal("factor", text, &sealed).as_deref(),
        Some(text.as_bytes())
    );
    let other = format!("{text}x");
    assert_eq!(key.unseal("factor", &other, &sealed), None);
}
