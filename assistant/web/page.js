// The page's own behaviour. Clicks are handled by one listener, so redrawn answers need no wiring.
"use strict";

const byId = (id) => document.getElementById(id);
const pending = () => document.querySelector("#thread .turn.pending");
const linkTo = (name, value) => `${location.origin}${location.pathname}?${new URLSearchParams({ [name]: value })}`;

/* Asking */
function setQuestion(text) {
  const box = document.querySelector("#question textarea");
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

function askNow(text) {
  [...document.querySelectorAll('[role="tab"]')].find((tab) => tab.textContent.trim() === "Ask")?.click();
  setTimeout(() => {
    setQuestion(text);
    setTimeout(() => document.querySelector("#question .submit-button").click(), 50); // Gradio takes the words over first
  }, 0);
}

function newConversation() {
  localStorage.removeItem("chapter-and-verse");
  location.assign(location.pathname);
}

async function sendVerdict(button) {
  const query = new URLSearchParams({ turn: button.dataset.turn, verdict: button.dataset.verdict });
  const response = await fetch(`feedback?${query}`, { method: "POST" });
  button.closest(".why")?.removeAttribute("open");
  say((await response.json()).message);
}

/* Short words at the edge of the page: what was copied or kept */
function say(words) {
  let note = byId("toast");
  if (!note) {
    note = document.body.appendChild(document.createElement("p"));
    note.id = "toast";
    note.setAttribute("role", "status");
  }
  note.textContent = words;
  note.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => note.classList.remove("shown"), 3000);
}

async function copy(words, said) {
  try {
    await navigator.clipboard.writeText(words);
    say(said);
  } catch {
    say("The browser did not allow copying.");
  }
}

/* One small question to the server for all tabs; what has a new sign there looks again */
const IDLE = 1000, AGAIN = 150; // milliseconds between two such questions; while one waits, the server holds it back
const heard = {}; // of each element: its sign, how often it was passed on, and when last
let pulseTimer, pulses = 0;

async function pulse() {
  const mine = ++pulses;
  let pause = IDLE;
  try {
    const wanted = new URLSearchParams({ key: byId("thread-ready").dataset.key });
    if (pending()) wanted.set("shown", shownThread());
    const signs = await (await fetch(`pulse?${wanted}`, { signal: AbortSignal.timeout(10000) })).json();
    if (mine !== pulses) return; // a question was sent meanwhile, and with it another pulse
    for (const [id, sign] of Object.entries(signs)) lookAgain(id, sign);
    if (pending()) pause = AGAIN;
  } catch {
    if (mine !== pulses) return; // otherwise the assistant is not running: asked again
  }
  pulseTimer = setTimeout(pulse, pause);
}

function pulseNow() {
  clearTimeout(pulseTimer);
  pulse();
}

/* What the sign of the thread is when it is as the server knows it: how many turns, the last one, how far a question is */
const shownThread = () => {
  const all = [...document.querySelectorAll("#thread .turn:not(.pending)")];
  return [all.length, all.at(-1)?.dataset.turn ?? "", pending()?.querySelector(".working").textContent ?? ""].join(" ");
};

/* How far a question is needs no look: the words are the end of the sign */
function showStatus(sign) {
  const working = pending().querySelector(".working"), start = shownThread().slice(0, -working.textContent.length);
  if (sign.startsWith(start) && sign.length > start.length) working.textContent = sign.slice(start.length);
}

/* A conversation that the server does not know any more stays on the screen. Of what else is drawn the server keeps
   account, so it is told twice, should the first have come to nothing, and never more often than is idle */
function lookAgain(id, sign) {
  if (id === "thread" && pending()) showStatus(sign);
  const element = document.querySelector(`#${id} [data-looks]`);
  if (!element) return; // in a tab that was not opened yet: told when it is
  const last = heard[id], again = last?.sign === sign, soon = last && Date.now() - last.at < IDLE;
  const stays = id === "thread" ? sign === shownThread() || (!sign && !pending()) : again && last.times > 1;
  if (stays || (soon && (again || id !== "thread"))) return;
  heard[id] = { sign, times: again ? last.times + 1 : 1, at: Date.now() };
  element.dispatchEvent(new CustomEvent("pulse"));
}

