//! What a person does in a browser, as hand and keyboard do it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::SetScriptExecutionDisabledParams;
use chromiumoxide::cdp::browser_protocol::network::{
    self, DeleteCookiesParams, SetCacheDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use chromiumoxide::layout::Point;
use serde_json::json;

use super::{Tab, Target, css, emulate};

impl Tab {
    /// Switches the page's own scripts off, from the next page on.
    pub async fn without_scripts(&self) {
        self.step("switch scripts off".to_owned());
        self.disable_scripts(true).await;
    }

    /// As [`Tab::inspect`], of a page that came without its scripts. What looks needs timers; what of the
    /// page's own did not run when it came does not run now.
    pub async fn inspect_unscripted(&self) {
        self.disable_scripts(false).await;
        self.inspect().await;
        self.disable_scripts(true).await;
    }

    async fn disable_scripts(&self, disabled: bool) {
        let set = SetScriptExecutionDisabledParams::new(disabled);
        self.page.execute(set).await.expect("Chromium obeys");
    }

    /// Opens a path of the portal, or a whole address.
    pub async fn open(&self, path: &str) {
        self.step(format!("open {path}"));
        let url = if path.starts_with('/') {
            format!("{}{path}", self.address)
        } else {
            path.to_owned()
        };
        let opened = self.page.execute(NavigateParams::new(url)).await;
        let error = opened.expect("Chromium opens an address").result.error_text;
        assert_eq!(error, None, "{path} cannot be opened");
        self.until("the page", "document.readyState === 'complete'")
            .await;
    }

    /// Gives the window another size, in CSS pixels, from the next page on.
    pub async fn resize(&self, width: u32, height: u32) {
        self.step(format!("make the window {width} by {height}"));
        let resized = emulate::size(&self.page, width, height, !self.screen.wide).await;
        resized.expect("Chromium changes the size of a window");
    }

    /// Asks the page for its dark colours, or for its light ones.
    pub async fn dye(&self, dark: bool) {
        let dyed = emulate::scheme(&self.page, dark, self.screen.still).await;
        dyed.expect("Chromium changes its colours");
    }

    /// Loads every file anew with every page, as on a first visit.
    pub async fn without_cache(&self) {
        let off = SetCacheDisabledParams::new(true);
        self.page.execute(off).await.expect("Chromium does without");
    }

    /// Receives no more than this from here on, in bytes a second: a page comes in pieces.
    #[expect(
        deprecated,
        reason = "what is to replace it is not in the Chromiums that are out"
    )]
    pub async fn over_a_thin_line(&self, bytes_per_second: u32) {
        let rate = f64::from(bytes_per_second);
        let thin = network::EmulateNetworkConditionsParams::new(false, 0.0, rate, rate);
        self.page.execute(thin).await.expect("Chromium slows down");
    }

    /// Goes back in the history.
    pub async fn back(&self) {
        self.step("go back".to_owned());
        self.leaving(async { self.run("history.back()").await })
            .await;
    }

    /// Clicks, and stays on the page.
    pub async fn click(&self, target: &Target) {
        self.step(format!("click {target}"));
        let point = self.reach(target).await;
        self.page.click(point).await.expect("Chromium clicks");
    }

    /// Clicks, and waits for the page that this leads to.
    pub async fn follow(&self, target: &Target) {
        self.step(format!("follow {target}"));
        let point = self.reach(target).await;
        self.leaving(async {
            self.page.click(point).await.expect("Chromium clicks");
        })
        .await;
    }

    /// Clicks, and waits for the file of an ending that this downloads into a folder.
    pub async fn download(&self, target: &Target, folder: &Path, ending: &str) -> PathBuf {
        let keep = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .browser_context_id(self.context.clone())
            .download_path(folder.display().to_string())
            .build()
            .expect("the behaviour is given");
        let kept = self.page.execute(keep).await;
        kept.expect("Chromium keeps what it downloads");
        self.click(target).await;
        let whole = tokio::time::timeout(super::tab::PATIENCE, async {
            loop {
                if let Some(file) = whole_file(folder, ending) {
                    return file;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        whole
            .await
            .unwrap_or_else(|_| panic!("{target} downloads nothing"))
    }

    /// Presses a key, and waits for the page that this leads to.
    pub async fn follow_key(&self, key: &str) {
        self.leaving(self.press(key)).await;
    }

    /// As [`Tab::follow_key`], while Ctrl is held down.
    pub async fn follow_key_with_ctrl(&self, key: &str) {
        self.leaving(self.press_with_ctrl(key)).await;
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = css(&format!("[name={name:?}]"));
        self.click(&field).await;
        self.run(&format!("{}.select()", field.expression())).await;
        self.type_text(text).await;
    }

    /// Chooses in a list by the text of the entry.
    pub async fn choose(&self, name: &str, text: &str) {
        self.step(format!("choose {text:?} as {name}"));
        let field = css(&format!("select[name={name:?}]"));
        let (field, text) = (field.expression(), json!(text));
        let chosen = self.value::<bool>(format!(
            "(() => {{ const field = {field}; const option = [...field.options].find((o) => o.text.trim() === {text});
              if (!option) return false; field.value = option.value;
              for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {{ bubbles: true }}));
              return true; }})()"
        ));
        assert!(chosen.await, "{name} does not offer {text}");
    }

    /// Chooses a file for a file field.
    pub async fn attach(&self, name: &str, file: &Path) {
        self.step(format!("attach {}", file.display()));
        let element = self
            .page
            .find_element(format!("input[type=file][name={name:?}]"))
            .await;
        let files = SetFileInputFilesParams::builder()
            .file(file.display().to_string())
            .backend_node_id(element.expect("the page has a file field").backend_node_id)
            .build()
            .expect("a file is given");
        self.page
            .execute(files)
            .await
            .expect("Chromium takes a file");
    }

    /// Loses a cookie, as when a session runs out.
    pub async fn forget_cookie(&self, name: &str) {
        self.step(format!("forget the cookie {name}"));
        let cookie = DeleteCookiesParams::builder()
            .name(name)
            .url(&self.address)
            .build();
        let gone = self
            .page
            .delete_cookie(cookie.expect("a name is given"))
            .await;
        gone.expect("Chromium forgets");
    }

    /// Does what leads to another page, and waits until that is there.
    async fn leaving(&self, act: impl Future<Output = ()>) {
        // A page that comes back from the history may bear an earlier mark.
        let mark = self.steps().len();
        self.run(&format!("window.leaving = {mark}")).await;
        act.await;
        let arrived = format!("window.leaving !== {mark} && document.readyState === 'complete'");
        self.until("the next page", &arrived).await;
    }

    /// Waits for something, brings it into sight, and says where to click.
    async fn reach(&self, target: &Target) -> Point {
        self.see(target).await;
        let found = target.expression();
        let at = self.value::<(f64, f64, Option<String>)>(format!(
            "(() => {{ const e = {found};
              const inside = (r) => r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight && r.right <= innerWidth;
              if (!inside(e.getBoundingClientRect())) e.scrollIntoView({{ block: 'center', behavior: 'instant' }});
              const hit = () => {{ const r = e.getClientRects()[0]; const x = r.x + r.width / 2, y = r.y + r.height / 2;
                const top = document.elementFromPoint(x, y);
                const fits = top && (e.contains(top) || e.labels && [...e.labels].some((l) => l.contains(top)));
                return [x, y, fits ? null : top ? top.outerHTML.slice(0, 200) : 'nothing']; }};
              let at = hit();
              if (at[2]) {{ e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); at = hit(); }}
              return at; }})()"
        ));
        let (x, y, cover) = at.await;
        assert_eq!(
            cover, None,
            "{target} cannot be clicked: something lies over it"
        );
        Point { x, y }
    }
}

/// The file with this ending. Until it is whole the browser calls it something else.
fn whole_file(folder: &Path, ending: &str) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let mut files = files.flatten().map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|it| it == ending))
}
