// Every page works without this file; it only saves the reader a step.
"use strict";

// Focus goes to the message the page came back with: the errors, or the friendly prompt.
const message = document.querySelector(".message");
if (message) message.focus();

// A double tap sends once; after three seconds a second try is free again.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

// Leaving and coming back by the back button must not leave the form blocked.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// The counter under an open question: the sentence stands on the page, only its number changes.
for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const counter = document.getElementById(area.dataset.counter);
  const show = () => {
    // Line ends and characters are counted as the server does.
    const left = Number(area.dataset.limit) - Array.from(area.value.trim().normalize("NFC")).length;
    const template = left < 0 ? counter.dataset.over : counter.dataset.left;
    counter.textContent = template.replace("999999", String(Math.abs(left)));
  };
  area.addEventListener("input", show);
  show();
}

// An answer that excludes the others (such as "none of these") clears them, and the other way round.
for (const group of document.querySelectorAll("[data-exclusive]")) {
  const live = document.getElementById(group.dataset.exclusive);
  group.addEventListener("change", (event) => {
    const chosen = event.target;
    if (!chosen.checked) return;
    let cleared = 0;
    for (const box of group.querySelectorAll("input[type=checkbox]")) {
      const clashes = chosen.hasAttribute("data-alone") || box.hasAttribute("data-alone");
      if (box !== chosen && box.checked && clashes) {
        box.checked = false;
        cleared += 1;
      }
    }
    if (cleared && live) live.textContent = live.dataset.text;
  });
}
