// What can be done with words selected in a text or in a passage: ask about them, check them, copy them with their citation.
"use strict";

const tools = () => document.querySelector(".selection-tools");
const deed = (name) => tools().querySelector(`[data-deed="${name}"]`);
const GAP = 10;
const FOREIGN = ".note, .numeral, .margin, .cited-in, .left-out, .title-page, .finder, .contents, .selection-tools";
let chosen = null;

// The words of a range without what stands among them but is not of the text: markers, numerals, notes.
// Paragraphs are joined as in the text itself, so that the words are as long as their stretch of it.
function wordsOf(range) {
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  for (const foreign of copy.querySelectorAll(FOREIGN)) foreign.remove();
  const blocks = [...copy.querySelectorAll("p, h2, h3, h4, h5, h6")];
  const parts = (blocks.length ? blocks : [copy]).map((block) => block.textContent);
  return parts.filter((part) => part.trim()).join("\n\n");
}

// The paragraph in which a point stands, as far as it is in the paragraph's own text.
function paragraphAt(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".margin, .cited-in") ? null : element?.closest("[data-start]");
}

// A range like the one given, from or to other points.
function rangeOf(range, { from = [range.startContainer, range.startOffset], to = [range.endContainer, range.endOffset] }) {
  const other = document.createRange();
  other.setStart(...from);
  other.setEnd(...to);
  return other;
}

// The selection as far as it is in the text where it begins. A triple click ends before the first word of what follows;
// who selects words of something else as well has something else in mind.
function within(text, range) {
  if (text.contains(range.endContainer)) return range;
  const clipped = rangeOf(range, { to: [text, text.childNodes.length] });
  return clipped.toString().trim() === range.toString().trim() ? clipped : null;
}

// A stretch of a text, widened to whole words.
function widened(text, start, end) {
  const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  const [first, last] = [segments.containing(start), segments.containing(end - 1)];
  return [
    first.isWordLike ? first.index : start,
    last.isWordLike ? last.index + last.segment.length : end,
  ];
}

// What is selected. Offsets count code points, as everywhere in Footnote; the browser's own count UTF-16 units.
function read() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const paragraph = paragraphAt(selection.getRangeAt(0).startContainer);
  const range = paragraph && within(paragraph.closest("[data-document]"), selection.getRangeAt(0));
  const taken = range ? wordsOf(range) : "";
  if (!taken.trim()) return null;
  const from = [paragraph.querySelector("p"), 0];
  const last = paragraphAt(range.endContainer)?.querySelector("p");
  const whole = wordsOf(rangeOf(range, { from, ...(last?.contains(range.endContainer) && { to: [last, last.childNodes.length] }) }));
  const at = wordsOf(rangeOf(range, { from, to: [range.startContainer, range.startOffset] })).length;
  const [start, end] = widened(whole, at + taken.length - taken.trimStart().length, at + taken.trimEnd().length);
  const words = whole.slice(start, end);
  const first = Number(paragraph.dataset.start) + [...whole.slice(0, start)].length;
  return { range, paragraph, words, start: first, end: first + [...words].length };
}

function addressOf({ paragraph, start, end }) {
  const id = paragraph.closest("[data-document]").dataset.document;
  return `${location.origin}/documents/${encodeURIComponent(id)}?start=${start}&end=${end}#hl`;
}

const cited = () => copied(chosen.words, `${chosen.paragraph.dataset.citation} ${addressOf(chosen)}`);

// Below the selection, where a finger does not cover it and it does not cover the words; above it where there is no room.
function place() {
  const box = chosen.range.getBoundingClientRect();
  const last = [...chosen.range.getClientRects()].at(-1) ?? box;
  const around = tools().offsetParent.getBoundingClientRect();
  const below = last.bottom + GAP;
  const fits = below + tools().offsetHeight < innerHeight;
  const top = fits ? below : Math.max(box.top - GAP - tools().offsetHeight, 0);
  const left = Math.min(Math.max(last.left, GAP), document.documentElement.clientWidth - tools().offsetWidth - GAP);
  tools().style.top = `${top - around.top}px`;
  tools().style.left = `${left - around.left}px`;
}

const draft = () => [...chosen.words.replace(/\s+/g, " ")].slice(0, Number(tools().dataset.longestQuestion)).join("");

function show() {
  deed("ask").href = `/?${new URLSearchParams({ draft: draft() })}`;
  deed("check").href = `/check?${new URLSearchParams({ text: chosen.words })}#found`;
  deed("check").hidden = chosen.words.length > Number(tools().dataset.longestAddress);
  deed("copy").hidden = !navigator.clipboard;
  chosen.paragraph.after(tools()); // so that the Tab key goes on from there to what follows
  tools().hidden = false;
  place();
}

function hide() {
  tools().hidden = true;
  chosen = null;
}

function onSelection() {
  if (tools().contains(document.activeElement)) return;
  chosen = read();
  if (chosen) show();
  else hide();
}

// From the words the Tab key leads to the tools first, wherever else the focus would have gone.
function onKey(event) {
  if (!chosen) return;
  if (event.key === "Tab" && !event.shiftKey && !document.activeElement.matches("a, button, input, textarea")) {
    event.preventDefault();
    deed("ask").focus();
  }
  if (event.key !== "Escape") return;
  const { paragraph } = chosen;
  const inside = tools().contains(document.activeElement);
  hide();
  if (inside) (paragraph.querySelector(".numeral") ?? paragraph.closest("[tabindex]")).focus({ preventScroll: true });
}

// In a conversation the words are put into the box at hand, after what stands there.
function onAsk(event) {
  const box = document.getElementById("q");
  if (!box) return;
  event.preventDefault();
  box.value = `${box.value} ${draft()}`.trim();
  hide();
  box.focus();
}

function onClick(event) {
  const name = chosen && event.target.closest(".selection-tools [data-deed]")?.dataset.deed;
  if (name === "ask") onAsk(event);
  if (name === "copy") copy(cited(), deed("copy"));
}

// A selection is shown when it rests: a mouse or a finger still drags it.
let resting;
document.addEventListener("selectionchange", () => {
  clearTimeout(resting);
  resting = setTimeout(onSelection, 200);
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("htmx:afterSwap", hide);
addEventListener("resize", () => { if (chosen) place(); });
document.addEventListener("mousedown", (event) => { // a click keeps the selection
  if (event.target.closest(".selection-tools")) event.preventDefault();
});
