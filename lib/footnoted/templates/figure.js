// What a figure's points say: at the pointer, at a tap, and by the arrow keys of a slider that a
// screen reader reads aloud; Enter, a click or a second tap leads to the row. Without this script
// each point has its words as a title.
for (const group of document.querySelectorAll(".drawing .points")) {
  const svg = group.ownerSVGElement, drawing = svg.closest(".drawing");
  const circles = [...group.querySelectorAll("circle")];
  const points = circles.map(circle => {
    const title = circle.firstChild;
    title.remove();
    return { x: +circle.getAttribute("cx"), y: +circle.getAttribute("cy"),
             text: title.textContent, to: circle.dataset.to };
  });
  const ring = group.appendChild(circles[0].cloneNode());
  const label = document.createElement("div"), keys = document.createElement("input");
  ring.classList.add("at");
  label.className = "value";
  Object.assign(keys, { type: "range", min: 0, max: points.length - 1, value: 0 });
  keys.setAttribute("aria-label",
    `Values of ${drawing.parentNode.querySelector("figcaption strong")?.textContent ?? "figure"}`);
  keys.setAttribute("aria-valuetext", points[0].text);
  drawing.removeAttribute("tabindex");
  drawing.append(label, keys);

  // The whole, or on a telephone the panel, that shows a point.
  const views = [svg, ...drawing.querySelectorAll(".panels svg")];
  function place(point) {
    for (const view of views) {
      const at = view.getBoundingClientRect(), box = view.viewBox.baseVal;
      const x = point.x - box.x, y = point.y - box.y, scale = at.width / box.width;
      if (at.width > 2 && x >= 0 && y >= 0 && x <= box.width && y <= box.height) {
        const home = drawing.getBoundingClientRect();
        return { x: at.left - home.left + drawing.scrollLeft + x * scale,
                 y: at.top - home.top + y * scale };
      }
    }
    return { x: 0, y: 0 };
  }
  let shown = null;
  function show(point) {
    shown = point;
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    label.textContent = point.text;
    drawing.classList.add("told");
    const { x, y } = place(point), least = drawing.scrollLeft;
    const most = least + drawing.clientWidth - label.offsetWidth;
    label.style.left = `${Math.max(least, Math.min(x - label.offsetWidth / 2, most))}px`;
    label.style.top = `${y - label.offsetHeight - 9 < 0 ? y + 9 : y - label.offsetHeight - 9}px`;
  }
  function hide() {
    shown = null;
    drawing.classList.remove("told");
  }
  function nearest(event) {
    const at = event.currentTarget.getBoundingClientRect();
    const box = event.currentTarget.viewBox.baseVal, scale = box.width / at.width;
    const x = box.x + (event.clientX - at.left) * scale;
    const y = box.y + (event.clientY - at.top) * scale;
    const far = point => Math.hypot(point.x - x, point.y - y);
    const point = points.reduce((best, other) => far(other) < far(best) ? other : best);
    return far(point) < 24 * scale ? point : null;
  }
  for (const view of views) {
    let fresh = false;   // the first tap tells, the second leads to the row
    for (const kind of ["pointermove", "pointerdown"])
      view.addEventListener(kind, event => {
        const point = nearest(event);
        if (kind === "pointerdown") fresh = point !== shown;
        point ? show(point) : hide();
      });
    view.addEventListener("click", event => {
      const point = nearest(event);
      if (point?.to && !fresh) location.href = point.to;
    });
    view.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") hide(); });
  }
  for (const kind of ["input", "focus"])
    keys.addEventListener(kind, () => {
      const point = points[keys.value];
      const at = place(point).x - drawing.scrollLeft;
      if (at < 0 || at > drawing.clientWidth) drawing.scrollLeft += at - drawing.clientWidth / 2;
      keys.setAttribute("aria-valuetext", point.text);
      show(point);
      label.scrollIntoView({ block: "nearest" });
    });
  keys.addEventListener("keydown", event => {   // a row's place, as a click leads to it
    const to = points[keys.value].to;
    if (event.key === "Enter" && to) location.href = to;
  });
  keys.addEventListener("blur", hide);
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", event => {
    if (!drawing.contains(event.target)) hide();
  });
}
