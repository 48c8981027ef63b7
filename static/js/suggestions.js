/* Suggestions under the search field: the combobox pattern over a plain GET form. */
(() => {
  "use strict";
  const DELAY = 150;
  const icons = { article: "file-text", request: "ticket" };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("[data-suggestions] input[type=search], [data-search]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  for (const form of document.querySelectorAll("[data-suggestions]")) {
    const field = form.querySelector("input[type=search]");
    const text = form.dataset;
    const panel = make("div", "suggestions");
    const list = make("div", "suggestions-list");
    const foot = make("div", "suggestions-foot");
    const file = make("a", "", text.textFile);
    const status = make("p", "visually-hidden");
    list.id = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    status.setAttribute("role", "status");
    for (const [keys, word] of [[["↑", "↓"], text.textChoose], [[text.textEnter], text.textOpen], [[text.textEscape], text.textClose]]) {
      const hint = make("span", "hint");
      for (const key of keys) hint.append(make("kbd", "key", key));
      hint.append(word);
      foot.append(hint);
    }
    foot.append(file);
    panel.append(list, foot);
    panel.hidden = true;
    form.append(panel, status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) field.setAttribute(name, value);

    let timer = 0;
    let asked = 0;
    let chosen = -1;
    const options = () => [...list.children];
    const close = () => {
      panel.hidden = true;
      chosen = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const rows = options();
      chosen = (index + rows.length) % rows.length;
      rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === chosen)));
      field.setAttribute("aria-activedescendant", rows[chosen].id);
    };
    const row = (item, index) => {
      const link = make("a", "suggestion");
      link.id = `suggestion-${index}`;
      link.href = item.url;
      link.tabIndex = -1;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      const title = make("span", "suggestion-title");
      for (const part of item.title_parts) title.append(part.marked ? make("b", "", part.text) : part.text);
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "icon");
      svg.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", `${text.icons}#${icons[item.kind] ?? "file-text"}`);
      svg.append(use);
      link.append(svg, title, make("span", "suggestion-context", item.context));
      return link;
    };
    const ask = async () => {
      const query = field.value.trim();
      const mine = ++asked;
      if (query.length < 2) return close();
      const url = `${text.suggestions}?lang=${encodeURIComponent(text.lang)}&q=${encodeURIComponent(query)}`;
      const answer = await fetch(url, { headers: { Accept: "application/json", "X-Guichet-Background": "1" } }).then((r) => (r.ok ? r.json() : null)).catch(() => null);
      if (mine !== asked || !answer) return;
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
      list.replaceChildren(...answer.items.map(row));
      file.href = answer.file_url;
      panel.hidden = document.activeElement !== field;
      field.setAttribute("aria-expanded", String(!panel.hidden));
      status.textContent = answer.items.length ? text.textCount.replace("%n", answer.items.length) : text.textNone;
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) return event.preventDefault(), close();
      if (panel.hidden || !options().length) return;
      if (event.key === "ArrowDown") event.preventDefault(), choose(chosen + 1);
      if (event.key === "ArrowUp") event.preventDefault(), choose(chosen < 0 ? -1 : chosen - 1);
      if (event.key === "Enter" && chosen >= 0) event.preventDefault(), options()[chosen].click();
    });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) close();
    });
    panel.addEventListener("mousedown", (event) => event.preventDefault());
    // Browsers keep the page as it was left: whoever comes back begins anew.
    addEventListener("pagehide", () => {
      asked += 1;
      clearTimeout(timer);
      close();
    });
  }
})();
