// What can be done with words selected in a text: ask about them, check them, copy them with their citation.
"use strict";

const sheet = document.querySelector(".sheet");
const tools = document.querySelector(".selection-tools");
const deed = (name) => tools.querySelector(`[data-deed="${name}"]`);
const GAP = 10;
let chosen = null;

// The words of a range without what stands among them but is not of the text: markers, numerals, notes.
// Paragraphs are joined as in the text itself, so that the words are as long as their stretch of it.
function wordsOf(range) {
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  for (const foreign of copy.querySelectorAll(".note, .numeral, .notes, .cited-in, .left-out, .title-page, .finder, .contents")) {
    foreign.remove();
  }
  const blocks = [...copy.querySelectorAll("p, h2, h3, h4, h5, h6")];
  const parts = (blocks.length ? blocks : [copy]).map((block) => block.textContent);
  return parts.filter((part) => part.trim()).join("\n\n");
}

// The paragraph in which a point stands, as far as it is in the paragraph's own text.
function paragraphAt(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".notes, .cited-in") ? null : element?.closest(".paragraph");
}

// Offsets count code points, as everywhere in Footnote; the browser's own count UTF-16 units.
function offsetOf(paragraph, node, offset) {
  const before = document.createRange();
  before.setStart(paragraph.querySelector("p"), 0);
  before.setEnd(node, offset);
  return Number(paragraph.dataset.start) + [...wordsOf(before)].length;
}

function read() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!sheet.contains(range.commonAncestorContainer)) return null;
  const paragraph = paragraphAt(range.startContainer);
  const taken = wordsOf(range);
  const words = taken.trim();
  if (!paragraph || !words) return null;
  const before = [...taken].length - [...taken.trimStart()].length;
  const start = offsetOf(paragraph, range.startContainer, range.startOffset) + before;
  return { range, paragraph, words, start, end: start + [...words].length };
}

function addressOf({ start, end }) {
  return `${location.origin}/documents/${encodeURIComponent(sheet.dataset.document)}?start=${start}&end=${end}#hl`;
}

function cited({ words, paragraph, ...place }) {
  return `“${words}” ${paragraph.dataset.citation} ${addressOf(place)}`;
}

// Below the selection, where a finger does not cover it and it does not cover the words; above it where there is no room.
function place() {
  const box = chosen.range.getBoundingClientRect();
  const last = [...chosen.range.getClientRects()].at(-1) ?? box;
  const below = last.bottom + GAP;
  const fits = below + tools.offsetHeight < innerHeight;
  const top = fits ? below : Math.max(box.top - GAP - tools.offsetHeight, 0);
  const left = Math.min(Math.max(last.left, GAP), document.documentElement.clientWidth - tools.offsetWidth - GAP);
  tools.style.top = `${top + scrollY}px`;
  tools.style.left = `${left + scrollX}px`;
}

function show() {
  const words = chosen.words.replace(/\s+/g, " ");
  deed("ask").href = `/?${new URLSearchParams({ draft: [...words].slice(0, Number(tools.dataset.longestQuestion)).join("") })}`;
  deed("check").href = `/check?${new URLSearchParams({ text: chosen.words })}#found`;
  deed("check").hidden = chosen.words.length > Number(tools.dataset.longestAddress);
  deed("copy").hidden = !navigator.clipboard;
  deed("copy").textContent = "Copy citation";
  chosen.paragraph.after(tools); // so that the Tab key goes on from there to the next paragraph
  tools.hidden = false;
  place();
}

function hide() {
  tools.hidden = true;
  chosen = null;
}

function onSelection() {
  if (tools.contains(document.activeElement)) return;
  chosen = read();
  if (chosen) show();
  else hide();
}

// From the words the Tab key leads to the tools first, wherever else the focus would have gone.
function onKey(event) {
  if (tools.hidden) return;
  if (event.key === "Tab" && !event.shiftKey && !document.activeElement.matches("a, button, input")) {
    event.preventDefault();
    deed("ask").focus();
  }
  if (event.key !== "Escape") return;
  const paragraph = chosen.paragraph;
  const inside = tools.contains(document.activeElement);
  hide();
  if (inside) paragraph.querySelector("a").focus({ preventScroll: true });
}

async function onCopySelected() {
  const done = await copied(cited(chosen));
  deed("copy").textContent = done ? "Copied" : "Not copied";
  tools.querySelector("[role=status]").textContent = done
    ? "The words are copied with their citation."
    : "The browser did not let the words be copied.";
}

// A selection is shown when it rests: a mouse or a finger still drags it.
let resting;
document.addEventListener("selectionchange", () => {
  clearTimeout(resting);
  resting = setTimeout(onSelection, 200);
});
document.addEventListener("keydown", onKey);
addEventListener("resize", () => { if (chosen) place(); });
deed("copy").addEventListener("click", onCopySelected);
tools.addEventListener("mousedown", (event) => event.preventDefault()); // a click keeps the selection
