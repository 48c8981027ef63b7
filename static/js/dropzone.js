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
    let kept = [];
    zone.classList.add("dropzone-live");
    zone.querySelector("[data-dropzone-pick]").hidden = false;

    const say = (sentence) => {
      message.hidden = !sentence;
      message.querySelector("span").textContent = sentence;
    };
    const show = () => {
      const transfer = new DataTransfer();
      for (const file of kept) transfer.items.add(file);
      input.files = transfer.files;
      list.replaceChildren(...kept.map((file, index) => {
        const card = make("div", "file");
        const words = make("span", "file-text");
        const extension = file.name.includes(".") ? file.name.split(".").pop().slice(0, 4) : "";
        words.append(make("span", "file-name", file.name), make("span", "file-size", size(file.size, units)));
        const remove = make("button", "", "×");
        remove.type = "button";
        remove.setAttribute("aria-label", `${text.textRemove} ${file.name}`);
        remove.addEventListener("click", () => {
          kept.splice(index, 1);
          say("");
          show();
          input.focus();
        });
        card.append(make("span", "file-kind", extension), words, remove);
        return card;
      }));
    };
    const add = (files) => {
      let problem = "";
      for (const file of files) {
        if (file.size > Number(text.maxBytes)) problem = text.textTooLarge;
        else if (kept.length >= Number(text.maxFiles)) problem = text.textTooMany;
        else if (!kept.some((k) => k.name === file.name && k.size === file.size)) kept.push(file);
      }
      say(problem);
      show();
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
    zone.closest("form")?.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) {
        event.preventDefault();
        add(files);
      }
    });
  }
})();
