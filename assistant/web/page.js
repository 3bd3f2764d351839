// The page's own behaviour; every click is handled by one listener, so redrawn answers need no wiring.
"use strict";

const byId = (id) => document.getElementById(id);

async function openSource(address) {
  const panel = byId("source-panel"), body = byId("source-body");
  if (!panel) return;
  panel.hidden = false;
  document.body.classList.add("with-source");
  const response = await fetch(`source/${encodeURIComponent(address)}`);
  body.innerHTML = await response.text();
  markOpen(address);
  body.querySelector("mark")?.scrollIntoView({ block: "center" });
}

function markOpen(address) {
  for (const button of document.querySelectorAll("[data-cite]")) {
    button.setAttribute("aria-pressed", String(button.dataset.cite === address));
  }
}

function closeSource() {
  byId("source-panel").hidden = true;
  document.body.classList.remove("with-source");
  markOpen("");
}

document.addEventListener("click", (event) => {
  const cite = event.target.closest("[data-cite]");
  if (cite) openSource(cite.dataset.cite);
  if (event.target.closest("#source-close")) closeSource();
});
