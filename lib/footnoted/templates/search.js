// Search over the study, offline. Entries come from search.js beside the front page, loaded by a
// script tag when the search is first opened: a page from a file may not fetch one. Every word asked
// for must begin a word of an entry, case and accents aside. Without this script the link of the
// header leads to search.html.
"use strict";
(function () {
  const opener = document.getElementById("search-open"), box = document.getElementById("search");
  if (!opener || !box || !box.showModal) return;
  const root = document.documentElement.dataset, home = root.base || root.home || "";
  const FEW = 8;
  let entries = null, open = new Set();

  const fold = text => " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim() + " ";

  // How well an entry answers, or 0: a word of the title counts more than one of the text, a whole
  // word more than a beginning, and most a title that begins with all that was asked.
  function score(entry, words, asked) {
    let sum = entry.title.startsWith(asked) ? 8 : 0;
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
      if (n) kinds.set(entry.kind, [...kinds.get(entry.kind) || [], [n, entry]]);
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
    placeholder: "Facebook, e-government rank, Tajikistan …" });
  const status = element("p", "", { className: "status" });
  const hits = element("div", "", { className: "hits" });
  status.setAttribute("role", "status");
  form.append(label, field, close);
  box.append(form, status, hits);

  function show() {
    if (!entries) return;
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

  function load() {
    if (entries || document.getElementById("search-entries")) return;
    const script = element("script", "", { id: "search-entries", src: home + "search.js" });
    status.textContent = "Loading …";
    script.addEventListener("load", () => {
      entries = Object.entries(window.studySearch).flatMap(([kind, rows]) =>
        rows.map(([title, text, to]) => ({ kind, shown: title, text, to, title: fold(title),
          all: fold(`${title} ${text}`) })));
      status.textContent = "";
      show();
    });
    script.addEventListener("error", () => {
      script.remove();
      status.replaceChildren("The entries are not beside this page: see the ",
        element("a", "index", { href: home + "search.html" }), ".");
    });
    document.head.append(script);
  }

  function begin() {
    if (box.open) return field.focus();
    box.showModal();
    load();
    field.select();
  }

  opener.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    begin();
  });
  addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || box.open
        || event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    begin();
  });
  field.addEventListener("input", () => { open = new Set(); show(); });
  form.addEventListener("submit", event => {
    event.preventDefault();
    hits.querySelector("a")?.click();
  });
  close.addEventListener("click", () => box.close());
  box.addEventListener("keydown", event => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...hits.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[Math.max(0, Math.min(at, stops.length - 1))].focus();
  });
  hits.addEventListener("click", event => { if (event.target.closest("a")) box.close(); });
  box.addEventListener("click", event => { if (event.target === box) box.close(); });
})();
