//! People: signing up, signing in, and who may reach what.

use crate::support::TestApp;

#[test]
fn an_address_that_leads_nowhere_is_a_page_of_ours() {
    let app = TestApp::new();
    app.browser().get("/nowhere").expect(404);
}
