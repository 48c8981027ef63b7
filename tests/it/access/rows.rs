//! The expected answers: one row for each route.

/// What a role gets: the status of [`super::stage::ROLES`] in their order.
pub type Statuses = [u16; 7];

/// A route, an address of it, and what everybody gets there.
#[allow(
    dead_code,
    reason = "the pages of a browser are found in it, too, and need less"
)]
pub struct Row {
    pub method: &'static str,
    /// As it is mounted, without the query.
    pub route: &'static str,
    /// With the places of the stage.
    pub address: &'static str,
    /// What a form sends, besides its token.
    pub fields: &'static [(&'static str, &'static str)],
    pub statuses: Statuses,
}

const fn get(route: &'static str, address: &'static str, statuses: Statuses) -> Row {
    Row {
        method: "GET",
        route,
        address,
        fields: &[],
        statuses,
    }
}

/// A form without anything filled in, from a page of the sender.
const fn post(route: &'static str, address: &'static str, statuses: Statuses) -> Row {
    Row {
        method: "POST",
        route,
        address,
        fields: &[],
        statuses,
    }
}

/// A form with something filled in.
const fn filled(
    route: &'static str,
    address: &'static str,
    fields: &'static [(&'static str, &'static str)],
    statuses: Statuses,
) -> Row {
    Row {
        method: "POST",
        route,
        address,
        fields,
        statuses,
    }
}

const ANYONE: Statuses = [200; 7];
const MOVED: Statuses = [303; 7];
const NOBODY: Statuses = [404; 7];
/// Links of a mail to somebody whose account was shut since.
const LINK: Statuses = [200, 200, 200, 200, 200, 200, 404];
/// Pages of people who are signed in.
const SIGNED_IN: Statuses = [303, 200, 200, 200, 200, 200, 303];
/// Pages of one customer's request: not even a colleague's.
const OWNER: Statuses = [303, 200, 404, 404, 404, 404, 303];
const AGENTS: Statuses = [303, 404, 404, 404, 200, 200, 303];
const MANAGERS: Statuses = [303, 404, 404, 404, 404, 200, 303];
/// Forms that lack what they need.
const ANYONE_LACKING: Statuses = [422; 7];
const SIGNED_IN_LACKING: Statuses = [401, 422, 422, 422, 422, 422, 401];
const SIGNED_IN_DONE: Statuses = [401, 303, 303, 303, 303, 303, 401];
const AGENTS_LACKING: Statuses = [401, 404, 404, 404, 422, 422, 401];
const MANAGERS_LACKING: Statuses = [401, 404, 404, 404, 404, 422, 401];
/// Forms that are done.
const OWNER_DONE: Statuses = [401, 303, 404, 404, 404, 404, 401];
const AGENTS_DONE: Statuses = [401, 404, 404, 404, 303, 303, 401];
const MANAGERS_DONE: Statuses = [401, 404, 404, 404, 404, 303, 401];

