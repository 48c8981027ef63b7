/* Dropping, pasting and removing files; the file input stays the one source of what is sent. */
(() => {
  "use strict";
  const size = (bytes, [b, kb, mb]) => {
    if (bytes < 1000) return `${bytes} ${b}`;
    if (bytes < 1e6) return `${Math.round(bytes / 1000)} ${kb}`;
    return `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${mb}`;
  };
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  for (const zone of document.querySelectorAll("[data-dropzone]")) {
    const input = zone.querySelector("input[type=file]");
    const area = zone.querySelector(".dropzone-area");
    const list = zone.querySelector("[data-dropzone-list]");
    const message = zone.querySelector("[data-dropzone-message]");
    const text = zone.dataset;
    const units = text.units.split(",");
    const drafts = zone.querySelector("[data-draft-files]");
    const drafted = () => drafts?.children.length ?? 0;
    let kept = [];
    zone.classList.add("dropzone-live");
    zone.querySelector("[data-dropzone-pick]").hidden = false;

    const say = (sentence) => {
      message.hidden = !sentence;
      message.querySelector("span").textContent = sentence;
    };
    const card = (file, bytes) => {
      const card = make("div", "file");
      const words = make("span", "file-text");
      const extension = file.kind ?? (file.name.includes(".") ? file.name.split(".").pop().slice(0, 4) : "");
      const name = make(file.href ? "a" : "span", "file-name", file.name);
      if (file.href) name.href = file.href;
      words.append(name, make("span", "file-size", bytes));
      const remove = make("button", "", "×");
      remove.type = "button";
      remove.setAttribute("aria-label", `${text.textRemove} ${file.name}`);
      card.append(make("span", "file-kind", extension), words, remove);
      return [card, remove];
    };
    const show = () => {
      const transfer = new DataTransfer();
      for (const file of kept) transfer.items.add(file);
      input.files = transfer.files;
      list.replaceChildren(...kept.map((file, index) => {
        const [shown, remove] = card(file, size(file.size, units));
        remove.addEventListener("click", () => {
          kept.splice(index, 1);
          say("");
          show();
          input.focus();
        });
        return shown;
      }));
    };
    /* Files that the draft holds already. */
    const showDrafted = (files) => drafts.replaceChildren(...files.map((file) => {
      const [shown, remove] = card(file, file.size);
      const field = make("input", "");
      Object.assign(field, { type: "hidden", name: "draft_file", value: file.id });
      Object.assign(remove, { name: "draft_remove", value: file.id });
      shown.append(field);
      return shown;
    }));
    const add = (files) => {
      let problem = "";
      for (const file of files) {
        if (file.size > Number(text.maxBytes)) problem = text.textTooLarge;
        else if (kept.length + drafted() >= Number(text.maxFiles)) problem = text.textTooMany;
        else if (!kept.some((k) => k.name === file.name && k.size === file.size)) kept.push(file);
      }
      say(problem);
      show();
      zone.dispatchEvent(new Event("input", { bubbles: true }));
    };

    input.addEventListener("change", () => add([...input.files]));
    for (const name of ["dragenter", "dragover"]) {
      area.addEventListener(name, (event) => {
        event.preventDefault();
        area.classList.add("dropzone-over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      area.addEventListener(name, () => area.classList.remove("dropzone-over"));
    }
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      add([...event.dataTransfer.files]);
    });
    const form = zone.closest("form");
    form?.addEventListener("draft-files", (event) => showDrafted(event.detail));
    form?.addEventListener("draft-sent", (event) => {
      const sent = (file) => event.detail.some((other) => other.name === file.name && other.size === file.size);
      kept = kept.filter((file) => !sent(file));
      show();
    });
    drafts?.addEventListener("click", (event) => {
      const remove = event.target.closest("[name=draft_remove]");
      if (!remove) return;
      event.preventDefault();
      form.dispatchEvent(new CustomEvent("draft-remove", { detail: remove.value }));
      input.focus();
    });
    form?.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) {
        event.preventDefault();
        add(files);
      }
    });
  }
})();
