/* Names of universities are suggested; every other name may be written. A combobox with a listbox as the WAI-ARIA
   Authoring Practices describe it. A <datalist> would not do: browsers leave out what does not contain the typed text,
   and “Universitat Munchen” is to find “Universität München”. */
"use strict";

(function suggestions() {
  const FEWEST_LETTERS = 3;
  const PAUSE = 150; // milliseconds between the last letter and the question to the server

  function combobox(box) {
    const field = box.querySelector("input");
    const list = box.querySelector("[data-suggest-list]");
    const said = box.querySelector("[data-suggest-said]");
    let wanted = ""; // the words whose names are, or will be, shown
    let timer = 0;
    let active = -1;

    const options = () => [...list.children];
    const isOpen = () => !list.hidden;

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");

    function close() {
      window.clearTimeout(timer);
      wanted = "";
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      point(-1);
    }

    function point(place) {
      active = place;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      if (place < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      field.setAttribute("aria-activedescendant", options()[place].id);
      options()[place].scrollIntoView({ block: "nearest" });
    }

    /* One step further; beyond either end stands the field itself, with what was typed. */
    function step(by) {
      const stops = options().length + 1;
      point((active + 1 + by + stops) % stops - 1);
    }

    function show(names) {
      list.replaceChildren(...names.map((name, number) => {
        const option = Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: name, dir: "auto" });
        option.setAttribute("role", "option");
        return option;
      }));
      list.hidden = names.length === 0;
      field.setAttribute("aria-expanded", String(isOpen()));
      point(-1);
      say(names.length);
    }

    /* Who sees the list needs no number: only “none” is for all eyes. */
    function say(count) {
      const words = count === 0 ? "none" : count === 1 ? "one" : "many";
      said.textContent = said.dataset[words].replace("…", count);
      said.classList.toggle("visually-hidden", count > 0);
    }

    function sayNothing() {
      said.textContent = "";
      said.classList.add("visually-hidden");
    }

    function choose(option) {
      const name = option.textContent;
      close();
      sayNothing();
      field.value = name;
      // The page saves what is typed; this was not typed.
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.setSelectionRange(name.length, name.length);
    }

    async function ask(words) {
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
        const { names } = await answer.json();
        if (words === wanted) show(names); // an answer that comes late is about an older word
      } catch (error) { /* suggestions are a comfort */ }
    }

    function askSoon(pause) {
      const words = field.value.trim();
      window.clearTimeout(timer);
      if (words.length < FEWEST_LETTERS) {
        close();
        sayNothing();
        return;
      }
      wanted = words;
      timer = window.setTimeout(() => ask(words), pause);
    }

    field.addEventListener("input", (event) => {
      // Scripts write into the field too: what was chosen, and what comes back from an earlier visit.
      if (event.isTrusted) askSoon(PAUSE);
    });

    const keys = {
      ArrowDown: (event) => (isOpen() ? event.altKey || step(1) : askSoon(0)),
      ArrowUp: (event) => (event.altKey ? close() : step(-1)),
      Enter: () => choose(options()[active]),
      Escape: close,
    };
    const needs = { ArrowDown: () => true, ArrowUp: isOpen, Enter: () => isOpen() && active >= 0, Escape: isOpen };

    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !keys[event.key] || !needs[event.key]()) return;
      event.preventDefault();
      keys[event.key](event);
    });

    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
  }

  document.querySelectorAll("[data-suggest]").forEach(combobox);
}());
