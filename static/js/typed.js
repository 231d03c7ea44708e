/* Nothing typed is lost: not before the scripts have arrived, not without a connection, not when the session ends. */
"use strict";

/* What was typed or chosen before the scripts had arrived has raised its event for nobody: it is raised again. */
function isChanged(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.type === "select-one") return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  if (field.type === "select-multiple") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.matches("textarea, input:not([type=hidden], [type=file])") && field.value !== field.defaultValue;
}

function announceTypedEarly() {
  document.querySelectorAll("main form[method=post]").forEach((form) => {
    [...form.elements].filter(isChanged).forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
  });
}

document.addEventListener("DOMContentLoaded", announceTypedEarly);

/* What htmx sent and the server did not take: it is said on the page, which keeps what was typed. */
function say(...told) {
  const note = document.querySelector("[data-not-arrived]");
  if (!note) return;
  note.querySelector("div").replaceChildren(...told);
  note.hidden = told.length === 0;
}

function words(why) {
  return document.querySelector("[data-not-arrived]")?.dataset[why] || "";
}

/* The page that says why, as a few lines: its heading, its sentences, its way on. */
function linesOf(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const heading = document.createElement("strong");
  heading.textContent = page.querySelector("main h1")?.textContent || "";
  return [heading, ...page.querySelectorAll("main h1 ~ p")];
}

/* <… data-keeps hx-post=…> keeps what is typed by itself; everything else somebody pressed. */
const PAUSES = [2000, 4000, 8000, 16000];
let failures = 0;

function isPressed(event) {
  return ["click", "submit"].includes(event.detail.requestConfig.triggeringEvent?.type);
}

function sendAgain(keeper) {
  say(words("failed"));
  window.setTimeout(() => { htmx.trigger(keeper, "again"); }, PAUSES[Math.min(failures, PAUSES.length - 1)]);
  failures += 1;
}

function notSent(event) {
  const keeper = event.target.closest("[data-keeps]");
  if (keeper) sendAgain(keeper);
  else if (isPressed(event)) say(words("lost"));
}

function refused(event) {
  const keeper = event.target.closest("[data-keeps]");
  const { status, response } = event.detail.xhr;
  if (keeper && status >= 500) sendAgain(keeper);
  else if (keeper) say(words("refused")); // and would be refused again
  else if (isPressed(event)) say(...linesOf(response));
}

/* Who is signed out is led to the page for signing in: that is no answer to put into this one. */
function takeAnswer(event) {
  if (event.detail.isError) return;
  const { responseURL } = event.detail.xhr;
  const keeper = event.target.closest("[data-keeps]");
  const isSignedOut = new URL(responseURL).pathname.startsWith("/accounts/login");
  if (isSignedOut) event.detail.shouldSwap = false;
  if (isSignedOut && keeper) say(words("signedOut"));
  else if (isSignedOut && isPressed(event)) location.assign(responseURL);
  else if (keeper || isPressed(event)) say();
  if (keeper) failures = 0;
}

document.addEventListener("htmx:sendError", notSent);
document.addEventListener("htmx:responseError", refused);
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
