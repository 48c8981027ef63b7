//! Everything without a mouse.

use guichet::accounts::Role;
use serde::Deserialize;

use super::{request, sign_in};
use crate::harness::{Stage, Tab, css};

/// More stops than any page has.
const ENDLESS: usize = 150;

/// Where the keyboard has come to.
#[derive(Debug, Deserialize)]
struct Stop {
    /// The element, shortened.
    #[expect(dead_code, reason = "it is printed")]
    what: String,
    /// Whether it can be told from its neighbours.
    marked: bool,
    /// Whether any of it can be seen.
    uncovered: bool,
}

/// Tab reaches all there is on the pages that customers use most, visibly.
pub async fn reaches_everything(stage: &Stage) {
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, stage.screen)
        .await;
    let path = request(stage, &odette, "Switchboard").await;
    let tab = stage.tab("customer").await;
    tab.open("/").await;
    walk(&tab).await;
    sign_in(&tab, &odette.email).await;
    tab.open(&path).await;
    walk(&tab).await;

    tab.open("/").await;
    tab.press("Tab").await;
    let skip = "document.activeElement.matches('.skip-link')
        && document.activeElement.getBoundingClientRect().top >= 0";
    tab.until("the skip link", skip).await;
    tab.press("Enter").await;
    tab.until("the content", "document.activeElement.id === 'main'")
        .await;
}

/// j, k, Enter and u lead through the desk.
pub async fn works_the_desk(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    for subject in ["Printer", "Switchboard", "Fibre"] {
        request(stage, &odette, subject).await;
    }
    let agent = stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let tab = stage.tab("agent").await;
    sign_in(&tab, &agent.email).await;
    tab.open("/desk/views/unassigned").await;
    let subjects: Vec<String> = tab
        .value("[...document.querySelectorAll('[data-row] a')].map((a) => a.textContent.trim())")
        .await;
    for (key, at) in [("j", 0), ("j", 1), ("j", 2), ("k", 1)] {
        tab.press(key).await;
        tab.see_in(".cursor", &subjects[at]).await;
    }
    tab.follow_key("Enter").await;
    assert_eq!(tab.text("h1").await, subjects[1]);
    walk(&tab).await;
    tab.run("document.activeElement.blur()").await;
    tab.follow_key("u").await;
    tab.at("/desk/views/unassigned").await;
    tab.press("?").await;
    tab.see(&css("dialog[open]")).await;
    tab.inspect().await;
    tab.press("Escape").await;
    tab.until(
        "the end of the help",
        "!document.querySelector('dialog[open]')",
    )
    .await;
}

/// Presses Tab from the top to the end and judges every stop.
async fn walk(tab: &Tab) {
    tab.run(REMEMBER).await;
    let mut reached = Vec::new();
    for _ in 0..ENDLESS {
        tab.press("Tab").await;
        let Some(stop) = tab.value::<Option<Stop>>(JUDGE).await else {
            break;
        };
        reached.push(stop);
    }
    let path = tab.path().await;
    assert!(reached.len() < ENDLESS, "{path}: Tab never comes to an end");
    let faint: Vec<&Stop> = reached
        .iter()
        .filter(|s| !s.marked || !s.uncovered)
        .collect();
    assert!(
        faint.is_empty(),
        "{path}: focus cannot be seen on {faint:#?}"
    );
    let missed: Vec<String> = tab.value(MISSED).await;
    assert!(missed.is_empty(), "{path}: Tab does not reach {missed:#?}");
}

/// Notes how everything looks that can have the focus, while nothing has it. The focus shows on
/// the element, or on the label that stands for it.
const REMEMBER: &str = r"
  document.activeElement.blur();
  window.bearers = (e) => [e, e.closest('label'), e.parentElement, e.parentElement?.parentElement].filter(Boolean);
  window.look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow].join(); };
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const group = new Set();
  const oncePerGroup = (e) => {
    if (e.type !== 'radio') return true;
    const fresh = !group.has(e.name);
    group.add(e.name);
    return fresh;
  };
  window.waiting = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && seen(e) && oncePerGroup(e)));
  window.looks = new Map();
  for (const e of document.querySelectorAll('*')) looks.set(e, look(e))";

/// The stop at which the keyboard is; null once it has left the page.
const JUDGE: &str = r"(() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  if (e.dataset.walked) return null;
  e.dataset.walked = '1';
  if (e.type === 'radio') for (const other of waiting) if (other.name === e.name) waiting.delete(other);
  waiting.delete(e);
  const shown = e.closest('label') && e.matches('.visually-hidden') ? e.closest('label') : e;
  const r = shown.getClientRects()[0] ?? shown.getBoundingClientRect();
  const at = (x, y) => { const top = document.elementFromPoint(x, y); return top && (shown.contains(top) || top.contains(shown)) && top !== document.body && top !== document.documentElement; };
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]];
  return {
    what: e.outerHTML.replace(/\s+/g, ' ').slice(0, 140),
    marked: bearers(e).some((b) => look(b) !== looks.get(b)),
    uncovered: points.some(([x, y]) => at(r.x + r.width * x, r.y + r.height * y)),
  };
})()";

const MISSED: &str = "[...waiting].map((e) => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 140))";
