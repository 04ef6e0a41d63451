// What a page can do beyond being read: cards of numbers, day and night, code shown or hidden,
// links to places, where the reader is. Without it every link still leads somewhere.
"use strict";
(function () {
  const root = document.documentElement, $ = (name) => document.getElementById(name);
  const make = (kind, text, more) => Object.assign(document.createElement(kind),
    text === undefined ? {} : { textContent: text }, more);
  if (self !== top) root.classList.add("framed");   // beside another page, which has the header
  const store = { get(name) { try { return localStorage.getItem(name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(name, value); } catch { /* not kept */ } } };

  // Day and night: the system's until the reader chooses
  const theme = $("theme-switch"), night = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme || (night.matches ? "dark" : "light")) === "dark";
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.hidden = false;
  name();
  night.addEventListener("change", name);
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    store.set("theme", root.dataset.theme);
    name();
  });

  // All code of the page at once
  const code = $("code-switch"), cells = [...document.querySelectorAll("details.code")];
  const show = (open) => {
    for (const one of cells) one.open = open;
    code.setAttribute("aria-pressed", open);
    code.textContent = open ? "Hide all code" : "Show all code";
  };
  if (cells.length) {
    code.hidden = false;
    if (store.get("code") === "open") show(true);
    code.addEventListener("click", () => {
      const open = code.getAttribute("aria-pressed") !== "true";
      store.set("code", open ? "open" : "");
      show(open);
    });
  }

  // A link to each heading, figure and table, to copy
  for (const place of document.querySelectorAll("main :is(h2, h3)[id], main figure[id]")) {
    const at = place.matches("figure") ? place.querySelector("figcaption") : place;
    if (!at) continue;
    const button = make("button", "#", { className: "anchor", type: "button" });
    button.setAttribute("aria-label", `Copy the link to “${at.textContent.trim().slice(0, 60)}”`);
    button.addEventListener("click", async () => {
      const address = location.href.split("#")[0] + "#" + place.id;
      history.replaceState(null, "", "#" + place.id);
      try { await navigator.clipboard.writeText(address); button.textContent = "copied"; }
      catch { button.textContent = "in the address bar"; }
      setTimeout(() => { button.textContent = "#"; }, 1500);
    });
    at.append(button);
  }

  // The contents follow the reader
  const heads = [...document.querySelectorAll("main h2[id]")];
  const entries = new Map([...document.querySelectorAll("nav.contents a")].map(
    (one) => [decodeURIComponent(one.hash.slice(1)), one]));
  const follow = () => {
    const passed = heads.filter((one) => one.getBoundingClientRect().top < innerHeight / 3);
    for (const one of entries.values()) one.classList.remove("now");
    entries.get(passed.at(-1)?.id)?.classList.add("now");
  };
  if (entries.size) {
    addEventListener("scroll", follow, { passive: true });
    follow();
  }

  // A shade where a wide table goes on
  for (const box of document.querySelectorAll(".scroll")) {
    const shade = () => box.classList.toggle("more",
      box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
    box.addEventListener("scroll", shade, { passive: true });
    new ResizeObserver(shade).observe(box);
  }

  // Cards: beside a number, what it rests on. Its link leads to the same on a page of its own.
  const held = {}, waiting = {}, ROWS = 8;
  window.studyNumbers = (page, data) => { held[page] = data; waiting[page]?.(data); };
  const load = (address) => {
    const page = decodeURIComponent(address.pathname.match(/([^/]*)\.html$/)[1]);
    if (held[page]) return Promise.resolve(held[page]);
    return new Promise((done, fail) => {
      waiting[page] = done;
      document.head.append(make("script", undefined,
        { src: address.href.split("#")[0].replace(/html$/, "js"), onerror: fail }));
    });
  };
  const link = (text, address) => make("a", text, { href: address });
  const web = (address) => /^https?:/.test(address);

  function rowsOf(data, positions, base) {
    const shown = data.columns.map((_, i) => positions.some((at) => data.rows[at][0][i]));
    const table = make("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    for (const title of [...data.columns.filter((_, i) => shown[i]), "Source"])
      head.append(make("th", title, { scope: "col" }));
    for (const at of positions.slice(0, ROWS)) {
      const [texts, place, to, sources] = data.rows[at], line = body.insertRow();
      const last = texts.reduce((found, text, i) => (text ? i : found), 0);
      texts.forEach((text, i) => {
        if (shown[i]) line.insertCell().append(i === last && to ? link(text, base + to) : text);
      });
      const cell = line.insertCell();
      sources.forEach((one, i) => {
        const [label, address, page] = data.sources[one];
        cell.append(i ? ", " : "", page ? link(label, base + page) : label);
        if (web(address)) cell.append(" ", link("at its publisher", address));
      });
      cell.append(sources.length && place ? "; " : "", place);
    }
    return table;
  }

  function contentOf(data, anchor, address) {
    const [head, label, sentences, positions] = data.cards[anchor];
    const base = new URL("../", address).href;
    const parts = [make("p", head, { className: "head" })];
    if (label) parts.push(make("p", label, { className: "label" }));
    for (const one of sentences) parts.push(make("p", one + "."));
    if (positions.length) parts.push(rowsOf(data, positions, base));
    const more = make("p");
    more.append(link(positions.length > ROWS ? `All ${positions.length} rows` : "This on a page",
      address.href));
    return [...parts, more];
  }

  const card = make("div", "", { id: "card" });
  card.popover = "auto";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Where this number comes from");
  document.body.append(card);
  let owner = null, timer = 0, pinned = false;

  function put(at) {
    const box = at.getBoundingClientRect(), size = card.getBoundingClientRect();
    const left = Math.max(12, Math.min(box.left, document.documentElement.clientWidth - size.width - 12));
    const below = box.bottom + 6, above = box.top - size.height - 6;
    const top = below + size.height < innerHeight || above < 0 ? below : above;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  }

  async function open(at, pin) {
    const address = new URL(at.href), anchor = decodeURIComponent(address.hash.slice(1));
    const here = $(anchor);
    let content;
    if (here) content = [...here.cloneNode(true).childNodes];
    else {
      try { content = contentOf(await load(address), anchor, address); }
      catch { if (pin) location.href = at.href; return; }
    }
    if (!pin && owner !== at) return;   // the pointer went on meanwhile
    owner = at;
    pinned = pin;
    card.replaceChildren(...content);
    if (!card.matches(":popover-open")) card.showPopover();
    card.scrollTop = 0;
    put(at);
    if (pin) card.querySelector("a")?.focus({ preventScroll: true });
  }

  const numberOf = (event) => event.target.closest?.("a.number, a.finding");
  if (HTMLElement.prototype.showPopover) {
    document.addEventListener("click", (event) => {
      const at = numberOf(event);
      if (!at || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      clearTimeout(timer);
      open(at, true);
    });
    document.addEventListener("pointerover", (event) => {
      const at = numberOf(event);
      if (event.pointerType !== "mouse" || pinned) return;
      clearTimeout(timer);
      if (at) { owner = at; timer = setTimeout(open, 250, at, false); }
      else if (!card.contains(event.target)) {
        owner = null;
        timer = setTimeout(() => { if (!pinned && !owner) card.hidePopover(); }, 300);
      }
    });
    document.addEventListener("focusin", (event) => {
      const at = numberOf(event);
      if (at?.matches(":focus-visible") && !pinned) { owner = at; open(at, false); }
    });
    card.addEventListener("toggle", (event) => {
      if (event.newState === "open") return;
      const back = pinned && card.contains(document.activeElement) ? owner : null;
      pinned = false;
      owner = null;
      back?.focus({ preventScroll: true });
    });
  }
})();
