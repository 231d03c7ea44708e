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
    search.focus();
  } else if (event.key === "?") {
    const help = document.querySelector("[data-keys-help]");
    if (help) help.click();
  }
}

document.addEventListener("keydown", pressKey);

/* What was typed or chosen before the scripts had arrived has raised its event for nobody: it is raised again. */
function isChanged(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((option) => option.defaultSelected && !option.selected);
  return field.matches("textarea, input:not([type=hidden], [type=file])") && field.value !== field.defaultValue;
}

function announceTypedEarly() {
  document.querySelectorAll("main form[method=post]").forEach((form) => {
    [...form.elements].filter(isChanged).forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
  });
}

document.addEventListener("DOMContentLoaded", announceTypedEarly);

/* What is typed is kept by <… data-keeps hx-post=…>; what did not arrive is said, and sent again. */
const PAUSES = [2000, 4000, 8000, 16000];
let failures = 0;

function sayNotKept(why) {
  const note = document.querySelector("[data-not-kept]");
  if (!note) return;
  note.textContent = note.dataset[why] || "";
  note.hidden = !why;
}

function sendAgain(event) {
  const keeper = event.target.closest("[data-keeps]");
  if (!keeper) return;
  const { status } = event.detail.xhr;
  if (status >= 400 && status < 500) {
    sayNotKept("refused"); // and would be refused again
    return;
  }
  sayNotKept("failed");
  window.setTimeout(() => { htmx.trigger(keeper, "again"); }, PAUSES[Math.min(failures, PAUSES.length - 1)]);
  failures += 1;
}

/* Who is signed out is led to the page for signing in: that is no answer to put into this one. */
function takeAnswer(event) {
  if (event.detail.isError) return;
  const isSignedOut = event.detail.xhr.responseURL.includes("/accounts/login");
  if (isSignedOut) event.detail.shouldSwap = false;
  if (!event.target.closest("[data-keeps]")) return;
  failures = 0;
  sayNotKept(isSignedOut ? "signedOut" : "");
}

document.addEventListener("htmx:sendError", sendAgain);
document.addEventListener("htmx:responseError", sendAgain);
document.addEventListener("htmx:beforeSwap", takeAnswer);

/* Texts that were sent after the session had ended come back once somebody is signed in again: they wait in this tab. */
const LOST = "signed-out";

function writtenFields(form) {
  return [...form.elements].filter((field) => field.matches("textarea[name], select[name], input[name]:is([type=text], [type=number], [type=date], [type=time], [type=url], :not([type]))"));
}

function formsThatKeep() {
  return [...document.querySelectorAll("main form[method=post]:not([data-autosave])")];
}

function keepWritten(event) {
  const place = formsThatKeep().indexOf(event.target);
  if (place < 0 || location.pathname.startsWith("/accounts/")) return;
  const texts = Object.fromEntries(writtenFields(event.target).map((field) => [field.name, field.value]));
  try {
    sessionStorage.setItem("sent", JSON.stringify({ page: location.pathname + location.search, place, texts }));
  } catch (error) { /* a browser that keeps nothing */ }
}

function bringBack() {
  try {
    if (location.pathname.startsWith("/accounts/login")) {
      if (sessionStorage.getItem("sent")) sessionStorage.setItem(LOST, "yes");
      return;
    }
    const sent = JSON.parse(sessionStorage.getItem("sent"));
    const isLost = sessionStorage.getItem(LOST) === "yes";
    if (!sent || (isLost && sent.page !== location.pathname + location.search)) return;
    sessionStorage.removeItem("sent");
    sessionStorage.removeItem(LOST);
    const form = formsThatKeep()[sent.place];
    if (!isLost || !form) return;
    writtenFields(form).forEach((field) => { if (field.name in sent.texts) field.value = sent.texts[field.name]; });
    const note = document.querySelector("[data-brought-back]");
    if (note) note.hidden = false;
    form.closest("details")?.setAttribute("open", "");
  } catch (error) { /* a browser that keeps nothing */ }
}

document.addEventListener("submit", keepWritten);
document.addEventListener("DOMContentLoaded", bringBack);
