/* Small comforts; every page works without them. */
"use strict";

document.documentElement.classList.add("with-script");

/* An error summary is read first, by eyes and by screen readers. */
function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

/* A second click on a slow button must not send the form twice. */
function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => { delete form.dataset.sent; }, 3000);
}

/* Selects that filter a list apply at once: <form data-filter>. */
function applyFilter(event) {
  const form = event.target.closest("form[data-filter]");
  if (form && event.target.matches("select")) form.requestSubmit();
}

/* Ticks every box of a table: <input type="checkbox" data-tick-all="name">. */
function tickAll(event) {
  const name = event.target.dataset.tickAll;
  if (!name) return;
  const scope = event.target.closest("form") || document;
  scope.querySelectorAll(`input[type="checkbox"][name="${name}"]`).forEach((box) => { box.checked = event.target.checked; });
}

/* Choosing adds a line to a text: <select data-adds-line-to="id">. Arrow keys choose each line they pass: then only
   leaving the list adds. */
let chosenByKey = false;
document.addEventListener("pointerdown", () => { chosenByKey = false; });
document.addEventListener("keydown", () => { chosenByKey = true; });

function addLine(event) {
  const list = event.target;
  if (event.type === "change" && chosenByKey) return;
  const text = list.dataset.addsLineTo && document.getElementById(list.dataset.addsLineTo);
  if (!text || !list.value) return;
  const lines = text.value.split("\n").filter(Boolean);
  if (!lines.includes(list.value)) text.value = [...lines, list.value].join("\n");
  list.value = "";
}

/* Of a long list only the group of the chosen question is offered: <select data-groups-of="id">. */
function offerGroup(list) {
  const chosen = document.getElementById(list.dataset.groupsOf).selectedOptions[0];
  const groups = [...list.querySelectorAll("optgroup")];
  groups.forEach((group) => { group.hidden = group.disabled = Boolean(chosen.value) && !group.label.includes(chosen.text); });
}
document.addEventListener("change", (event) => {
  document.querySelectorAll(`[data-groups-of="${event.target.id}"]`).forEach(offerGroup);
});
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-groups-of]").forEach(offerGroup));

/* A page that comes back from the browser's memory may be sent again. */
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

document.addEventListener("DOMContentLoaded", () => focusErrorSummary(document));
document.addEventListener("htmx:afterSwap", (event) => focusErrorSummary(event.target));
document.addEventListener("submit", sendOnce);
document.addEventListener("change", (event) => { applyFilter(event); tickAll(event); });
document.addEventListener("change", addLine);
document.addEventListener("focusout", addLine);

/* A table that scrolls sideways can be reached and scrolled with the keyboard. */
function reachWideTables() {
  document.querySelectorAll(".data-table, .table-responsive").forEach((box) => {
    const caption = box.querySelector("caption");
    if (box.scrollWidth <= box.clientWidth) return;
    box.tabIndex = 0;
    if (caption && !box.hasAttribute("role")) {
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", caption.textContent.trim());
    }
  });
}

document.addEventListener("DOMContentLoaded", reachWideTables);
window.addEventListener("resize", reachWideTables);

/* Single keys for staff: "/" goes to the search, "?" opens the help sheet. They can be switched off there. */
function pressKey(event) {
  const search = document.querySelector("[data-key='/']");
  if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    event.preventDefault();
    const menu = search.closest("[popover]");
    if (menu?.showPopover && search.offsetParent === null) menu.showPopover();
    search.focus();
  } else if (event.key === "?") {
    const help = document.querySelector("[data-keys-help]");
    if (help) help.click();
  }
}

document.addEventListener("keydown", pressKey);

/* The menu of a narrow screen covers the page: it closes when the focus goes on behind it, or the page comes back. */
function closeMenu(event) {
  const menu = document.getElementById("site-menu");
  if (menu?.hidePopover && menu.matches(":popover-open") && !menu.contains(event.target)) menu.hidePopover();
}

document.addEventListener("focusin", closeMenu);
window.addEventListener("pagehide", closeMenu);
