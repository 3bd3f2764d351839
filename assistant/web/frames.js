// Gradio's sign of loading goes on asking for sixty frames a second when it is gone: a tenth of a core on every open page.
// What began before the page was ready, goes on after it, and tells the time as that sign does, is heard no more.
// This runs before Gradio's own scripts, each of which may keep the function that it finds.
"use strict";

window.readyAt = Infinity; // milliseconds, as performance.now() tells them; set by page.js
{
  const next = window.requestAnimationFrame.bind(window);
  const LINGER = 2000; // milliseconds after that: what ends by itself has ended
  let began; // when that began of which a frame is being drawn
  window.requestAnimationFrame = (draw) => {
    const since = began ?? performance.now();
    return next((now) => {
      if (since < window.readyAt && now > window.readyAt + LINGER && String(draw).includes("performance.now()")) return;
      began = since;
      try {
        draw(now);
      } finally {
        began = undefined;
      }
    });
  };
}
