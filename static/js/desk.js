/* Keys of the desk. Single keys rest while a field has focus. */
(() => {
  "use strict";
  const dialog = document.getElementById("shortcuts");
  const showHelp = () => dialog?.showModal();
  for (const button of document.querySelectorAll("[data-open-shortcuts]")) {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  }

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const move = (step) => {
    const all = rows();
    if (!all.length) return follow(step > 0 ? "next" : "previous");
    const at = all.findIndex((row) => row.classList.contains("cursor"));
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    all[at]?.classList.remove("cursor");
    next.classList.add("cursor");
    next.querySelector("a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const follow = (name) => document.querySelector(`[data-key="${name}"]`)?.click();
  const write = (kind) => {
    const form = document.querySelector("form[data-composer]");
    const tab = form?.querySelector(`input[name=kind][value=${kind}]`);
    if (tab) {
      tab.checked = true;
      tab.dispatchEvent(new Event("change", { bubbles: true }));
    }
    form?.querySelector("textarea")?.focus();
  };

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    Enter: () => document.querySelector("tr.cursor a")?.click(),
    u: () => follow("back"),
    c: () => write("reply"),
    n: () => write("note"),
    f: () => {
      const filter = document.querySelector("details[data-key=filter]");
      if (!filter) return;
      filter.open = !filter.open;
      filter.querySelector(filter.open ? "select" : "summary").focus();
    },
    "/": () => {
      const field = document.querySelector("[data-search]");
      /* A narrow window has it behind the menu. */
      const menu = document.querySelector(".rail-toggle");
      if (menu && field && !field.getClientRects().length) menu.checked = true;
      field?.focus();
    },
    "?": showHelp,
  };
  const places = { m: "/desk/views/mine", u: "/desk/views/unassigned" };
  let going = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (going && Date.now() - going < 1500 && places[event.key]) {
      event.preventDefault();
      location.assign(places[event.key]);
      return;
    }
    going = event.key === "g" ? Date.now() : 0;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  /* A choice of order acts at once; its button is for browsers without scripts. */
  for (const select of document.querySelectorAll("select[data-auto]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
})();
