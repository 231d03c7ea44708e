/* The survey saves every field by itself. Without this script the buttons save; nothing depends on it. */
"use strict";

(function survey() {
  const form = document.getElementById("survey");
  if (!form || !form.dataset.autosave) return;
  const note = document.querySelector("[data-saved]");
  const waiting = new Map();
  let timer = 0;
  let busy = false;
  let pause = 0;
  let notice = "";

  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const wasOf = (name) => form.elements[`was:${name}`];

  function say(text, state) {
    note.textContent = `${text} ${notice}`.trim();
    note.dataset.state = state;
  }

  function fieldsOf(name) {
    return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  }

  const isTicked = (field) => field.type === "radio" || field.type === "checkbox";

  function valuesOf(name) {
    return fieldsOf(name).filter((field) => !isTicked(field) || field.checked).map((field) => field.value);
  }

  /* What no server has confirmed yet stays in this browser too: the session may end, the tab may close. */
  const STORE = `unsaved:${form.dataset.autosave}`;
  const OLD = 30 * 24 * 3600 * 1000;

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || {};
    } catch (error) {
      return {}; // a browser that keeps nothing
    }
  }

  function keep(texts) {
    try {
      if (Object.keys(texts).length) localStorage.setItem(STORE, JSON.stringify(texts));
      else localStorage.removeItem(STORE);
    } catch (error) { /* the server keeps them */ }
  }

  function keepTyped(name) {
    keep({ ...kept(), [name]: { values: valuesOf(name), was: wasOf(name).value, at: Date.now(), sent: false } });
  }

  function forget(names) {
    const texts = kept();
    names.forEach((name) => delete texts[name]);
    keep(texts);
    names.filter((name) => waiting.has(name)).forEach(keepTyped); // typed again meanwhile
  }

  /* Texts that never arrived come back and are saved; where the server has a newer one they are only shown. */
  function restore() {
    const texts = kept();
    const older = [];
    Object.entries(texts).forEach(([name, text]) => {
      if (Date.now() - text.at > OLD) delete texts[name];
      if (!texts[name] || !wasOf(name)) return;
      const isSame = JSON.stringify(valuesOf(name)) === JSON.stringify(text.values);
      const isNewer = !isSame && wasOf(name).value !== text.was;
      if (isNewer && !text.sent) older.push(note.dataset.olderWords.replace("…", text.values.join(", ")));
      if (isSame || isNewer) delete texts[name];
    });
    keep(texts);
    const back = Object.keys(texts).filter(wasOf);
    notice = older.join(" ");
    back.forEach((name) => putBack(name, texts[name].values));
    if (back.length) say(note.dataset.backWords, "waiting");
    else if (notice) say("", "saved");
  }

  function putBack(name, values) {
    const fields = fieldsOf(name);
    fields.forEach((field) => {
      if (isTicked(field)) field.checked = values.includes(field.value);
      else field.value = values[0] || "";
    });
    if (fields.length) fields[0].dispatchEvent(new Event("input", { bubbles: true }));
  }

  function add(body, name) {
    body.append(`was:${name}`, wasOf(name).value);
    valuesOf(name).forEach((value) => body.append(name, value));
  }

  async function save() {
    if (busy || waiting.size === 0) return;
    busy = true;
    const names = [...waiting.keys()];
    waiting.clear();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token());
    names.forEach((name) => add(body, name));
    // What is small enough arrives even when the page is left meanwhile; browsers allow 64 KiB.
    const keepalive = [...body.values()].join("").length < 15000;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" });
      const told = await answer.json();
      if (answer.ok) {
        pause = 0;
        done(told);
        forget(names);
      } else {
        names.forEach((name) => waiting.set(name, true));
        signInAgain(told);
      }
    } catch (error) {
      names.forEach((name) => waiting.set(name, true));
      say(note.dataset.failedWords, "failed");
      pause = Math.min(pause * 2 || 2000, 30000);
      timer = window.setTimeout(save, pause);
    } finally {
      busy = false;
      if (leaving) goOn();
      else if (waiting.size && note.dataset.state === "waiting") later(300);
    }
  }

  function done(told) {
    Object.entries(told.was).forEach(([name, value]) => { if (wasOf(name)) wasOf(name).value = value; });
    Object.entries(told.shown).forEach(([name, shown]) => {
      const question = form.querySelector(`[data-question="${CSS.escape(name)}"]`);
      if (question) question.hidden = !shown;
    });
    // Something typed meanwhile is not saved yet, and the page must not say so.
    say(`${note.dataset.savedWords} ${told.saved}. ${told.conflicts.join(" ")}`.trim(), waiting.size ? "waiting" : "saved");
  }

  function signInAgain(told) {
    say(`${told.error || ""} `, "failed");
    if (!told.sign_in) return;
    const button = document.createElement("button");
    button.type = "submit";
    button.setAttribute("form", "survey");
    button.name = "do";
    button.value = "save";
    button.className = "btn btn-primary btn-sm";
    button.textContent = document.querySelector("form#survey button[value=next], form#survey button[value=send]").textContent;
    note.append(button);
  }

  /* A button waits for the save that is under way: two answers that cross could undo each other. */
  let leaving = null;

  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      hold(event);
      say(note.dataset.failedWords, "failed");
    } else if (busy) {
      hold(event);
      leaving = { button: event.submitter };
    } else {
      window.clearTimeout(timer);
      keep(Object.fromEntries(Object.entries(kept()).map(([name, text]) => [name, wasOf(name) ? { ...text, sent: true } : text])));
    }
  });

  /* Not sent: the guard against double clicks must not hear of it, or it would refuse the real one. */
  function hold(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function goOn() {
    const { button } = leaving;
    leaving = null;
    form.requestSubmit(button && button.isConnected ? button : null);
  }

  function later(time) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, time);
  }

  form.addEventListener("input", (event) => {
    const name = event.target.name;
    if (!name || !wasOf(name) || event.target.type === "file") return;
    waiting.set(name, true);
    keepTyped(name);
    note.dataset.state = "waiting";
    later(600);
  });
  form.addEventListener("change", (event) => { if (waiting.has(event.target.name)) later(0); });
  form.addEventListener("focusout", () => { if (waiting.size) later(0); });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => { if (document.hidden && waiting.size) save(); });

  window.addEventListener("pageshow", (event) => { if (event.persisted && waiting.size) later(0); });

  /* Words are counted while typing. */
  form.addEventListener("input", (event) => {
    const counter = event.target.dataset && document.getElementById(event.target.dataset.wordsId);
    if (counter) counter.querySelector("[data-words-now]").textContent = event.target.value.split(/\s+/).filter(Boolean).length;
  });

  /* Files go up in pieces: a broken connection costs one piece. */
  const PIECE = 512 * 1024;
  const begun = new Map();

  async function post(address, body) {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() }, credentials: "same-origin" });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.error || ""), { told: true });
    return told;
  }

  function fields(values) {
    const body = new FormData();
    Object.entries(values).forEach(([name, value]) => body.append(name, value));
    return body;
  }

  async function upload(box, input) {
    const file = input.files[0];
    if (!file) return;
    const state = box.querySelector("[data-upload-state]");
    const bar = Object.assign(document.createElement("progress"), { max: file.size, value: 0, className: "bar" });
    bar.setAttribute("aria-label", file.name);
    state.replaceChildren(bar);
    try {
      const key = `${box.dataset.upload}|${file.name}|${file.size}|${file.lastModified}`;
      let told = begun.get(key) || await post(form.dataset.uploads, fields({ name: file.name, size: file.size, purpose: box.dataset.purpose }));
      begun.set(key, told);
      while (told.received < told.size) {
        told = await post(`${form.dataset.uploads}${told.token}/?offset=${told.received}`, file.slice(told.received, told.received + PIECE));
        begun.set(key, told);
        bar.value = told.received;
      }
      const replaces = input.dataset.replaces || "";
      const kept = await post(form.dataset.files, fields({ address: box.dataset.upload, token: told.token, replaces }));
      box.querySelector("[data-upload-list]").innerHTML = kept.html;
      box.querySelector("[data-upload-add]").hidden = kept.full;
      state.textContent = kept.said;
      // The field that was used may be gone now: whoever works by keyboard stays beside the files.
      if (replaces || kept.full) box.focus();
      begun.delete(key);
      say(`${note.dataset.savedWords} ${kept.saved}`, "saved");
    } catch (error) {
      state.replaceChildren(Object.assign(document.createElement("p"), { className: "form-field-error", textContent: error.told ? error.message : form.dataset.broken }));
    }
    input.value = "";
  }

  form.addEventListener("change", (event) => {
    const box = event.target.type === "file" && event.target.closest("[data-upload]");
    if (box) upload(box, event.target);
  });

  restore();
}());
