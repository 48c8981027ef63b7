//! Signing in, with slips on the way, and what nobody may read of it.

use guichet::accounts::factor::TotpKey;
use guichet::platform::clock::Clock;

use super::super::visitor::Visitor;
use super::planted::{AGENT, CUSTOMER, CUSTOMERS_PASSWORD, PASSWORD, STRANGER, WRONG};

/// Signs the manager in after a slip, and adds a second factor after another one. Answers what
/// nobody may read.
pub fn come_in(visitor: &Visitor) -> Vec<String> {
    let page = visitor.get("/sign-in");
    let mut secrets = vec![page.hidden("csrf")];
    for (email, password) in [(AGENT, WRONG), (STRANGER, WRONG), (WRONG, PASSWORD)] {
        let fields = [("email", email), ("password", password)];
        assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 422);
    }
    let fields = [("email", AGENT), ("password", PASSWORD)];
    assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 303);
    secrets.push(visitor.cookie("guichet_session").expect("a session"));

    let page = visitor.get("/profile/factor");
    let typed = page.body.split("sign-key\">").nth(1).unwrap_or_default();
    let typed = typed.split('<').next().unwrap_or_default().to_owned();
    let key = TotpKey::parse(&typed).expect("the page shows a key");
    let now = u64::try_from(Clock::System.now().seconds()).expect("after 1970");
    let code = key.code_at(now);
    let wrong = format!(
        "{:06}",
        (code.parse::<u32>().expect("digits") + 1) % 1_000_000
    );
    let sealed = page.hidden("sealed_key");
    let attempt = |code: &str, password: &str| {
        let fields = [
            ("sealed_key", sealed.as_str()),
            ("code", code),
            ("current_password", password),
        ];
        visitor.send(&page, "/profile/factor", &fields)
    };
    assert_eq!(attempt(&wrong, PASSWORD).status, 422);
    assert_eq!(attempt(&code, WRONG).status, 422);
    let done = attempt(&key.code_at(now), PASSWORD);
    assert_eq!(done.status, 200, "{}", done.body);
    let codes = done.body.split("<code>").skip(1);
    let codes: Vec<String> = codes
        .filter_map(|rest| rest.split('<').next())
        .map(str::to_owned)
        .collect();
    assert!(codes.len() >= 8, "recovery codes: {codes:?}");
    secrets.extend(recover(visitor.port, &codes[0]));
    secrets.extend(codes);
    secrets.extend([typed.clone(), typed.replace(' ', ""), sealed]);
    secrets.extend([code, wrong].map(|code| format!("={code}")));
    secrets.push(visitor.cookie("guichet_session").expect("a session"));
    secrets.push(visitor.cookie("guichet_mark").expect("it is known now"));
    secrets
}

/// Signs the manager in on another device, with a recovery code after a wrong one.
fn recover(port: u16, code: &str) -> [String; 2] {
    let visitor = Visitor::new(port);
    let fields = [("email", AGENT), ("password", PASSWORD)];
    let page = visitor.get("/sign-in");
    assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 303);
    let pending = visitor.cookie("guichet_pending").expect("it waits");
    for (code, status) in [("gaillarde-gaillarde", 422), (code, 303)] {
        let page = visitor.get("/sign-in/code");
        let answer = visitor.send(&page, "/sign-in/code", &[("recovery_code", code)]);
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let session = visitor.cookie("guichet_session").expect("a session");
    [pending, session]
}

/// Signs the customer in. Answers their session.
pub fn customer_comes_in(visitor: &Visitor) -> String {
    let page = visitor.get("/sign-in");
    let fields = [("email", CUSTOMER), ("password", CUSTOMERS_PASSWORD)];
    assert_eq!(visitor.send(&page, "/sign-in", &fields).status, 303);
    visitor.cookie("guichet_session").expect("a session")
}
