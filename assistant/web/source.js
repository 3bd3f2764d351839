// The source beside the answer: open, step through the quotes, turn and zoom pages.
"use strict";

let openAddress = "";
const ZOOMS = [60, 80, 100, 130, 170, 220, 300]; // percent of the panel's width
const POSTER = 15_900_000; // pixels; larger pages are drawn smaller, to a picture of 16 million
let zoom = ZOOMS.indexOf(100);

const places = () => [...document.querySelectorAll("#thread [data-cite]")]; // quotes, and where the same words also stand
const part = (selector) => document.querySelector(`#source-panel ${selector}`);

async function sourceOf(address) {
  try {
    return await (await fetch(`source/${encodeURIComponent(address)}`)).text();
  } catch {
    return '<p class="warning">The assistant did not answer. Is it still running?</p>';
  }
}

window.openSource = async (address) => {
  const body = byId("source-body");
  openAddress = address;
  byId("source-panel").hidden = false;
  document.body.classList.add("with-source");
  window.markOpen();
  const words = await sourceOf(address);
  if (openAddress !== address) return; // another was opened meanwhile
  body.innerHTML = words;
  showPageNumber();
  applyZoom();
  body.scrollTop = 0;
  const mark = part(".passage mark");
  if (!part(".sheets") && mark) scrollPanel(mark.getBoundingClientRect().top);
};

/* What stands at this height of the window comes to a third of the panel's; the panel is at its top before */
function scrollPanel(top) {
  const body = byId("source-body");
  body.scrollTop = top - body.getBoundingClientRect().top - body.clientHeight / 3;
}

/* Turns are gone: the open source may be of a document that was forgotten */
window.readAgain = () => {
  if (openAddress && !places().some((button) => button.dataset.cite === openAddress)) window.openSource(openAddress);
};

window.closeSource = () => {
  const panel = byId("source-panel");
  if (!panel || panel.hidden) return;
  const opener = places().find((button) => button.dataset.cite === openAddress);
  panel.hidden = true;
  openAddress = "";
  document.body.classList.remove("with-source");
  window.markOpen();
  opener?.focus();
};

window.markOpen = () => {
  for (const button of document.querySelectorAll("#thread [data-cite]")) {
    button.setAttribute("aria-pressed", String(button.dataset.cite === openAddress));
  }
};

/* From quote to quote; another place of the same words lies between its quote and the next */
function step(by) {
  const all = places(), isQuote = (button) => button.classList.contains("marker");
  if (!all.some(isQuote)) return;
  let at = all.findIndex((button) => (openAddress ? button.dataset.cite === openAddress : button === document.activeElement));
  if (at < 0 && by < 0) at = 0; // from nowhere to the last
  do at = (at + by + all.length) % all.length; while (!isQuote(all[at]));
  const next = all[at];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (openAddress) window.openSource(next.dataset.cite);
}

/* Pages */
const labels = () => JSON.parse(part(".page-tools").dataset.labels);
const sheets = () => [...document.querySelectorAll("#source-panel .sheet")];

function showPageNumber() {
  if (!part(".page-number")) return;
  const names = labels();
  const shown = sheets().map(({ dataset: { page } }) =>
    names[page] && names[page] !== page ? `p. ${names[page]} (PDF page ${page})` : `p. ${page}`);
  part(".page-number").textContent = `${shown.join(" and ")} of ${Object.keys(names).length}`;
}

function turnPage(by) {
  const all = sheets(), [sheet] = all;
  if (!sheet) return;
  const number = Number(all.at(by > 0 ? -1 : 0).dataset.page) + by;
  if (!(number in labels())) return;
  part(".sheets").replaceChildren(sheet); // without the other pages and what was said of those that were not drawn
  sheet.hidden = false;
  sheet.dataset.page = number;
  delete sheet.dataset.top; // what is painted stood on the page before
  sheet.src = `picture/${encodeURIComponent(part(".sheets").dataset.address)}/${number}.png`;
  sheet.alt = `PDF page ${number}`;
  showPageNumber();
}

function applyZoom() {
  part(".sheets")?.style.setProperty("--zoom", `${ZOOMS[zoom]}%`);
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (at("[data-cite]")) window.openSource(at("[data-cite]").dataset.cite);
  if (at("#source-close")) window.closeSource();
  if (at("#source-before")) step(-1);
  if (at("#source-after")) step(1);
  if (at("#source-link")) copy(linkTo("cite", openAddress), "Link copied.");
  if (at("[data-turn-page]")) turnPage(Number(at("[data-turn-page]").dataset.turnPage));
  if (!at("[data-zoom]")) return;
  zoom = Math.min(ZOOMS.length - 1, Math.max(0, zoom + Number(at("[data-zoom]").dataset.zoom)));
  applyZoom();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});

/* The painted place comes into view with its picture, unless the reader has moved on meanwhile */
document.addEventListener("load", ({ target: sheet }) => {
  if (!sheet.classList?.contains("sheet") || !sheet.dataset.top || byId("source-body").scrollTop) return;
  if (sheet.naturalWidth * sheet.naturalHeight > POSTER) return; // drawn at another scale than `data-top` is given in
  const { top, height } = sheet.getBoundingClientRect();
  scrollPanel(top + height * Math.min(1, sheet.dataset.top / sheet.naturalHeight));
}, true);

/* A page that cannot be drawn leaves its text, and its place to the pages that are turned to */
document.addEventListener("error", (event) => {
  if (!event.target.classList?.contains("sheet")) return;
  const note = Object.assign(document.createElement("p"), { className: "note" });
  note.textContent = "This page could not be drawn; its text is below.";
  event.target.hidden = true;
  event.target.after(note);
}, true);
