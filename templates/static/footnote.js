// Small comforts; every page works without them.
"use strict";

const box = document.getElementById("q");

function onBoxKey(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (box.value.trim()) box.form.requestSubmit();
  } else if (event.key === "Escape") {
    box.value = "";
  }
}

function onPageKey(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
  }
}

// What is being looked for shows after a moment, not before: most answers are quicker than that.
function showWorking(working) {
  box.form.ariaBusy = String(working);
  box.form.querySelector(".working").textContent = working ? "Looking …" : "";
}

function onSubmit(event) {
  const trouble = box.form.querySelector(".trouble");
  trouble.textContent = "";
  if (!navigator.onLine) {
    event.preventDefault();
    trouble.textContent = "There is no connection. Your question is kept; ask it again when you are back online.";
    return;
  }
  const waiting = setTimeout(showWorking, 300, true);
  addEventListener("pagehide", () => { clearTimeout(waiting); showWorking(false); }, { once: true });
}

async function onCopy(event) {
  const button = event.currentTarget;
  const label = button.innerHTML;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => { button.innerHTML = label; }, 2000);
}

// A note shown in place has led to where its link leads: it need not stay.
function onNoteFollowed(event) {
  const shown = event.target.closest("[popover]");
  if (shown && event.target.closest("a")) shown.hidePopover();
}

document.addEventListener("click", onNoteFollowed);
if (box) {
  box.addEventListener("keydown", onBoxKey);
  box.form.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onPageKey);
}
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", onCopy);
  }
}
