// What a figure's points say: at the pointer, at a tap, and by the arrow keys of a slider that a
// screen reader reads aloud; Enter or a click leads to the row. Without this script each point has its words as a title.
for (const group of document.querySelectorAll(".drawing .points")) {
  const svg = group.ownerSVGElement, drawing = svg.closest(".drawing");
  const circles = [...group.querySelectorAll("circle")];
  const points = circles.map(circle => {
    const title = circle.firstChild;
    title.remove();
    return { x: +circle.getAttribute("cx"), y: +circle.getAttribute("cy"),
             text: title.textContent, to: circle.closest("a")?.getAttribute("href") };
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

  function place(point) {
    const at = svg.getBoundingClientRect(), home = drawing.getBoundingClientRect();
    const scale = at.width / svg.viewBox.baseVal.width;
    return { x: at.left - home.left + drawing.scrollLeft + point.x * scale,
             y: at.top - home.top + point.y * scale };
  }
  function show(point) {
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    label.textContent = point.text;
    drawing.classList.add("told");
    const { x, y } = place(point), room = drawing.scrollWidth - label.offsetWidth;
    label.style.left = `${Math.max(0, Math.min(x - label.offsetWidth / 2, room))}px`;
    label.style.top = `${y - label.offsetHeight - 9 < 0 ? y + 9 : y - label.offsetHeight - 9}px`;
  }
  function hide() {
    drawing.classList.remove("told");
  }
  function nearest(event) {
    const at = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / at.width;
    const x = (event.clientX - at.left) * scale, y = (event.clientY - at.top) * scale;
    const far = point => Math.hypot(point.x - x, point.y - y);
    const point = points.reduce((best, other) => far(other) < far(best) ? other : best);
    return far(point) < 24 * scale ? point : null;
  }
  for (const kind of ["pointermove", "pointerdown"])
    svg.addEventListener(kind, event => { const point = nearest(event); point ? show(point) : hide(); });
  svg.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") hide(); });
  for (const kind of ["input", "focus"])
    keys.addEventListener(kind, () => {
      const point = points[keys.value];
      keys.setAttribute("aria-valuetext", point.text);
      show(point);
      ring.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  keys.addEventListener("keydown", event => {   // a row's place, as a click leads to it
    const to = points[keys.value].to;
    if (event.key === "Enter" && to) location.href = to;
  });
  keys.addEventListener("blur", hide);
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", event => { if (!svg.contains(event.target)) hide(); });
}
