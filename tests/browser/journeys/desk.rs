//! The desk on windows of every width that people have.

use guichet::accounts::Role;

use super::{request, sign_in};
use crate::harness::{Stage, Tab};

/// Laptops, windows beside another, a tablet.
const WIDE: [u32; 5] = [1280, 1101, 1000, 900, 768];
const NARROW: [u32; 2] = [390, 320];

/// A subject that can still be told from its neighbours, in CSS pixels.
const READABLE: f64 = 120.0;

/// Subjects stay readable, nothing leaves the window, and what opens lies on top.
pub async fn fits_its_window(stage: &Stage) {
    let screen = stage.screen;
    let odette = stage
        .world
        .person("Odette Exemple", Role::Customer, screen)
        .await;
    let path = request(
        stage,
        &odette,
        "The switchboard of the second floor is silent",
    )
    .await;
    let ticket = path.replace("/requests/", "/desk/tickets/");
    let agent = stage
        .world
        .person("Ambre Exemple", Role::Agent, screen)
        .await;
    let tab = stage.tab("agent").await;
    sign_in(&tab, &agent.email).await;
    let widths: &[u32] = if screen.wide { &WIDE } else { &NARROW };
    for &width in widths {
        tab.resize(width, 900).await;
        tab.open("/desk/views/open?stage=logged").await;
        assert!(
            tab.value::<f64>(SUBJECT).await >= READABLE,
            "no room for the subject at {width}"
        );
        assert!(
            tab.value::<bool>(FILTERS_FIT).await,
            "the filters leave the window at {width}"
        );
        if screen.wide {
            account_menu_is_on_top(&tab, width).await;
            tab.open(&ticket).await;
            account_menu_is_on_top(&tab, width).await;
        }
    }
}

async fn account_menu_is_on_top(tab: &Tab, width: u32) {
    let covered: Vec<String> = tab.value(COVERED_ITEMS).await;
    let path = tab.path().await;
    assert!(
        covered.is_empty(),
        "{path} at {width} covers {covered:#?} of the account menu"
    );
}

const SUBJECT: &str = "document.querySelector('.queue .row-link').getBoundingClientRect().width";

const FILTERS_FIT: &str = r"(() => {
  const filter = document.querySelector('details[data-key=filter]');
  filter.open = true;
  const { left, right } = filter.querySelector('.filter-panel').getBoundingClientRect();
  const fits = left >= 0 && right <= innerWidth && document.documentElement.scrollWidth <= innerWidth;
  filter.open = false;
  return fits;
})()";

const COVERED_ITEMS: &str = r"(() => {
  const menu = document.querySelector('.rail-foot');
  menu.open = true;
  const items = [...menu.querySelectorAll('.menu-item')].filter((item) => item.checkVisibility());
  const covered = items.filter((item) => {
    const { x, y, width, height } = item.getBoundingClientRect();
    return !item.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
  menu.open = false;
  return items.length ? covered.map((item) => item.textContent.trim()) : ['all of it'];
})()";
