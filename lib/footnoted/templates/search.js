// Opens the search. search.js beside the front page has its entries and the rest of its code, and is
// loaded by a script tag when it is first wanted: a page read from a file may not fetch it. Without
// this script the link of the header leads to search.html.
"use strict";
(function () {
  const opener = document.getElementById("search-open"), box = document.getElementById("search");
  if (!opener || !box || !box.showModal) return;
  const root = document.documentElement.dataset, home = root.base || root.home || "";
  let script = null;
  opener.setAttribute("aria-keyshortcuts", "/");
  opener.title = "Press / on any page";

  function begin() {
    if (window.studySearch) return window.studySearch.begin();
    if (script) return;
    script = document.createElement("script");
    script.src = home + "search.js";
    script.addEventListener("load", () => window.studySearch.begin(box, home));
    script.addEventListener("error", () => { location.href = opener.href; });
    document.head.append(script);
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
})();
