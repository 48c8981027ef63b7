/* A request at the desk: the newest message in sight, drawers that close, a save button that wakes. */
(() => {
  "use strict";
  const thread = document.querySelector("[data-thread]");
  const composer = document.querySelector("form[data-composer]");

  /* Reading starts at the end, unless the address names a message. */
  const fresh = thread?.querySelector(".message-fresh");
  if (fresh) fresh.scrollIntoView({ block: "nearest" });
  else if (thread && !location.hash) thread.scrollTop = thread.scrollHeight;

  /* Only one drawer at a time; Escape closes it and gives the focus back. */
  const drawers = [...document.querySelectorAll("input[data-panel]")];
  for (const drawer of drawers) {
    drawer.addEventListener("change", () => {
      for (const other of drawers) if (other !== drawer) other.checked = false;
    });
  }
  document.addEventListener("keydown", (event) => {
    const open = drawers.find((drawer) => drawer.checked);
    if (event.key !== "Escape" || !open || event.target.matches("textarea, select")) return;
    open.checked = false;
    open.focus();
  });

  /* Ctrl+Enter sends what the composer is set to: a note never leaves as a reply. */
  composer?.querySelector("textarea")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (!composer.querySelector("[name=kind][value=note]").checked) return;
    event.stopImmediatePropagation();
    composer.requestSubmit(composer.querySelector("[data-send-note]"));
  }, { capture: true });

  /* The save button stands out once something differs. */
  const properties = document.querySelector("form[data-properties]");
  properties?.addEventListener("input", () => {
    const save = properties.querySelector("[data-save]");
    save.classList.replace("button-neutral", "button-soft");
  });

  const copy = document.querySelector("[data-copy-reference]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () => navigator.clipboard.writeText(copy.dataset.copyReference));
  }
})();
