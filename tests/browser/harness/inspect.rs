//! What is examined on every kind of page.

use serde::Deserialize;

use super::Tab;

const AXE: &str = include_str!("../vendor/axe.min.js");

/// Holds once what was set in motion has come to rest; what turns for ever does not count.
const AT_REST: &str = "document.getAnimations().every((a) =>
    a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)";

/// The sum of movements that a page may come to rest with (Layout Instability API). A busy machine
/// paints while the page is still read: the parts of a row then make room for one another, by 0.006 as
/// far as was seen. Up to 0.1 counts as good.
const MAX_SHIFT: f64 = 0.02;

/// Which rules of axe-core.
#[derive(Clone, Copy, Debug)]
pub enum Rules {
    /// All that WCAG and good practice ask for.
    All,
    /// Those whose answer depends on size and colours: what can be seen, hit, told apart, and what
    /// hidden words leave without a name.
    OfTheScreen,
}

const ALL: &str = "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";

const OF_THE_SCREEN: &str = "{ type: 'rule', values: ['color-contrast', 'target-size', 'link-in-text-block',
    'scrollable-region-focusable', 'button-name', 'link-name', 'summary-name', 'label', 'select-name',
    'page-has-heading-one', 'landmark-one-main', 'empty-heading', 'region'] }";

#[derive(Deserialize)]
struct Barrier {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    target: String,
    html: String,
    why: String,
}

impl Tab {
    /// Asserts that the page has no barrier, fits its window and stands still.
    pub async fn inspect(&self) {
        self.step("inspect".to_owned());
        self.until("everything to come to rest", AT_REST).await;
        let mut found = self.moves().await;
        found.extend(self.overflow().await);
        found.extend(self.barriers("document", Rules::All).await);
        let path = self.path().await;
        assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
    }

    /// What breaks a rule of WCAG 2.0 to 2.2, levels A and AA, or of good practice, as far as
    /// axe-core knows, within a JavaScript expression of what to look at.
    pub async fn barriers(&self, within: &str, rules: Rules) -> Vec<String> {
        let rules = match rules {
            Rules::All => ALL,
            Rules::OfTheScreen => OF_THE_SCREEN,
        };
        self.value::<bool>(format!(
            "(() => {{ if (!window.axe) {{ {AXE} }} return Boolean(window.axe); }})()"
        ))
        .await;
        let barriers: Vec<Barrier> = self
            .value(format!(
                "axe.run({within}, {{ resultTypes: ['violations'], runOnly: {rules} }})
                 .then((found) => found.violations.map(({{ id, help, nodes }}) => ({{ id, help, nodes: nodes.map((n) =>
                   ({{ target: n.target.join(' '), html: n.html.slice(0, 160), why: n.failureSummary }})) }})))",
            ))
            .await;
        barriers.iter().map(Barrier::tell).collect()
    }

    /// What stands out of a page that is wider than its window.
    pub async fn overflow(&self) -> Vec<String> {
        let wide: Vec<String> = self
            .value(
                "(() => { const root = document.documentElement;
                   if (root.scrollWidth <= root.clientWidth) return [];
                   return [...document.body.querySelectorAll('*')]
                     .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5)
                     .map((e) => e.outerHTML.slice(0, 120)).slice(0, 8).concat('…'); })()",
            )
            .await;
        let too_wide = |what: String| format!("  too wide: {what}");
        wide.into_iter().map(too_wide).collect()
    }

    /// What moved while the page was loading, by more than [`MAX_SHIFT`] in all.
    pub async fn moves(&self) -> Vec<String> {
        let (shift, moved): (f64, Vec<String>) = self
            .value(
                "(() => { const place = (r) => `${r.x},${r.y} ${r.width}x${r.height}`;
                   const watcher = new PerformanceObserver(() => {});
                   watcher.observe({ type: 'layout-shift', buffered: true });
                   const shifts = watcher.takeRecords().filter((s) => s.value > 0 && !s.hadRecentInput);
                   watcher.disconnect();
                   return [shifts.reduce((sum, s) => sum + s.value, 0),
                     shifts.flatMap((s) => s.sources.map((o) => `${o.node?.outerHTML?.slice(0, 120) ?? 'a text'} from ${place(o.previousRect)} to ${place(o.currentRect)}`))]; })()",
            )
            .await;
        if shift <= MAX_SHIFT {
            return Vec::new();
        }
        vec![format!("  moves by {shift}: {moved:#?}")]
    }
}

impl Barrier {
    fn tell(&self) -> String {
        let nodes = self.nodes.iter().map(|node| {
            let why = node.why.replace('\n', " ");
            format!("    {}\n      {}\n      {why}", node.target, node.html)
        });
        let nodes: Vec<String> = nodes.collect();
        format!("  {}: {}\n{}", self.id, self.help, nodes.join("\n"))
    }
}
