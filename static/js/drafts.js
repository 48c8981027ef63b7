/* What is typed is kept on the server as one goes, and in the browser while it cannot be reached. */
(() => {
  "use strict";
  const box = document.querySelector("[data-draft]");
  const form = box?.closest("form");
  if (!form) return;
  const text = box.dataset;
  const device = window.guichetDevice(text.owner);
  const line = box.querySelector("[data-draft-line]");
  const choice = box.querySelector("[data-draft-choice]");
  const discard = box.querySelector("[data-draft-discard]");
  const field = (name) => form.elements.namedItem(name);
  /* Guests of one network are counted together, and their tab has the text: they save less often. */
  const [guest, pause] = text.owner === "guest" ? [true, 4000] : [false, 1000];
  let timer = 0, since = 0, dirty = false, stopped = false, busy = null, other = null;

  const say = (sentence) => line.textContent === sentence || (line.textContent = sentence);
  const keepHere = () => device.keep(text.draft, { fields: device.read(form), revision: field("draft_revision").value, key: field("key").value });
  const later = (delay) => (clearTimeout(timer), stopped || (timer = setTimeout(save, delay)));
  const ask = (theirs, why) => {
    other = theirs;
    choice.hidden = false;
    choice.firstElementChild.hidden = !theirs.fields;
    say(why);
    keepHere();
  };
  const take = (answer) => {
    if (answer.state === "conflict") return ask(answer, answer.said);
    if (answer.state === "gone") return ask({ revision: "0" }, text.textGone);
    if (answer.state === "refused") return keepHere(), say(answer.said);
    field("draft_revision").value = answer.revision;
    form.dispatchEvent(new CustomEvent("draft-files", { detail: answer.files }));
    discard.hidden = answer.state !== "saved";
    say(answer.said);
    if (!dirty && !guest) device.forget(text.draft);
  };
  const failed = (why, again) => {
    dirty = true;
    keepHere();
    say(why);
    later(again);
  };
  /* Who comes back to a page that was sent, and writes on, writes another one. */
  const anew = () => (([field("key").value, field("draft_revision").value] = [device.newKey(), "0"]), failed("", 0));

  /* `extra` goes along; a page that is left has no time for files. */
  async function save(extra = {}) {
    if (stopped) return;
    if (busy) return void setTimeout(save, 500, extra);
    if (other) return keepHere();
    clearTimeout(timer);
    const data = new FormData(form);
    if (extra.bare) data.delete("files");
    if (extra.remove) data.append("draft_remove", extra.remove);
    dirty = false;
    busy = new AbortController();
    const answer = await device.send(text.path, data, { signal: busy.signal, keepalive: Boolean(extra.bare) });
    busy = null;
    if (stopped || answer.status === 404) return;
    if (answer.state === "sent") return anew();
    if (answer.status === 401 || answer.status === 403) {
      const token = await device.renew(text.path);
      if (token) field("csrf").value = token;
      return failed(text.textSession, token ? 1000 : 15000);
    }
    if (!answer.state) return failed(text.textDevice, 5000);
    if (answer.state === "refused" && data.getAll("files").some((file) => file.size) && !extra.bare) return save({ bare: true });
    if (answer.state === "saved") form.dispatchEvent(new CustomEvent("draft-sent", { detail: data.getAll("files") }));
    take(answer);
    if (dirty) later(pause);
  }

  form.addEventListener("input", () => {
    if (!dirty) [dirty, since] = [true, Date.now()];
    keepHere();
    later(Math.max(0, Math.min(pause, since + 5 * pause - Date.now()))); /* Who types without a rest is saved, too. */
  });
  form.addEventListener("draft-remove", (event) => save({ remove: event.detail }));
  choice.addEventListener("click", (event) => {
    if (event.target.closest("[data-draft-swap]")) {
      const mine = device.read(form);
      device.fill(form, other.fields);
      other.fields = mine;
    } else if (event.target.closest("[data-draft-keep]")) {
      field("draft_revision").value = other.revision;
      other = null;
      choice.hidden = true;
      save();
    }
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    stopped = true;
    clearTimeout(timer);
    busy?.abort();
    if (event.submitter === discard) device.forget(text.draft);
    else keepHere();
  });
  addEventListener("pagehide", () => {
    if (!dirty || stopped) return;
    keepHere();
    if (!busy) save({ bare: true });
  });
  addEventListener("pageshow", () => (stopped = false));
  for (const sign of ["online", "focus"]) addEventListener(sign, () => dirty && later(0));

  /* What this browser holds of this form goes first: the server says whether it was sent. */
  (async () => {
    const copy = text.returned === undefined && device.copy(text.draft);
    device.flush(field("csrf").value, text.draft);
    if (!copy) return device.forget(text.draft);
    const answer = await device.post(field("csrf").value, text.draft, copy);
    if (answer.state === "sent" || answer.state === "empty") return device.forget(text.draft);
    const told = device.fill(form, copy.fields) ? text.textRestored : line.textContent;
    clearTimeout(timer);
    if (!answer.state) return save();
    take(answer);
    if (answer.state === "saved") say(told);
  })();
})();
