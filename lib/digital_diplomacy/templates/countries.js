// The list of countries: filtered by name, sorted by a column; two profiles side by side, whose
// choice stands in the address: #KAZ… as page names, left+right. Without it the list is whole.
"use strict";
(function () {
  const table = document.getElementById("countries"), body = table.tBodies[0];
  const lines = [...body.rows], form = document.getElementById("countries-filter");
  const field = form.querySelector("input"), count = form.querySelector("output");
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function show() {
    const asked = plain(field.value).split(/\s+/).filter(Boolean);
    for (const line of lines)
      line.hidden = !asked.every(word => plain(line.cells[0].textContent).includes(word));
    const n = lines.filter(line => !line.hidden).length;
    count.textContent = `${n} of ${lines.length} countries`;
  }
  // Numbers by size, those without a value last, words by the alphabet
  const valued = text => { const found = text.replace(/,/g, "").match(/-?\d+(\.\d+)?/); return found && !/^none/.test(text) ? +found[0] : null; };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = line => line.cells[column].textContent;
      const compare = (a, b) => {
        if (!column) return (up ? 1 : -1) * key(a).localeCompare(key(b), "en");
        const one = valued(key(a)), other = valued(key(b));
        if (one === null || other === null) return (one === null) - (other === null);
        return (up ? 1 : -1) * (one - other);
      };
      body.append(...[...lines].sort(compare));
    });
  });
  field.addEventListener("input", show);
  form.addEventListener("submit", event => event.preventDefault());
  form.hidden = false;
  show();

  const pair = document.getElementById("pair"), sides = [...pair.querySelectorAll("select")];
  const pages = new Map(lines.map(line => {
    const link = line.querySelector("a");
    return [link.getAttribute("href").replace(/\.html$/, ""), link.textContent];
  }));
  if (pages.size < 2) return;
  const wanted = location.hash.slice(1).split("+").filter(page => pages.has(page));
  const kept = [...new Set([...wanted, "profile-kaz", "profile-uzb", ...pages.keys()])]
    .filter(page => pages.has(page));
  sides.forEach((side, i) => {
    for (const [page, name] of pages) side.append(new Option(name, page));
    side.value = kept[i];
    side.addEventListener("change", () => {
      draw();
      history.replaceState(null, "", "#" + sides.map(one => one.value).join("+"));
    });
  });
  function draw() {
    pair.querySelector(".pair").replaceChildren(...sides.map(side => Object.assign(
      document.createElement("iframe"), { src: side.value + ".html", loading: "lazy",
        title: `Profile of ${pages.get(side.value)}` })));
  }
  pair.hidden = false;
  draw();
  if (wanted.length === 2) pair.scrollIntoView();
})();
