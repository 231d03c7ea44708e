// Comfort only: everything works without it.
"use strict";

// How long a held time is still kept.
for (const note of document.querySelectorAll("[data-hold]")) {
  const left = note.querySelector("[data-hold-left]");
  const until = new Date(note.dataset.hold);
  const tick = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    if (seconds > 600) return; // this device's clock is wrong; the time of day stands beside it
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) setTimeout(tick, 1000);
  };
  tick();
}

// Draw over the week with the mouse button held.
for (const form of document.querySelectorAll("[data-paint]")) {
  let value = null;
  form.addEventListener("pointerdown", (event) => {
    const box = event.target.closest(".paint__cell")?.querySelector("input");
    if (!box || event.pointerType !== "mouse" || event.button !== 0) return;
    value = !box.checked;
    box.checked = value;
    box.focus();
    event.preventDefault();
  });
  form.addEventListener("pointerover", (event) => {
    const box = event.target.closest(".paint__cell")?.querySelector("input");
    if (box && value !== null) box.checked = value;
  });
  form.addEventListener("click", (event) => {
    // The mouse has already painted on pointerdown; keyboard and touch toggle as usual.
    if (event.detail > 0 && event.pointerType === "mouse" && event.target.closest(".paint__cell")) event.preventDefault();
  });
  document.addEventListener("pointerup", () => { value = null; });

  // Arrow keys move through the week; with Shift they go on painting as the present half hour is.
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  form.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const cell = event.target.closest?.(".paint td");
    if (!step || !cell) return;
    const row = cell.parentElement.parentElement.rows[cell.parentElement.sectionRowIndex + step[0]];
    const next = row?.cells[cell.cellIndex + step[1]]?.querySelector("input");
    event.preventDefault();
    if (!next) return;
    if (event.shiftKey) next.checked = event.target.checked;
    next.focus();
  });
}
