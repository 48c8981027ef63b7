/* Copies of drafts in this browser, for one person, and how they reach the server. */
(() => {
  "use strict";
  const PREFIX = "guichet-draft:";
  const GUEST = `${PREFIX}guest:request`;

  /* A browser may refuse to keep anything. */
  const open = (which) => {
    try {
      return window[which];
    } catch {
      return { getItem: () => null, setItem() {}, removeItem() {} };
    }
  };
  const [kept, tab] = [open("localStorage"), open("sessionStorage")];

  /* Fields that belong to the form and not to what is written in it. */
  const FRAME = ["csrf", "key", "draft", "draft_revision", "draft_file", "draft_remove", "files"];

  window.guichetDevice = (owner) => {
    const guest = owner === "guest";
    /* The server has what a guest types for a day; the tab has it until it is closed. */
    const store = guest ? tab : kept;
    const name = (key) => `${PREFIX}${owner}:${key}`;
    const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
    const device = {
      newKey: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
      read: (form) => Object.fromEntries([...new FormData(form)].filter(([field]) => !FRAME.includes(field))),
      /* Answers whether anything changed. */
      fill(form, values) {
        let changed = false;
        for (const [field, value] of Object.entries(values)) {
          const target = form.elements.namedItem(field);
          if (!target || FRAME.includes(field) || target.value === value) continue;
          target.value = value;
          changed = true;
          (target instanceof RadioNodeList ? target[0] : target).dispatchEvent(new Event("input", { bubbles: true }));
        }
        return changed;
      },
      keep(key, copy) {
        try {
          store.setItem(name(key), JSON.stringify(copy));
        } catch {
          /* There is no room, or none is given: the page still has the text. */
        }
      },
      copy(key) {
        try {
          /* Who signs in while writing goes on with what they wrote before. */
          return JSON.parse(store.getItem(name(key)) ?? (key === "request" ? tab.getItem(GUEST) : null));
        } catch {
          return null;
        }
      },
      forget(key) {
        store.removeItem(name(key));
        if (key === "request") tab.removeItem(GUEST);
      },
      /* Answers what the server said, or only a status; 0 is that it was not reached. */
      async send(path, body, more = {}) {
        try {
          const answer = await fetch(path, { method: "POST", body, headers: { Accept: "application/json", "X-Guichet-Background": "1" }, ...more });
          const json = answer.headers.get("Content-Type")?.startsWith("application/json");
          return { status: answer.status, ...(json ? await answer.json() : {}) };
        } catch {
          return { status: 0 };
        }
      },
      post(token, key, copy) {
        const data = new FormData();
        for (const [field, value] of Object.entries(copy.fields)) data.set(field, value);
        for (const [field, value] of [["csrf", token], ["key", copy.key], ["draft_revision", copy.revision], ["copy", "1"]]) data.set(field, value);
        return device.send(`/drafts/${key}`, data);
      },
      /* A token of the session that holds now, if it is the same person's. */
      async renew(path) {
        try {
          const answer = await fetch(path, { headers: { Accept: "application/json", "X-Guichet-Background": "1" }, redirect: "manual" });
          const present = answer.ok ? await answer.json() : {};
          return present.owner === owner ? present.token : "";
        } catch {
          return "";
        }
      },
      /* Sends what other forms left here; what somebody else left goes. */
      async flush(token, here) {
        for (const key of keys()) {
          const place = key.slice(name("").length);
          if (!key.startsWith(name(""))) store.removeItem(key);
          else if (!guest && place !== here) {
            const answer = await device.post(token, place, device.copy(place) ?? { fields: {} });
            if (["saved", "sent", "empty"].includes(answer.state)) device.forget(place);
          }
        }
      },
    };
    return device;
  };

  /* A guest's request that was taken needs no copy any more. */
  if (document.querySelector("[data-draft-done]")) tab.removeItem(GUEST);
})();
