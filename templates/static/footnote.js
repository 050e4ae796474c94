// Small comforts; every page works without them.
"use strict";

const box = () => document.getElementById("q");

function onBoxKey(event) {
  if (event.target !== box() || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (box().value.trim()) box().form.requestSubmit();
  } else if (event.key === "Escape") {
    box().value = "";
  }
}

function onPageKey(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && box() && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box().focus();
  }
}

// That it is looking shows after a moment, not before: most answers are quicker than that.
let waiting;

function showWorking(working) {
  clearTimeout(waiting);
  if (!box()) return;
  box().form.ariaBusy = String(working);
  box().form.querySelector(".working").textContent = working ? "Looking …" : "";
}

function onSubmit(event) {
  if (event.target !== box()?.form) return;
  const trouble = event.target.querySelector(".trouble");
  trouble.textContent = "";
  if (navigator.onLine) {
    waiting = setTimeout(showWorking, 300, true);
  } else {
    event.preventDefault();
    event.stopPropagation();
    trouble.textContent = "There is no connection. Your question is kept; ask it again when you are back online.";
  }
}

// The words as they are quoted in another text: double quotation marks inside them made single, and their citation after them.
function copied(words, citation) {
  const single = { "“": "‘", "”": "’", "„": "‚", "‟": "‛", "«": "‹", "»": "›" };
  let open = false;
  const inside = words.replace(/["“”„‟«»]/g, (mark, at) => {
    if (mark !== '"') return single[mark];
    const before = words.slice(0, at);
    if (!before || /[\s(\[{“‘„‚«‹—–-]$/.test(before)) open = true;
    else if (!open && /\d$/.test(before)) return mark; // inches
    else open = false;
    return open ? "‘" : "’";
  });
  return `“${inside}” ${citation}`;
}

// Put words on the clipboard, and say in the button and to who does not see it whether they are there; a browser may refuse.
async function copy(words, button) {
  button.dataset.label ??= button.innerHTML; // once: a second press finds it called "Copied"
  const said = document.getElementById("said");
  const done = await navigator.clipboard.writeText(words).then(() => true, () => false);
  button.textContent = done ? "Copied" : "Not copied";
  said.textContent = done ? "Copied" : "Not copied: the browser did not allow it";
  setTimeout(() => {
    button.innerHTML = button.dataset.label;
    said.textContent = "";
  }, 2000);
}

function onCopy(event) {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const { words, citation, copy: text } = button.dataset;
  copy(words ? copied(words, citation) : text, button);
}

// A note shown in place has led to where its link leads: it need not stay.
function onNoteFollowed(event) {
  const shown = event.target.closest("[popover]");
  if (shown && event.target.closest("a")) shown.hidePopover();
}

function showCopying() {
  if (navigator.clipboard) document.querySelectorAll("button.copy").forEach((button) => { button.hidden = false; });
}

document.addEventListener("keydown", onBoxKey);
document.addEventListener("keydown", onPageKey);
document.addEventListener("submit", onSubmit, true);
document.addEventListener("click", onCopy);
document.addEventListener("click", onNoteFollowed);
document.addEventListener("htmx:afterRequest", () => showWorking(false));
document.addEventListener("htmx:afterSwap", showCopying);
addEventListener("pagehide", () => showWorking(false));
showCopying();
