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

function onSubmit() {
  const status = box.form.querySelector(".working");
  const waiting = setTimeout(() => { status.textContent = "Searching…"; }, 300);
  addEventListener("pagehide", () => { clearTimeout(waiting); status.textContent = ""; }, { once: true });
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
