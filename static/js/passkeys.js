/* Says in words when a passkey was not found or its window was closed. */
"use strict";

document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("passkey-problem");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});
