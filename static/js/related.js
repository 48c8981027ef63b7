/* Beside a new request: articles that match the subject as it is typed. */
(() => {
  "use strict";
  const panel = document.querySelector("[data-related]");
  const field = document.getElementById("subject");
  const read = document.querySelector("input[name=read_articles]");
  if (!panel || !field) return;
  const list = panel.querySelector("[data-related-list]");
  const empty = panel.querySelector("[data-related-empty]");
  const status = panel.querySelector("[role=status]");
  let timer = 0;
  let asked = 0;

  const item = (article) => {
    const entry = document.createElement("div");
    entry.className = "related-item";
    const link = document.createElement("a");
    link.href = article.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = article.title_parts.map((part) => part.text).join("");
    const context = document.createElement("p");
    context.className = "related-text";
    context.textContent = article.context;
    link.addEventListener("click", () => {
      const urls = new Set(read.value.split(" ").filter(Boolean));
      read.value = [...urls.add(new URL(link.href).pathname)].join(" ");
    });
    entry.append(link, context);
    return entry;
  };

  const ask = async () => {
    const query = field.value.trim();
    const mine = ++asked;
    if (query.length < 3) return;
    const url = `${panel.dataset.related}?lang=${encodeURIComponent(panel.dataset.lang)}&q=${encodeURIComponent(query)}`;
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).then((r) => (r.ok ? r.json() : null)).catch(() => null);
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
