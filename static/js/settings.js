/* Colours of the company: what the server says of them while they are typed, and how they look. */
(() => {
  "use strict";
  const box = document.querySelector("[data-colours]");
  if (!box) return;
  const field = (theme) => document.getElementById(`accent_${theme}`);
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  let timer = 0;
  let asked = 0;

  const measure = async () => {
    const number = ++asked;
    const typed = new URLSearchParams({ light: field("light").value, dark: field("dark").value });
    const answer = await fetch(`${box.dataset.colours}?${typed}`, { headers: { "X-Guichet-Background": "1" } }).catch(() => null);
    if (!answer || !answer.ok || number !== asked) return;
    const measured = await answer.json();
    for (const theme of ["light", "dark"]) box.querySelector(`[data-verdict=${theme}]`).textContent = measured[theme];
    sheet.href = measured.stylesheet;
    if (!sheet.isConnected) document.head.append(sheet);
  };

  // A picker in each field: the field stays, because only it can be left empty.
  const addPicker = (theme) => {
    const input = field(theme);
    const picker = document.createElement("input");
    picker.type = "color";
    picker.className = "colour-picker";
    picker.setAttribute("aria-label", document.querySelector(`label[for=${input.id}]`).firstChild.textContent.trim());
    const follow = () => { if (/^#[0-9a-f]{6}$/i.test(input.value)) picker.value = input.value.toLowerCase(); };
    picker.value = theme === "light" ? "#153aaf" : "#96b4fa";
    follow();
    const soon = () => { clearTimeout(timer); timer = setTimeout(measure, 200); };
    input.addEventListener("input", () => { follow(); soon(); });
    picker.addEventListener("input", () => { input.value = picker.value; soon(); });
    input.after(picker);
  };

  addPicker("light");
  addPicker("dark");
})();
