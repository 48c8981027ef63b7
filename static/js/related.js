/* Beside a new request: articles that match the subject as it is typed. */
(() => {
  "use strict";
  const panel = document.querySelector("[data-related]");
  const field = document.getElementById("subject");
  const form = field && field.form;
  const settled = panel && panel.querySelector("[data-related-settled]");
  if (!panel || !field) return;
  const list = panel.querySelector("[data-related-list]");
  const empty = panel.querySelector("[data-related-empty]");
  const status = panel.querySelector("[role=status]");
  let timer = 0;
  let asked = 0;

  // The server joins what was read to the request, or to its absence.
  const remember = (article) => {
    const sent = new URLSearchParams({ article, subject: field.value });
    sent.set("csrf", form.elements.namedItem("csrf").value);
    sent.set("form_key", form.elements.namedItem("key").value);
    navigator.sendBeacon(panel.dataset.opened, sent);
    if (settled) settled.hidden = false;
  };

  const item = (article) => {
    const entry = document.createElement("div");
    entry.className = "related-item";
    const link = document.createElement("a");
    link.href = article.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.title = link.textContent = article.title_parts.map((part) => part.text).join("");
    const context = document.createElement("p");
    context.className = "related-text";
    context.textContent = article.context;
    link.addEventListener("click", () => remember(new URL(link.href).pathname));
    entry.append(link, context);
    return entry;
  };

  const ask = async () => {
    const query = field.value.trim();
    const mine = ++asked;
    if (query.length < 3) return;
    const url = `${panel.dataset.related}?lang=${encodeURIComponent(panel.dataset.lang)}&q=${encodeURIComponent(query)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Guichet-Background": "1" } }).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (mine !== asked || !answer) return;
    const articles = answer.items.filter((found) => found.kind === "article").slice(0, 3);
    list.replaceChildren(...articles.map(item));
    empty.hidden = articles.length > 0;
    status.textContent = articles.length ? panel.dataset.textCount.replace("%n", articles.length) : "";
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
  if (field.value && !list.children.length) ask();
})();
