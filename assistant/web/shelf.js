// Documents and sets: uploads with progress, tables that sort and search.
"use strict";

function upload(kind, file, line) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `upload/${kind}?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) line.textContent = `${file.name}: ${Math.round((100 * event.loaded) / event.total)} %`;
    };
    request.onloadend = () => {
      let reply = { stored: false, message: `${file.name}: the assistant did not answer. Is it still running?` };
      try { reply = JSON.parse(request.responseText); } catch { /* the message above stands */ }
      line.textContent = reply.message;
      line.classList.toggle("refused", !reply.stored);
      resolve(reply.stored);
    };
    request.send(file);
  });
}

/* One file after another, each with its own progress; what follows is done once, at the end */
async function uploadAll(drop, files) {
  const list = byId(`uploads-${drop.dataset.kind}`);
  list.replaceChildren();
  let stored = false;
  for (const file of files) {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = `${file.name}: waiting`;
    stored = (await upload(drop.dataset.kind, file, line)) || stored;
  }
  if (stored) byId(drop.dataset.then)?.click();
}

/* The table is searched and sorted by the server, which sends no more rows than are drawn quickly. Gradio draws only a
   mark, another one when the documents are others: what was wanted is then asked for again, and stays until it is there */
const wantedRows = { find: "", column: "", down: false, rows: "" };
let listingAsked; // what was asked for last: an older answer must not take its place
let listedAt; // the mark at which it was asked for

const documentsMark = () => document.querySelector("#documents-mark [data-documents]")?.dataset.documents;

async function showWanted() {
  listingAsked?.abort();
  const mine = listingAsked = new AbortController();
  listedAt = documentsMark();
  const query = new URLSearchParams(Object.entries(wantedRows).filter(([, value]) => value));
  try {
    const response = await fetch(`documents?${query}`, { signal: mine.signal });
    if (!response.ok) throw new Error(response.statusText);
    const html = await response.text(), listing = byId("document-listing");
    if (mine !== listingAsked || !listing) return;
    const focused = listing.contains(document.activeElement) ? { ...document.activeElement.dataset } : {};
    const before = listing.querySelectorAll("tbody tr").length;
    listing.innerHTML = html;
    refocus(listing, focused, before);
  } catch {
    if (mine === listingAsked) say("The assistant did not answer. Is it still running?");
  }
}

/* The keyboard goes on where it was: at the column's head, or at the first of the rows that are new */
function refocus(listing, { sort, more }, before) {
  if (sort) listing.querySelector(`[data-sort="${sort}"]`)?.focus();
  if (more) listing.querySelectorAll("[data-remove]")[before]?.focus();
}

function lookAtTable() {
  if (byId("document-listing") && documentsMark() !== listedAt) showWanted();
}

function want(changed) {
  Object.assign(wantedRows, { rows: "" }, changed);
  clearTimeout(want.timer);
  want.timer = setTimeout(showWanted, "find" in changed ? 150 : 0); // milliseconds: not at each letter
}

document.addEventListener("click", (event) => {
  const sorts = event.target.closest?.("[data-sort]")?.dataset.sort, more = event.target.closest?.("[data-more]");
  if (sorts) want({ column: sorts, down: wantedRows.column === sorts && !wantedRows.down });
  if (more) want({ rows: more.dataset.more });
});

document.addEventListener("input", (event) => {
  if (event.target.id === "document-search") want({ find: event.target.value.trim() });
});

document.addEventListener("change", (event) => {
  const drop = event.target.closest?.(".drop");
  if (!drop) return;
  uploadAll(drop, [...event.target.files]);
  event.target.value = "";
});

/* A file that misses the drop area would otherwise be opened by the browser, in place of this page */
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const drop = event.target.closest?.(".drop");
    if (!drop) return;
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") uploadAll(drop, [...event.dataTransfer.files]);
  });
}

new MutationObserver(lookAtTable).observe(document.documentElement, {
  childList: true, subtree: true, attributeFilter: ["data-documents"],
});
