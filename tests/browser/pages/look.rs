//! What is looked at on a page, once it is there.

use crate::harness::Tab;

/// Desk, tablet, phone; the first two at 200 % zoom; the narrowest that WCAG 2.2 asks for (1.4.10).
pub const WIDTHS: [u32; 6] = [1440, 768, 390, ZOOMED, 384, 320];

/// The window of a desk, at 200 % zoom.
pub const ZOOMED: u32 = 720;

/// Holds once there is something to see.
pub const PAINTED: &str = "performance.getEntriesByName('first-contentful-paint').length === 1";

/// Makes the window as wide as this, and as high as such a window is.
pub async fn widen(tab: &Tab, width: u32) {
    tab.resize(width, height(width)).await;
}

/// Whoever zooms has half the height, too.
const fn height(width: u32) -> u32 {
    match width {
        ZOOMED | 384 | 320 => 450,
        _ => 900,
    }
}

/// What leaves its place in a window of a width: the window itself, or the box it belongs to.
pub async fn spills(tab: &Tab) -> Vec<String> {
    let mut found = tab.overflow().await;
    found.extend(told(tab, "text leaves its box", SPILLS).await);
    found
}

/// What moves although motion is unwanted.
pub async fn restless(tab: &Tab) -> Vec<String> {
    told(tab, "moves although motion is unwanted", RESTLESS).await
}

/// What does not show that it has the focus; menus are opened for it.
pub async fn unmarked(tab: &Tab) -> Vec<String> {
    told(tab, "focus", UNMARKED).await
}

/// Opens what can be unfolded.
pub async fn unfold(tab: &Tab) {
    tab.run("for (const d of document.querySelectorAll('details')) d.open = true")
        .await;
}

async fn told(tab: &Tab, what: &str, script: &str) -> Vec<String> {
    let found: Vec<String> = tab.value(script).await;
    found.iter().map(|it| format!("  {what}: {it}")).collect()
}

/// Texts that are cut off without dots, or stick out of the box that they stand in.
const SPILLS: &str = r"(() => {
  const name = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
  const styles = new Map(), hidden = new Map();
  const styleOf = (e) => styles.get(e) ?? (styles.set(e, getComputedStyle(e)), styles.get(e));
  const unseen = (e) => {
    if (!e) return false;
    if (!hidden.has(e)) hidden.set(e, styleOf(e).clipPath.startsWith('inset(50%') || unseen(e.parentElement));
    return hidden.get(e);
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest('.skip-link, svg, noscript, datalist, option') || unseen(parent)) continue;
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter((r) => r.width > 1);
    if (!rects.length) continue;
    const left = Math.min(...rects.map((r) => r.left)), right = Math.max(...rects.map((r) => r.right));
    for (let box = parent; box; box = box.parentElement) {
      const style = styleOf(box), edge = box.getBoundingClientRect();
      const clips = style.overflowX !== 'visible';
      // What is on a line that is cut off whole is not there.
      if (clips && rects.every((r) => r.top >= edge.bottom || r.bottom <= edge.top)) break;
      const drawn = box === document.body || clips || parseFloat(style.borderRightWidth) > 0
        || !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor);
      if (style.display === 'inline' || !drawn) continue;
      if (['auto', 'scroll'].includes(style.overflowX) && box !== document.body) break;
      if (right > edge.right + 2 || left < edge.left - 2) {
        if (clips && style.textOverflow === 'ellipsis') break;
        found.set(name(parent), `${name(parent)} of ${name(box).slice(0, 60)}: ${Math.round(left)}..${Math.round(right)} in ${Math.round(edge.left)}..${Math.round(edge.right)}`);
        break;
      }
      if (clips) break;
    }
  }
  return [...found.values()].slice(0, 6);
})()";

const RESTLESS: &str = r"(() => {
  const longest = (times) => Math.max(...times.split(',').map((t) => parseFloat(t) * (t.includes('ms') ? 1 : 1000)));
  const found = new Set();
  for (const e of document.querySelectorAll('*')) {
    for (const part of [null, '::before', '::after']) {
      const s = getComputedStyle(e, part);
      const moves = longest(s.transitionDuration) > 10 || s.animationName !== 'none' && longest(s.animationDuration) > 10;
      if (moves || !part && s.scrollBehavior === 'smooth') found.add(`${e.tagName} ${e.className} ${part ?? ''}`);
    }
  }
  return [...found].slice(0, 6);
})()";

/// The focus shows on the element, or on the label or box that stands for it; its ring is not cut
/// off by what surrounds it.
const UNMARKED: &str = r"(() => {
  const name = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 140);
  const folded = [...document.querySelectorAll('details:not([open])')];
  const unfold = () => { for (const d of document.querySelectorAll('details')) d.open = true; };
  const bearers = (e) => [e, e.closest('label'), e.parentElement, e.parentElement?.parentElement].filter(Boolean);
  const look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor].join(); };
  const cut = (e) => {
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (s.outlineStyle === 'none') return null;
    const out = Math.max(0, parseFloat(s.outlineWidth) + parseFloat(s.outlineOffset));
    for (let box = e.parentElement; box && box !== document.body; box = box.parentElement) {
      const b = getComputedStyle(box), edge = box.getBoundingClientRect();
      if (b.position === 'fixed') break;
      if (b.overflowX === 'visible' && b.overflowY === 'visible') continue;
      const inside = r.left >= edge.left && r.right <= edge.right && r.top >= edge.top && r.bottom <= edge.bottom;
      if (!inside) break;
      if (r.left - out < edge.left - 1 && box.scrollLeft <= 0) return `left of ${box.className}`;
      if (r.right + out > edge.right + 1 && box.scrollLeft + box.clientWidth >= box.scrollWidth - 1) return `right of ${box.className}`;
      if (r.top - out < edge.top - 1 && box.scrollTop <= 0) return `top of ${box.className}`;
      if (r.bottom + out > edge.bottom + 1 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1) return `bottom of ${box.className}`;
      break;
    }
    return null;
  };
  unfold();
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' && seen(e));
  document.activeElement.blur();
  const before = new Map();
  for (const stop of stops) for (const b of bearers(stop)) if (!before.has(b)) before.set(b, look(b));
  const found = [];
  for (const stop of stops) {
    if (stop.tabIndex > 0) found.push(`out of order: ${name(stop)}`);
    unfold();
    stop.focus({ focusVisible: true });
    if (document.activeElement !== stop) { found.push(`never comes to ${name(stop)}`); continue; }
    const marked = bearers(stop).find((b) => look(b) !== before.get(b));
    if (!marked) found.push(`cannot be seen on ${name(stop)}`);
    else { const side = cut(marked); if (side) found.push(`is cut off at the ${side}: ${name(marked)}`); }
  }
  document.activeElement.blur();
  for (const d of folded) d.open = false;
  scrollTo(0, 0);
  return [...new Set(found)].slice(0, 8);
})()";
