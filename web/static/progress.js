// Tells how far it is without loading the page anew, which would take the focus from whoever uses the keyboard.
"use strict";

(() => {
  const told = document.querySelector("[data-every-s]");
  if (!told) return;
  const parts = root => root.querySelectorAll("[data-told]");

  async function look() {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return location.reload(); // the page says by itself what is the matter
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = parts(page);
    parts(told).forEach((part, number) => {
      const text = news[number].textContent;
      if (part.textContent !== text) part.textContent = text;
    });
    if (!page.querySelector("[data-every-s]")) finish();
  }

  function finish() {
    clearInterval(timer);
    const leaving = told.querySelector("[data-while]");
    const heading = told.querySelector("h1");
    if (leaving.contains(document.activeElement)) {
      heading.tabIndex = -1;
      heading.focus();
    }
    leaving.remove();
  }

  const timer = setInterval(() => look().catch(() => {}), told.dataset.everyS * 1000); // the server may be starting anew
})();
