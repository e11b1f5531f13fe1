// Every page works without this file; it only saves the reader a step.
"use strict";

// Focus goes to the message the page came back with: the errors, or the friendly prompt.
const message = document.querySelector(".message");
if (message) message.focus();

// What is filled in is kept at once, on the server only: a shared computer holds nothing.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const state = document.getElementById("kept");
  const was = form.elements.was_;
  let touched = new Set(); // changed since the server last said what it has
  let sending = null; // one request at a time
  let unsure = false; // a request of which the outcome is not known
  let told = "";
  let pause = 1000;
  let timer;
  let stop;

  const say = (name) => {
    if (state.textContent !== state.dataset[name]) state.textContent = state.dataset[name];
  };

  // Without its mark an answer counts as changed here, whatever became of the request before.
  const unmark = () => {
    was.value = was.value.split(" ").filter((mark) => !touched.has(mark.split(":")[0])).join(" ");
  };

  const send = async () => {
    const sent = touched;
    touched = new Set();
    stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), 15000);
    let again = null;
    try {
      const response = await fetch(form.dataset.keep, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        cache: "no-store",
        keepalive: true,
        signal: stop.signal,
      });
      if (response.status >= 500) throw new Error();
      unsure = false;
      const answer = response.ok ? await response.json() : {};
      if (answer.was) was.value = answer.was;
      if (answer.other) {
        told = "other";
        sent.forEach((name) => touched.add(name));
      }
      pause = 1000;
      if (touched.size) again = 0;
      else say(answer.kept ? told || "kept" : "not");
    } catch {
      unsure = true;
      sent.forEach((name) => touched.add(name));
      say("offline");
      again = pause;
      pause = Math.min(pause * 2, 60000);
    }
    clearTimeout(limit);
    sending = null;
    if (again !== null) plan(again);
  };

  const keep = () => {
    clearTimeout(timer);
    if (!sending && touched.size) sending = send();
  };

  const plan = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(keep, delay);
  };

  const note = (event, delay) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    told = "";
    say("not");
    if (delay) plan(delay);
    else keep();
  };
  form.addEventListener("input", (event) => note(event, 1000));
  form.addEventListener("change", (event) => note(event, 0));
  addEventListener("online", keep);
  addEventListener("pagehide", () => {
    if (sending) unmark();
    if (touched.size) send();
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());

  // The page itself is sent after what is under way: the last word must come last.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      setTimeout(() => stop.abort(), 2000);
      sending.then(() => form.requestSubmit(event.submitter));
      return;
    }
    if (unsure) unmark();
    touched.clear();
  });
}

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
