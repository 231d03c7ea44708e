/* A reviewer marks a passage of the text, and it stands in the form: to be improved, not to be copied. */
"use strict";

function takePassage() {
  const text = document.querySelector("[data-passages]");
  const passage = document.querySelector("#id_original");
  const better = document.querySelector("#id_proposal");
  const selection = document.getSelection();
  if (!text || !passage || !better || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const marked = selection.toString();
  if (!marked.trim() || marked.length > passage.maxLength || !text.contains(range.commonAncestorContainer)) return;
  if (!better.value || better.value === passage.value) better.value = marked; // words that were typed stay
  passage.value = marked;
}

document.addEventListener("selectionchange", takePassage);
