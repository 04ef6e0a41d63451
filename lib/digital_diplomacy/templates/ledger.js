// The filter of the ledger. Its state stands in the address, #verdict=contradicted&country=KAZ;
// an address #claim-id opens that claim. Without this script every claim is still there to open.
"use strict";
(function () {
  const form = document.getElementById("page-filter");
  const count = form.querySelector("output");
  const fields = ["words", "verdict", "chapter", "country", "basis", "central"];
  const claims = [...document.querySelectorAll("details.claim")];
  const plain = text => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  const texts = new Map(claims.map(claim => [claim, plain(claim.textContent)]));

  function asked() {
    return new Map([...new FormData(form)].filter(([, value]) => value.trim()));
  }

  function fits(claim, wanted) {
    return [...wanted].every(([name, value]) => name === "words"
      ? plain(value).split(" ").every(word => texts.get(claim).includes(word))
      : claim.dataset[name] === value);
  }

  function show() {
    const wanted = asked();
    for (const claim of claims) claim.hidden = !fits(claim, wanted);
    for (const part of document.querySelectorAll("section.chapter"))
      part.hidden = !part.querySelector("details.claim:not([hidden])");
    const seen = claims.filter(claim => !claim.hidden), shown = seen.length;
    const apart = seen.filter(claim => claim.dataset.apart).length;
    count.textContent = shown ? `${shown} of ${claims.length} claims are shown`
      + (apart ? `, ${apart} of them apart.` : ".")
      : `No claim of ${claims.length} fits.`;
  }

  function keep() {
    const state = new URLSearchParams([...asked()]).toString();
    history.replaceState(null, "", "#" + state);
  }

  function read(state) {
    for (const name of fields) {
      const field = form.elements[name], value = state.get(name) || "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
      if (field.selectedIndex === -1) field.value = "";   // no such choice: all
    }
    show();
  }

  function follow() {
    const address = location.hash.slice(1);
    let name = address;
    try { name = decodeURIComponent(address); } catch (error) { /* a broken escape names nothing */ }
    const claim = document.getElementById(name)?.closest("details.claim");
    if (address.includes("=")) return read(new URLSearchParams(address));
    if (claim) {
      if (claim.hidden) { form.reset(); show(); }
      claim.open = true;
      claim.scrollIntoView();
    }
    const fold = document.getElementById(name)?.closest("details.truth");
    if (fold) { fold.open = true; document.getElementById(name).scrollIntoView(); }
  }

  // A verdict of the table above is a link to its claims.
  for (const row of document.querySelectorAll("#page-counts [data-verdict]")) {
    const link = document.createElement("a"), head = row.querySelector("th");
    link.href = "#" + new URLSearchParams({ verdict: row.dataset.verdict });
    link.append(...head.childNodes);
    head.append(link);
  }
  // A button at each permanent address; where the clipboard is closed, the address is selected.
  for (const link of document.querySelectorAll(".reply .self")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "Copy link" });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(link.href);
        button.textContent = "Copied";
      } catch (error) {
        getSelection().selectAllChildren(link);
        button.textContent = "Selected: copy it";
      }
    });
    link.after(" ", button);
  }
  form.addEventListener("input", () => { show(); keep(); });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { show(); keep(); }));
  for (const button of form.querySelectorAll("[data-open]"))
    button.addEventListener("click", () => {
      for (const claim of claims) if (!claim.hidden) claim.open = Boolean(button.dataset.open);
    });
  addEventListener("hashchange", follow);
  form.hidden = false;
  show();
  follow();
})();
