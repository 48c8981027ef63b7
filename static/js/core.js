/* What every page gains from scripts; without them each form and link still works. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* One submission per form: the pressed button says so, a second press does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.dataset.clean = "1";
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.setAttribute("aria-busy", "true");
      const label = button.querySelector("span");
      button.dataset.rest = label.textContent;
      label.textContent = button.dataset.busy;
    }
  });
  /* Coming back through the history shows the page as it was left: let it be sent again. */
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-busy]", form)) {
        button.removeAttribute("aria-busy");
        if (button.dataset.rest) button.querySelector("span").textContent = button.dataset.rest;
      }
    }
  });

  /* A form that guards what was typed. */
  const dirty = new Set();
  for (const form of all("form[data-guard]")) {
    form.addEventListener("input", () => dirty.add(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected && !form.dataset.clean)) event.preventDefault();
  });

  /* A send button is neutral while its box is empty and fills once there is text. */
  for (const form of all("form[data-composer]")) {
    const box = form.querySelector("textarea");
    const send = form.querySelector("[data-send]");
    const paint = () => {
      const full = box.value.trim() !== "";
      send.classList.toggle("button-primary", full);
      send.classList.toggle("button-neutral", !full);
    };
    if (box && send) {
      box.addEventListener("input", paint);
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(send);
      });
      paint();
    }
  }

  /* Whoever signs out leaves nothing of what they typed in this browser. */
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/sign-out") return;
    try {
      for (const store of [localStorage, sessionStorage]) {
        for (const key of Object.keys(store)) if (key.startsWith("guichet-draft:")) store.removeItem(key);
      }
    } catch {
      /* A browser that keeps nothing has nothing to forget. */
    }
  });

  document.querySelector("[data-error-summary]")?.focus();

  for (const message of all("[data-dismissable]")) {
    const button = message.querySelector("[data-dismiss]");
    button.hidden = false;
    button.addEventListener("click", () => message.remove());
  }

  /* Menus close on Escape, on a click outside, and when focus leaves them. */
  const openMenus = () => all("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

  /* Buttons that only make sense with scripts start hidden. */
  for (const button of all("[data-copy], [data-print]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy || location.href);
      copy.querySelector("span").textContent = copy.dataset.done;
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-theme-form]") && event.submitter) {
      document.documentElement.dataset.theme = event.submitter.value;
    }
  });

  /* Filters that apply as soon as they are chosen; their button is for browsers without scripts. */
  for (const form of all("form[data-auto]")) {
    form.querySelector("[data-auto-button]")?.setAttribute("hidden", "");
    form.addEventListener("change", () => form.requestSubmit());
  }
})();
