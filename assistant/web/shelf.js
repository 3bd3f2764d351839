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

/* What was searched and sorted stays so when the table is drawn anew, as after a build: Gradio then changes the rows
   where they stand, without the marks that were put on them here */
let sorted = null;
function lookAtTable(changes) {
  const table = document.querySelector("table.documents");
  if (!table || !changes.some(({ target }) => byId("documents").contains(target))) return;
  const head = sorted && table.tHead.rows[0].cells[sorted.column];
  if (head && !head.hasAttribute("aria-sort")) sortBy(head, sorted.down);
  search(byId("document-search")?.value ?? "");
}

function sortBy(head, down) {
  const body = head.closest("table").tBodies[0], column = head.cellIndex;
  sorted = { column, down };
  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...body.rows].sort((a, b) => key(a).localeCompare(key(b), undefined, { numeric: true }));
  body.append(...(down ? rows.reverse() : rows));
}

function search(words) {
  const wanted = words.toLowerCase();
  for (const row of document.querySelectorAll("table.documents tbody tr")) {
    const hidden = !row.textContent.toLowerCase().includes(wanted);
    if (row.hidden !== hidden) row.hidden = hidden; // what stays as it is must not look like a change
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-sort]");
  if (button) sortBy(button.closest("th"), button.closest("th").getAttribute("aria-sort") === "ascending");
});

document.addEventListener("input", (event) => {
  if (event.target.id === "document-search") search(event.target.value);
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
  childList: true, subtree: true, attributeFilter: ["hidden", "aria-sort"],
});
