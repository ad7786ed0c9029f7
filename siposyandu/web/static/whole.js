/* A page that broke off on its way, as by a power cut, never runs its other scripts: it is asked for again until it comes whole.

   This file is fetched apart (async), so that it runs in a page without an end. A page that still grows is only slow. */
"use strict";

(() => {
  const EVERY_MS = 5000, page = location.pathname + location.search;
  const length = () => document.getElementsByTagName("*").length;
  const look = async (before) => {
    if (document.readyState !== "loading") return;
    const now = length();
    if (now === before) {
      const text = await fetch(page).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "");
      if (text && document.readyState === "loading" && length() === now) { location.replace(page); return; }
    }
    setTimeout(look, EVERY_MS, now);
  };
  setTimeout(look, EVERY_MS, length());
})();
