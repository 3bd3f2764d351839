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

function sortBy(button) {
  const head = button.closest("th"), body = button.closest("table").tBodies[0], column = head.cellIndex;
  const down = head.getAttribute("aria-sort") === "ascending";
  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const rows = [...body.rows].sort((a, b) => key(a).localeCompare(key(b), undefined, { numeric: true }));
  body.append(...(down ? rows.reverse() : rows));
}

function search(words) {
  const wanted = words.toLowerCase();
  for (const row of document.querySelectorAll("table.documents tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-sort]");
  if (button) sortBy(button);
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

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const drop = event.target.closest?.(".drop");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") uploadAll(drop, [...event.dataTransfer.files]);
  });
}
