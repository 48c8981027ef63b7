//! The way of the keyboard through a page.

use serde::Deserialize;

use super::Tab;

/// More stops than any page has.
const ENDLESS: usize = 500;

/// Where the keyboard has come to.
#[derive(Debug, Deserialize)]
struct Stop {
    /// The element, shortened.
    what: String,
    /// Whether it can be told from its neighbours.
    marked: bool,
    /// Whether any of it can be seen.
    uncovered: bool,
}

impl Tab {
    /// Presses Tab from the top to the end; tells the stops that cannot be seen, and what Tab does
    /// not reach.
    pub async fn walk(&self) -> Vec<String> {
        self.run(REMEMBER).await;
        let mut reached = 0;
        let mut found = Vec::new();
        while reached < ENDLESS {
            self.press("Tab").await;
            let Some(stop) = self.value::<Option<Stop>>(JUDGE).await else {
                break;
            };
            reached += 1;
            if !stop.marked {
                found.push(format!("  focus cannot be seen on {}", stop.what));
            }
            if !stop.uncovered {
                found.push(format!("  focus is covered on {}", stop.what));
            }
        }
        if reached == ENDLESS {
            found.push("  Tab never comes to an end".to_owned());
        }
        let missed: Vec<String> = self.value(MISSED).await;
        found.extend(
            missed
                .iter()
                .map(|what| format!("  Tab does not reach {what}")),
        );
        found
    }
}

/// Notes how everything looks that can have the focus, while nothing has it. The focus shows on
/// the element, or on the label that stands for it.
const REMEMBER: &str = r"
  // From the very top, even where the page has put the focus somewhere.
  document.documentElement.tabIndex = -1;
  document.documentElement.focus();
  document.documentElement.removeAttribute('tabindex');
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
  // Rings that fade in are judged by what they become.
  for (const a of document.getAnimations()) if (a.effect.getComputedTiming().endTime !== Infinity) a.finish();
  // Days, months and hours are stops of one field.
  if (e === window.last && ['date', 'time', 'datetime-local'].includes(e.type)) return { what: '', marked: true, uncovered: true };
  window.last = e;
  if (e.dataset.walked) return null;
  e.dataset.walked = '1';
  if (e.type === 'radio') for (const other of waiting) if (other.name === e.name) waiting.delete(other);
  waiting.delete(e);
  const shown = e.closest('label') && e.matches('.visually-hidden') ? e.closest('label') : e;
  const whole = shown.getClientRects()[0] ?? shown.getBoundingClientRect();
  // Of what is higher than the window only a part can be seen.
  const x = Math.max(0, whole.left), y = Math.max(0, whole.top);
  const r = { x, y, width: Math.min(innerWidth, whole.right) - x, height: Math.min(innerHeight, whole.bottom) - y };
  const at = (x, y) => { const top = document.elementFromPoint(x, y); return top && (shown.contains(top) || top.contains(shown)) && top !== document.body && top !== document.documentElement; };
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.2], [0.5, 0.8]];
  return {
    what: e.outerHTML.replace(/\s+/g, ' ').slice(0, 140),
    marked: bearers(e).some((b) => look(b) !== looks.get(b)),
    uncovered: r.width > 0 && r.height > 0 && points.some(([x, y]) => at(r.x + r.width * x, r.y + r.height * y)),
  };
})()";

const MISSED: &str = "[...waiting].map((e) => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 140))";
