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

/* The table is searched and sorted by the server, which sends no more rows than are drawn quickly. What was wanted
   stays so when Gradio draws the table anew, as after a build: it is then asked for again */
const wantedRows = { find: "", column: "", down: false, rows: "" };
let listingAsked; // what was asked for last, so that an older answer does not take its place

const listingQuery = () => String(new URLSearchParams(Object.entries(wantedRows).filter(([, value]) => value)));

async function showWanted() {
  listingAsked?.abort();
  listingAsked = new AbortController();
  const query = listingQuery();
  try {
    const response = await fetch(`documents?${query}`, { signal: listingAsked.signal });
    const listing = document.querySelector("#documents .listing");
    if (!listing || !response.ok) return;
    listing.outerHTML = await response.text();
    document.querySelector("#documents .listing").dataset.wanted = query;
  } catch { /* another one was asked for, or the assistant is not running: the table stays as it is */ }
}

function lookAtTable(changes) {
  const listing = document.querySelector("#documents .listing");
  if (!listing || !changes.some(({ target }) => byId("documents").contains(target))) return;
  if ((listing.dataset.wanted ?? "") !== listingQuery()) showWanted();
}

function want(changed) {
  Object.assign(wantedRows, { rows: "" }, changed);
  clearTimeout(want.timer);
  want.timer = setTimeout(showWanted, "find" in changed ? 150 : 0); // milliseconds: not at each letter
}

document.addEventListener("click", (event) => {
  const sorts = event.target.closest?.("[data-sort]"), more = event.target.closest?.("[data-more]");
  if (sorts) want({ column: sorts.dataset.sort, down: sorts.closest("th").getAttribute("aria-sort") === "ascending" });
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
  childList: true, subtree: true, attributeFilter: ["data-wanted"],
});
