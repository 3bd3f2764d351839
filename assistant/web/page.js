// The page's own behaviour. Clicks are handled by one listener, so redrawn answers need no wiring.
"use strict";

const byId = (id) => document.getElementById(id);

/* Source */
async function openSource(address) {
  const panel = byId("source-panel"), body = byId("source-body");
  if (!panel) return;
  panel.hidden = false;
  document.body.classList.add("with-source");
  markOpen(address);
  const response = await fetch(`source/${encodeURIComponent(address)}`);
  body.innerHTML = await response.text();
  const mark = body.querySelector("mark");
  if (mark) body.scrollTop = mark.offsetTop - body.clientHeight / 3;
}

function markOpen(address) {
  for (const button of document.querySelectorAll("[data-cite]")) {
    button.setAttribute("aria-pressed", String(button.dataset.cite === address));
  }
}

function closeSource() {
  byId("source-panel").hidden = true;
  document.body.classList.remove("with-source");
  const opener = document.querySelector('[data-cite][aria-pressed="true"]');
  markOpen("");
  opener?.focus();
}

/* Asking */
function setQuestion(text) {
  const box = document.querySelector("#question textarea");
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

function askAgain(text) {
  [...document.querySelectorAll('[role="tab"]')].find((tab) => tab.textContent.trim() === "Ask")?.click();
  setTimeout(() => setQuestion(text), 0);
}

/* A first click asks, a second within four seconds does it. */
window.confirmed = (button) => {
  if (!button.dataset.confirm || button.classList.contains("sure")) return true;
  const before = button.textContent;
  button.textContent = button.dataset.confirm;
  button.classList.add("sure");
  setTimeout(() => { button.textContent = before; button.classList.remove("sure"); }, 4000);
  return false;
};

/* Uploads: one file after another, each with its own progress */
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

/* Tables */
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

/* Listeners */
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (at("[data-cite]")) openSource(at("[data-cite]").dataset.cite);
  if (at("#source-close")) closeSource();
  if (at("[data-sort]")) sortBy(at("[data-sort]"));
  if (at("[data-ask]")) askAgain(at("[data-ask]").dataset.ask);
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
