//! One person's browser: what it shows, and waiting for what it must show.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::BrowserContextId;
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::page::{Page, ScreenshotParams};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::watch::Watch;
use super::{Screen, Target, chromium, css, emulate};

/// How long anything may take before it counts as not coming.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(15);

/// A page in a profile of its own.
pub struct Tab {
    /// Whose it is.
    pub who: &'static str,
    /// Language, size, colours.
    pub screen: Screen,
    pub(super) page: Page,
    pub(super) context: BrowserContextId,
    pub(super) address: String,
    watch: Watch,
    steps: Mutex<Vec<String>>,
}

impl Tab {
    /// Opens a browser for somebody, on the program at an address.
    pub async fn open_for(who: &'static str, screen: Screen, address: &str) -> Self {
        let (page, context) = chromium::open_page().await;
        let watch = Watch::begin(&page, address).await;
        emulate::screen(&page, screen)
            .await
            .expect("Chromium shows what it is told to");
        Self {
            who,
            screen,
            page,
            context,
            address: address.to_owned(),
            watch,
            steps: Mutex::default(),
        }
    }

    /// Waits until something can be seen.
    pub async fn see(&self, target: &Target) {
        let condition = format!("{} !== null", target.expression());
        self.until(&target.to_string(), &condition).await;
    }

    /// Waits until something shows a text.
    pub async fn see_in(&self, selector: &str, text: &str) {
        let (element, wanted) = (css(selector).expression(), json!(text));
        let condition = format!(
            "(({element})?.textContent ?? '').replace(/\\s+/g, ' ').includes({wanted}.replace(/\\s+/g, ' '))"
        );
        self.until(&format!("{text:?} in {selector}"), &condition)
            .await;
    }

    /// Waits until the page is at a path, whatever its query.
    pub async fn at(&self, path: &str) {
        let condition = format!("location.pathname === {}", json!(path));
        self.until(&format!("the address {path}"), &condition).await;
    }

    /// Whether something can be seen now.
    pub async fn sees(&self, target: &Target) -> bool {
        self.value(format!("{} !== null", target.expression()))
            .await
    }

    /// The text of the first that is seen, white space as one space.
    pub async fn text(&self, selector: &str) -> String {
        let target = css(selector);
        self.see(&target).await;
        let element = target.expression();
        self.value(format!(
            "({element}).textContent.replace(/\\s+/g, ' ').trim()"
        ))
        .await
    }

    /// The page's path with its query.
    pub async fn path(&self) -> String {
        self.value("location.pathname + location.search").await
    }

    /// What stands in a field.
    pub async fn value_of(&self, name: &str) -> String {
        self.value(format!("document.querySelector('[name={name:?}]').value"))
            .await
    }

    /// From here on a page may be refused with this status.
    pub fn expect_status(&self, status: i64) {
        self.watch.expect(status);
    }

    /// From here on the server may be away.
    pub fn expect_outage(&self) {
        self.watch.expect_outage();
    }

    /// Waits until a JavaScript expression holds.
    pub async fn until(&self, what: &str, condition: &str) {
        let held = tokio::time::timeout(PATIENCE, async {
            while self.try_value(condition).await != Ok(Value::Bool(true)) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        if held.await.is_err() {
            let seen = "location.href + ': ' + document.body.innerText.slice(0, 700)";
            let seen = self.try_value(seen).await.unwrap_or_default();
            panic!("{} waited in vain for {what}, at {seen}", self.who);
        }
    }

    /// The value of a JavaScript expression.
    pub async fn value<T: DeserializeOwned>(&self, expression: impl Into<String>) -> T {
        let expression = expression.into();
        let value = self.try_value(&expression).await;
        let value = value.unwrap_or_else(|error| panic!("{expression}: {error}"));
        serde_json::from_value(value.clone())
            .unwrap_or_else(|error| panic!("{expression} is {value}: {error}"))
    }

    /// Runs JavaScript for its effect.
    pub async fn run(&self, script: &str) {
        self.value::<Value>(format!("(() => {{ {script}; return null; }})()"))
            .await;
    }

    pub(super) fn step(&self, step: String) {
        self.steps().push(step);
    }

    /// What went wrong so far without showing.
    pub async fn faults(&self) -> Vec<String> {
        let faults = self.watch.faults(&self.page).await;
        faults
            .into_iter()
            .map(|fault| format!("{}: {fault}", self.who))
            .collect()
    }

    /// What was done so far.
    pub(super) fn story(&self) -> String {
        format!("{} did: {}", self.who, self.steps().join("; "))
    }

    /// Saves what can be seen; false if the page does not answer.
    pub async fn save_picture(&self, path: &Path) -> bool {
        let picture = self.page.save_screenshot(ScreenshotParams::default(), path);
        matches!(tokio::time::timeout(PATIENCE, picture).await, Ok(Ok(_)))
    }

    /// As [`Tab::save_picture`], of the whole page, however long.
    pub async fn save_whole_picture(&self, path: &Path) -> bool {
        let whole = ScreenshotParams::builder().full_page(true).build();
        let picture = self.page.save_screenshot(whole, path);
        matches!(tokio::time::timeout(PATIENCE, picture).await, Ok(Ok(_)))
    }

    /// Closes the browser.
    pub async fn close(&self) {
        chromium::dispose(self.context.clone()).await;
    }

    /// The value, or why there is none: between two pages there is nobody to ask.
    async fn try_value(&self, expression: &str) -> Result<Value, String> {
        let params = EvaluateParams::builder()
            .expression(expression)
            .return_by_value(true)
            .await_promise(true)
            .build()?;
        let answer = self
            .page
            .execute(params)
            .await
            .map_err(|error| error.to_string())?;
        match &answer.exception_details {
            Some(thrown) => Err(format!("{thrown:?}")),
            None => Ok(answer.result.result.value.unwrap_or_default()),
        }
    }

    pub(super) fn steps(&self) -> MutexGuard<'_, Vec<String>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
