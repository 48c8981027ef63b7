//! The one process of Chromium.

use std::path::PathBuf;

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::browser::BrowserContextId;
use chromiumoxide::cdp::browser_protocol::target::{
    CreateBrowserContextParams, CreateTargetParams,
};
use chromiumoxide::page::Page;
use rocket::futures::StreamExt;
use tokio::sync::Mutex;

use super::RUNTIME;

static CHROMIUM: Mutex<Option<Chromium>> = Mutex::const_new(None);

struct Chromium {
    browser: Browser,
    // Last: Chromium writes into it until it has ended.
    _profile: tempfile::TempDir,
}

/// Opens a page in a profile of its own, without cookies and cache.
pub(super) async fn open_page() -> (Page, BrowserContextId) {
    let mut chromium = CHROMIUM.lock().await;
    if chromium.is_none() {
        *chromium = Some(launch().await);
    }
    let browser = &chromium.as_ref().expect("it was just launched").browser;
    let context = browser
        .create_browser_context(CreateBrowserContextParams::default())
        .await
        .expect("Chromium makes a profile");
    let target = CreateTargetParams::builder()
        .url("about:blank")
        .browser_context_id(context.clone())
        // Pages of one window are drawn one at a time; journeys run side by side.
        .new_window(true)
        .build()
        .expect("the address is given");
    let page = browser
        .new_page(target)
        .await
        .expect("Chromium opens a page");
    (page, context)
}

/// Closes a profile with all its pages.
pub(super) async fn dispose(context: BrowserContextId) {
    if let Some(chromium) = CHROMIUM.lock().await.as_ref() {
        // A page that has crashed cannot be closed; its journey has failed already.
        let _ = chromium.browser.dispose_browser_context(context).await;
    }
}

/// Ends Chromium, if it was started, and waits until it has.
pub fn close() {
    RUNTIME.block_on(async {
        if let Some(mut chromium) = CHROMIUM.lock().await.take() {
            let closed = chromium.browser.close().await;
            if closed.is_err() {
                let _ = chromium.browser.kill().await;
            }
            let _ = chromium.browser.wait().await;
        }
    });
}

async fn launch() -> Chromium {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let config = BrowserConfig::builder()
        .chrome_executable(executable())
        .user_data_dir(profile.path())
        .new_headless_mode()
        // Containers have no user namespaces to build a sandbox from; the pages are our own.
        .no_sandbox()
        .viewport(None)
        .args(["hide-scrollbars", "disable-gpu", "disable-component-update"])
        .build()
        .expect("the configuration is complete");
    let (browser, mut handler) = Browser::launch(config)
        .await
        .unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
    RUNTIME.spawn(async move { while handler.next().await.is_some() {} });
    Chromium {
        browser,
        _profile: profile,
    }
}

fn executable() -> PathBuf {
    let path = std::env::var_os("TEST_CHROMIUM")
        .map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from);
    assert!(
        path.is_file(),
        "there is no Chromium at {}: install it (Debian: apt-get install chromium) or name \
         another with TEST_CHROMIUM",
        path.display()
    );
    path
}