/// Every route of the program. Signing out comes last: afterwards nobody is anybody.
pub const ROWS: &[Row] = &[
    get("/", "/", ANYONE),
    get("/<lang>", "/en", ANYONE),
    get(
        "/static/<print>/<path..>",
        "/static/x/css/guichet.css",
        ANYONE,
    ),
    get("/favicon.ico", "/favicon.ico", ANYONE),
    get("/language/<lang>", "/language/en", MOVED),
    filled("/theme", "/theme", &[("theme", "dark")], MOVED),
    // For whoever looks after the process.
    get("/healthz", "/healthz", ANYONE),
    get("/readyz", "/readyz", ANYONE),
    // The company's settings.
    get("/brand/logo/<print>", "/brand/logo/x", NOBODY),
    get("/brand/colours/<print>", "/brand/colours/x", NOBODY),
    get("/manage/settings", "/manage/settings", MANAGERS),
    get(
        "/manage/settings/<group>",
        "/manage/settings/identity",
        MANAGERS,
    ),
    get(
        "/manage/settings/preview",
        "/manage/settings/preview?light=&dark=",
        MANAGERS,
    ),
    get(
        "/manage/settings/measured",
        "/manage/settings/measured?light=&dark=",
        MANAGERS,
    ),
    post(
        "/manage/settings/<group>",
        "/manage/settings/identity",
        MANAGERS_LACKING,
    ),
    // Calendars.
    get("/manage/calendars", "/manage/calendars", MANAGERS),
    get("/manage/calendars/new", "/manage/calendars/new", MANAGERS),
    get(
        "/manage/calendars/<id>",
        "/manage/calendars/{calendar}",
        MANAGERS,
    ),
    get(
        "/manage/calendars/<id>/versions/<number>",
        "/manage/calendars/{calendar}/versions/1",
        MANAGERS,
    ),
    post("/manage/calendars", "/manage/calendars", MANAGERS_LACKING),
    post(
        "/manage/calendars/<id>",
        "/manage/calendars/{calendar}",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/calendars/<id>/import",
        "/manage/calendars/{calendar}/import",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/calendars/<id>/versions/<number>",
        "/manage/calendars/{calendar}/versions/1",
        MANAGERS_DONE,
    ),
    post(
        "/manage/calendars/<id>/shown",
        "/manage/calendars/{calendar}/shown",
        MANAGERS_DONE,
    ),
    post(
        "/manage/calendars/<id>/archive",
        "/manage/calendars/{calendar}/archive",
        MANAGERS_DONE,
    ),
    // Policies, and the promises that they make.
    get("/manage/policies", "/manage/policies", MANAGERS),
    get("/manage/policies/new", "/manage/policies/new", MANAGERS),
    get(
        "/manage/policies/<id>",
        "/manage/policies/{policy}",
        MANAGERS,
    ),
    get(
        "/manage/policies/<id>/versions/<number>",
        "/manage/policies/{policy}/versions/1",
        MANAGERS,
    ),
    get("/manage/promises", "/manage/promises", MANAGERS),
    get(
        "/desk/tickets/<reference>/clock",
        "/desk/tickets/{ticket}/clock",
        AGENTS,
    ),
    post("/manage/policies", "/manage/policies", MANAGERS_LACKING),
    post(
        "/manage/policies/<id>",
        "/manage/policies/{policy}",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/policies/<id>/versions/<number>",
        "/manage/policies/{policy}/versions/1",
        MANAGERS_DONE,
    ),
    post(
        "/manage/policies/<id>/place",
        "/manage/policies/{policy}/place",
        MANAGERS_DONE,
    ),
    post(
        "/manage/policies/<id>/archive",
        "/manage/policies/{policy}/archive",
        MANAGERS_DONE,
    ),
    post(
        "/desk/tickets/<reference>/policy",
        "/desk/tickets/{ticket}/policy",
        AGENTS_DONE,
    ),
    // Articles.
    get("/articles", "/articles", MOVED),
    get("/articles/search", "/articles/search?q=line", MOVED),
    get("/<lang>/articles", "/en/articles", ANYONE),
    get("/<lang>/sections/<key>", "/en/sections/net", ANYONE),
    get("/<lang>/articles/<slug>", "/en/articles/line", ANYONE),
    get(
        "/<lang>/articles/<slug>/files/<path..>",
        "/en/articles/line/files/en/net/light.svg",
        ANYONE,
    ),
    get("/<lang>/search", "/en/search?q=line", ANYONE),
    get(
        "/api/v1/articles/search",
        "/api/v1/articles/search?lang=en&q=line",
        ANYONE,
    ),
    get(
        "/api/v1/suggestions",
        "/api/v1/suggestions?lang=en&q=lin",
        ANYONE,
    ),
    filled(
        "/deflections",
        "/deflections",
        &[("article", "/en/articles/line")],
        MOVED,
    ),
    post("/deflections/settled", "/deflections/settled", MOVED),
    get("/manage/articles", "/manage/articles", MANAGERS),
    // Requests.
    get("/requests", "/requests", SIGNED_IN),
    get("/requests/new", "/requests/new", ANYONE),
    get(
        "/requests/filed",
        "/requests/filed?reference=GU-1001",
        ANYONE,
    ),
    get("/requests/<reference>", "/requests/{ticket}", OWNER),
    get(
        "/requests/<reference>/files/<public_id>",
        "/requests/{ticket}/files/{file}",
        OWNER,
    ),
    get("/track/<secret>", "/track/{track}", LINK),
    get(
        "/track/<secret>/files/<public_id>",
        "/track/{track}/files/{file}",
        LINK,
    ),
    post("/requests", "/requests", SIGNED_IN_LACKING),
    post(
        "/requests/<reference>/messages",
        "/requests/{ticket}/messages",
        [401, 422, 404, 404, 404, 404, 401],
    ),
    post(
        "/requests/<reference>/confirmation",
        "/requests/{ticket}/confirmation",
        OWNER_DONE,
    ),
    post(
        "/requests/<reference>/reopening",
        "/requests/{ticket}/reopening",
        OWNER_DONE,
    ),
    // Drafts: each with the form that it belongs to.
    get("/drafts/<key>", "/drafts/reply-{ticket}", OWNER),
    post(
        "/drafts/<key>",
        "/drafts/message-{ticket}",
        [401, 404, 404, 404, 200, 200, 401],
    ),
    post(
        "/drafts/<key>/form",
        "/drafts/reply-{ticket}/form",
        OWNER_DONE,
    ),
    post(
        "/drafts/<key>/discard",
        "/drafts/desk-request/discard",
        AGENTS_DONE,
    ),
    get(
        "/drafts/<key>/files/<public_id>",
        "/drafts/reply-{ticket}/files/{draft file}",
        OWNER,
    ),
    // The desk.
    get("/desk", "/desk", [303, 404, 404, 404, 303, 303, 303]),
    get("/desk/views/<view>", "/desk/views/open", AGENTS),
    get("/desk/teams/<team>", "/desk/teams/{team}", AGENTS),
    get("/desk/search", "/desk/search?q=sujet", AGENTS),
    get("/desk/new", "/desk/new", AGENTS),
    get(
        "/desk/tickets/<reference>",
        "/desk/tickets/{ticket}",
        AGENTS,
    ),
    get(
        "/desk/tickets/<reference>/history",
        "/desk/tickets/{ticket}/history",
        AGENTS,
    ),
    get(
        "/desk/tickets/<reference>/files/<public_id>",
        "/desk/tickets/{ticket}/files/{file}",
        AGENTS,
    ),
    post("/desk/tickets", "/desk/tickets", AGENTS_LACKING),
    post(
        "/desk/tickets/<reference>/messages",
        "/desk/tickets/{ticket}/messages",
        AGENTS_LACKING,
    ),
    post(
        "/desk/tickets/<reference>/links/end",
        "/desk/tickets/{ticket}/links/end",
        AGENTS_DONE,
    ),
    post(
        "/desk/tickets/<reference>/properties",
        "/desk/tickets/{ticket}/properties",
        AGENTS_LACKING,
    ),
    // Settings.
    get("/manage/people", "/manage/people", MANAGERS),
    get("/manage/people/new", "/manage/people/new", MANAGERS),
    get("/manage/people/<id>", "/manage/people/{person}", MANAGERS),
    post("/manage/people", "/manage/people", MANAGERS_LACKING),
    post(
        "/manage/people/<id>/role",
        "/manage/people/{person}/role",
        MANAGERS_DONE,
    ),
    post(
        "/manage/people/<id>/invitation",
        "/manage/people/{person}/invitation",
        MANAGERS_DONE,
    ),
    post(
        "/manage/people/<id>/access",
        "/manage/people/{person}/access",
        MANAGERS_DONE,
    ),
    post(
        "/manage/people/<id>/sessions/end",
        "/manage/people/{person}/sessions/end",
        MANAGERS_DONE,
    ),
    post(
        "/manage/people/<id>/factor/reset",
        "/manage/people/{person}/factor/reset",
        MANAGERS_DONE,
    ),
    get(
        "/manage/people/<id>/data",
        "/manage/people/{person}/data",
        MANAGERS,
    ),
    post(
        "/manage/people/<id>/data",
        "/manage/people/{person}/data",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/people/<id>/erasure",
        "/manage/people/{person}/erasure",
        MANAGERS_LACKING,
    ),
    get("/profile/data", "/profile/data", SIGNED_IN),
    post("/profile/data", "/profile/data", SIGNED_IN_LACKING),
    get("/manage/sign-in", "/manage/sign-in", MANAGERS),
    post("/manage/sign-in", "/manage/sign-in", MANAGERS_DONE),
    get("/manage/request-types", "/manage/request-types", MANAGERS),
    get(
        "/manage/request-types/new",
        "/manage/request-types/new",
        MANAGERS,
    ),
    get(
        "/manage/request-types/<id>",
        "/manage/request-types/{type}",
        MANAGERS,
    ),
    post(
        "/manage/request-types",
        "/manage/request-types",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/request-types/<id>",
        "/manage/request-types/{type}",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/request-types/<id>/archive",
        "/manage/request-types/{type}/archive",
        MANAGERS_DONE,
    ),
    get("/manage/teams", "/manage/teams", MANAGERS),
    get("/manage/teams/<id>", "/manage/teams/{team}", MANAGERS),
    post("/manage/teams", "/manage/teams", MANAGERS_LACKING),
    post(
        "/manage/teams/<id>",
        "/manage/teams/{team}",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/teams/<id>/members",
        "/manage/teams/{team}/members",
        MANAGERS_DONE,
    ),
    post(
        "/manage/teams/<id>/archive",
        "/manage/teams/{team}/archive",
        MANAGERS_DONE,
    ),
    get("/manage/organisations", "/manage/organisations", MANAGERS),
    get(
        "/manage/organisations/<id>",
        "/manage/organisations/{organisation}",
        MANAGERS,
    ),
    post(
        "/manage/organisations",
        "/manage/organisations",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/organisations/<id>/members",
        "/manage/organisations/{organisation}/members",
        MANAGERS_LACKING,
    ),
    post(
        "/manage/organisations/<id>/members/<person>/end",
        "/manage/organisations/{organisation}/members/{member}/end",
        MANAGERS_DONE,
    ),
    get("/manage/audit", "/manage/audit", MANAGERS),
    get(
        "/manage/audit/exports/<id>",
        "/manage/audit/exports/{export}",
        MANAGERS,
    ),
    post(
        "/manage/audit/exports",
        "/manage/audit/exports",
        MANAGERS_DONE,
    ),
    get("/manage/outbox", "/manage/outbox", MANAGERS),
    get("/manage/outbox/<id>", "/manage/outbox/{mail}", MANAGERS),
    get(
        "/manage/outbox/<id>/html",
        "/manage/outbox/{mail}/html",
        MANAGERS,
    ),
    post(
        "/manage/outbox/<id>/attempts",
        "/manage/outbox/{mail}/attempts",
        MANAGERS_DONE,
    ),
    post(
        "/manage/outbox/tests",
        "/manage/outbox/tests",
        MANAGERS_DONE,
    ),
    // Accounts.
    get("/sign-in", "/sign-in", [200, 303, 303, 303, 303, 303, 200]),
    get("/sign-up", "/sign-up", ANYONE),
    get("/forgot", "/forgot", ANYONE),
    get("/password/<secret>", "/password/{reset}", ANYONE),
    // There is a manager already: the link that made one opens nothing.
    get("/setup/<secret>", "/setup/{setup}", NOBODY),
    get("/profile", "/profile", SIGNED_IN),
    post("/profile", "/profile", SIGNED_IN_LACKING),
    post("/profile/password", "/profile/password", SIGNED_IN_LACKING),
    post(
        "/profile/sessions/<public_id>/end",
        "/profile/sessions/{session}/end",
        OWNER_DONE,
    ),
    post(
        "/profile/sessions/end",
        "/profile/sessions/end",
        SIGNED_IN_DONE,
    ),
    get("/profile/factor", "/profile/factor", SIGNED_IN),
    // Without a factor both lead to where one is added.
    get("/profile/factor/codes", "/profile/factor/codes", MOVED),
    get("/profile/factor/removal", "/profile/factor/removal", MOVED),
    post("/profile/factor", "/profile/factor", SIGNED_IN_LACKING),
    post(
        "/profile/factor/codes",
        "/profile/factor/codes",
        SIGNED_IN_DONE,
    ),
    post(
        "/profile/factor/removal",
        "/profile/factor/removal",
        SIGNED_IN_DONE,
    ),
    // Nobody waits for a code: all are sent to begin at the password.
    get("/sign-in/code", "/sign-in/code", MOVED),
    post("/sign-in/code", "/sign-in/code", MOVED),
    post("/sign-in", "/sign-in", ANYONE_LACKING),
    filled(
        "/sign-in/resume",
        "/sign-in/resume",
        &[("return_to", "/requests")],
        ANYONE_LACKING,
    ),
    post("/sign-up", "/sign-up", ANYONE_LACKING),
    post("/forgot", "/forgot", ANYONE_LACKING),
    post("/password/<secret>", "/password/{reset}", ANYONE_LACKING),
    post("/setup/<secret>", "/setup/{setup}", NOBODY),
    post("/sign-out", "/sign-out", MOVED),
];
