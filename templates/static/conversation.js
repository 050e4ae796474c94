// What is new of a conversation without a reload, the next turn or a passage with its context: htmx asks for the page and takes it from there.
"use strict";

const form = () => document.querySelector(".dock .composer");

// The place of what is new, which the address leads to, as a link or a form would have done.
let landing;

// What a page says of its answer in the head goes with the answer.
function onSwap(event) {
  landing = event.detail.target.matches(".passage") ? event.detail.target.id : "newest";
  const next = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
  document.querySelectorAll("link[rel=alternate]").forEach((link) => link.remove());
  document.head.append(...next.querySelectorAll("link[rel=alternate]"));
}

// The box or the link would keep the focus; who asked wants to read.
function onSwapped() {
  const shown = document.getElementById(landing);
  shown.scrollIntoView();
  shown.focus({ preventScroll: true });
}

// A page that is no answer says itself what is wrong, so it is gone to.
function onRefused(event) {
  location.assign(event.detail.pathInfo.finalRequestPath);
}

function onLost() {
  form().querySelector(".trouble").textContent =
    "The server could not be reached. Your question is kept; ask it again in a moment.";
}

document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.xhr.status < 300) onSwap(event); });
document.addEventListener("htmx:afterSwap", onSwapped);
document.addEventListener("htmx:pushedIntoHistory", () => history.replaceState(history.state, "", `#${landing}`));
document.addEventListener("htmx:responseError", onRefused);
document.addEventListener("htmx:sendError", onLost);
