// The search: what is typed against studyEntries, {kind: [[title, text, address], ...]}, which stand
// above. Every word asked for must begin a word of an entry, case and accents aside.
(function () {
  "use strict";
  const FEW = 5;
  let box = null, home = "", open = new Set();

  const fold = text => " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim() + " ";

  const entries = Object.entries(studyEntries).flatMap(([kind, rows]) =>
    rows.map(([title, text, to]) => ({ kind, shown: title, text, to, title: fold(title),
      all: fold(`${title} ${text}`) })));

  // How well an entry answers, or 0: a word of the title counts more than one of the text, a whole
  // word more than a beginning, and most a title that is, or begins with, all that was asked.
  function score(entry, words, asked) {
    let sum = entry.title === asked + " " ? 16 : entry.title.startsWith(asked) ? 8 : 0;
    for (const word of words) {
      const part = " " + word, whole = part + " ";
      if (entry.title.includes(part)) sum += entry.title.includes(whole) ? 4 : 3;
      else if (entry.all.includes(part)) sum += entry.all.includes(whole) ? 2 : 1;
      else return 0;
    }
    return sum + 1 / entry.title.length;
  }

  function found(text) {
    const asked = fold(text).trimEnd(), words = asked.split(" ").filter(Boolean);
    const kinds = new Map();
    if (words.length) for (const entry of entries) {
      const n = score(entry, words, asked);
      if (!n) continue;
      if (!kinds.has(entry.kind)) kinds.set(entry.kind, []);
      kinds.get(entry.kind).push([n, entry]);
    }
    for (const hits of kinds.values()) hits.sort((a, b) => b[0] - a[0]);
    return [...kinds].sort((a, b) => Math.floor(b[1][0][0]) - Math.floor(a[1][0][0]));
  }

  function element(name, text, more) {
    const made = Object.assign(document.createElement(name), more);
    if (text) made.textContent = text;
    return made;
  }

  const form = element("form"), close = element("button", "Close", { type: "button" });
  const label = element("label", "Search", { htmlFor: "search-words" });
  const field = element("input", "", { id: "search-words", type: "search", autocomplete: "off",
    placeholder: "one word, or several" });
  const status = element("p", "", { className: "status" });
  const hits = element("div", "", { className: "hits" });
  status.setAttribute("role", "status");
  form.append(label, field, close);

  function show() {
    const kinds = found(field.value), n = kinds.reduce((sum, [, some]) => sum + some.length, 0);
    const asked = field.value.trim();
    status.textContent = !asked ? "" : n ? `${n} found` : "Nothing has all of these words.";
    hits.replaceChildren(...kinds.map(([kind, some]) => {
      const part = element("section"), list = element("ul");
      const shown = open.has(kind) ? some : some.slice(0, FEW);
      for (const [, entry] of shown) {
        const item = element("li"), link = element("a", entry.shown, { href: home + entry.to });
        if (entry.text) link.append(" ", element("span", entry.text));
        item.append(link);
        list.append(item);
      }
      part.append(element("h2", kind), list);
      if (some.length > shown.length) {
        const more = element("button", `${some.length - shown.length} more`, { type: "button" });
        more.addEventListener("click", () => {
          open.add(kind);
          show();
          [...hits.querySelectorAll("section")].find(one => one.firstChild.textContent === kind)
            .querySelectorAll("a")[FEW].focus();
        });
        part.append(more);
      }
      return part;
    }));
  }

  function begin(dialog, base) {
    if (dialog) {
      box = dialog;
      home = base;
      box.append(form, status, hits);
      box.addEventListener("keydown", move);
      box.addEventListener("click", event => { if (event.target === box) box.close(); });
    }
    if (!box.open) box.showModal();
    field.select();
  }

  function move(event) {
    if (event.key === "Escape") {   // a search field would only be emptied
      event.preventDefault();
      return box.close();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...hits.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[Math.max(0, Math.min(at, stops.length - 1))].focus();
  }
  field.addEventListener("input", () => { open = new Set(); show(); });
  form.addEventListener("submit", event => {
    event.preventDefault();
    hits.querySelector("a")?.click();
  });
  close.addEventListener("click", () => box.close());
  hits.addEventListener("click", event => { if (event.target.closest("a")) box.close(); });
  window.studySearch = { begin, found };
})();