/* A new question comes into view, and when a conversation is reopened its last one */
let stopped; // the words of a question that was given up: they stand in no turn
let turns = -1; // before the first look
let begun = false; // whether there was a turn
function lookAtThread() {
  const all = document.querySelectorAll("#thread .turn");
  if (all.length === turns) return;
  if (pending()) {
    stopped = undefined;
    pulseNow();
  }
  if (all.length < turns) window.readAgain(); // a document was forgotten, perhaps the one whose source is open
  if (turns >= 0 && all.length > turns && pending()) pending().scrollIntoView({ block: "start" });
  else if (!begun && all.length > 1) all[all.length - 1].scrollIntoView({ block: "start" });
  begun ||= all.length > 0;
  turns = all.length;
  window.markOpen();
}

/* What is sent before the conversation was reopened waits for it, or the reopened one would take its place */
const isReady = () => byId("thread-ready") && byId("source-panel") && document.querySelector("#question .submit-button");
function whenReady(act) {
  if (isReady()) act();
  else setTimeout(() => whenReady(act), 50);
}

for (const kind of ["keydown", "click"]) {
  document.addEventListener(kind, (event) => {
    const sent = kind === "click" ? "#question .submit-button" : event.key === "Enter" && !event.shiftKey && "#question textarea";
    if (!sent || !event.target.closest?.(sent) || isReady()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    whenReady(() => document.querySelector("#question .submit-button").click());
  }, true);
}

/* Links: ?q= asks, ?cite= opens a place */
function followLink() {
  const wanted = new URLSearchParams(location.search);
  if (!wanted.has("q") && !wanted.has("cite")) return;
  history.replaceState(null, "", location.pathname);
  if (wanted.has("q")) askNow(wanted.get("q").slice(0, 2000));
  if (wanted.has("cite")) window.openSource(wanted.get("cite"));
}

// Only now are both scripts there, this one and the source's: either may be called from the other.
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(lookAtThread).observe(document.documentElement, { childList: true, subtree: true });
  whenReady(() => { window.readyAt = performance.now(); }); // for frames.js
  whenReady(followLink);
  whenReady(pulse);
});

/* A first click asks, a second does it; whoever goes elsewhere meant no */
window.confirmed = (button) => {
  if (!button.dataset.confirm || button.classList.contains("sure")) return true;
  const before = button.textContent;
  button.textContent = button.dataset.confirm;
  button.classList.add("sure");
  button.addEventListener("blur", () => { button.textContent = before; button.classList.remove("sure"); }, { once: true });
  return false;
};

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (at("[data-ask]")) askNow(at("[data-ask]").dataset.ask);
  if (at("[data-fill]")) setQuestion(at("[data-fill]").dataset.fill);
  if (at("[data-copy]")) copy(at("[data-copy]").dataset.copy, "Copied with its citation.");
  if (at("[data-question-link]")) copy(linkTo("q", at("[data-question-link]").dataset.questionLink), "Link copied.");
  if (at("[data-verdict]")) sendVerdict(at("[data-verdict]"));
  if (at("[data-new]")) newConversation();
  if (at("#question .stop-button")) stopped = pending()?.querySelector(".question").textContent;
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("#question textarea");
  if (event.key === "Escape") {
    if (pending()) document.querySelector("#question .stop-button").click();
    else window.closeSource?.();
  }
  if (event.key === "ArrowUp" && box && !box.value) {
    const last = stopped ?? [...document.querySelectorAll("#thread .question")].at(-1)?.textContent;
    if (last === undefined) return;
    event.preventDefault();
    setQuestion(last);
  }
});
