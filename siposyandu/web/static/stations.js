/* Phones at the langkah: lists that live, and forms that wait for the laptop; everything here also works without it.

   [data-live="URL"]    is fetched every three seconds while it is looked at, and drawn again when it has changed (data-live-tag)
   form[data-patient]   is sent until the laptop answers; the page with what was typed stays where it is meanwhile
   [data-unreachable]   stands on the page while the laptop does not answer, or says what is to be done first; other links lead
                        nowhere then */
"use strict";

const EVERY_MS = 3000, PATIENCE_MS = 8000, AGAIN_MS = 2000, BROKEN_AGAIN_MS = 10000, LEFT_ALONE_MS = 30 * 60 * 1000;
const notice = document.querySelector("[data-unreachable]"), unreachable = notice.innerHTML;
let looked = Date.now(), away = false, sending = false, said = unreachable;

const say = (html) => { if (html !== said) { said = html; notice.innerHTML = html; } };
const reach = (reached, html = unreachable) => {
  if (!reached) say(html);
  if (away === !reached) return;
  away = !reached;
  notice.hidden = reached;
  document.documentElement.classList.toggle("away", away);
  if (away) { notice.scrollIntoView({ block: "nearest" }); return; }
  // What was typed meanwhile is kept now; what is being sent need not be.
  if (!sending) document.querySelectorAll("form[data-draft]").forEach((form) => form.dispatchEvent(new Event("input")));
};

// A laptop that is still closed is as far away as one that is off.
const isClosed = (answer) => answer.status === 503 || new URL(answer.url).pathname === "/buka";

const ask = async (url, options) => {
  const gives_up = new AbortController();
  const clock = setTimeout(() => gives_up.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(url, { ...options, signal: gives_up.signal });
    const text = await answer.text();  // the power may go before its end
    const stays = answer.headers.has("X-Stay");
    if (stays && !sending && !document.querySelector("form[data-draft]")) { location.reload(); return null; }  // nothing is typed here
    reach(!isClosed(answer) && !stays, stays ? text : unreachable);
    return away ? null : { answer, text };
  } catch {
    reach(false);
    return null;
  } finally { clearTimeout(clock); }
};

const live = [...document.querySelectorAll("[data-live]")];
const draw = (element, text) => {
  const open = [...element.querySelectorAll("details[open][id]")].map((each) => each.id);
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.innerHTML = text;
  open.forEach((id) => { const again = document.getElementById(id); if (again) again.open = true; });
  if (focused) document.getElementById(focused)?.focus();
};
const look = async (element) => {
  const told = await ask(element.dataset.live, { headers: { "If-None-Match": `"${element.dataset.liveTag}"`, "X-Patient": "1" } });
  if (!told || told.answer.status === 304) return;
  const { answer, text } = told;
  if (answer.redirected) { location.reload(); return; }  // the session has ended: the door asks for the PIN
  if (!answer.ok) return;
  await released();  // of siposyandu.js
  if (sending) return;
  element.dataset.liveTag = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
  draw(element, text);
};
const goOn = async () => {
  if (!document.hidden && Date.now() - looked < LEFT_ALONE_MS) for (const element of live) await look(element);
  setTimeout(goOn, EVERY_MS);
};
if (live.length) setTimeout(goOn, EVERY_MS);
document.addEventListener("visibilitychange", () => { looked = Date.now(); });
["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => { looked = Date.now(); }));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const contents = (form, button) => {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  return data;
};
// The disk is full, or something broke: the page stays, with what was typed on it, and says so.
const complain = (page) => {
  const words = new DOMParser().parseFromString(page, "text/html").querySelector("h1")?.textContent;
  say(unreachable);
  if (words) notice.querySelector("h2").textContent = said = words;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
};
const send = async (form, button) => {
  for (;;) {  // each time with what stands in the page now: she may have gone on typing
    const told = await ask(form.action, { method: "POST", body: contents(form, button), headers: { "X-Patient": "1" } });
    if (told && told.answer.status < 500) return told.answer;
    if (told) complain(told.text);
    await pause(told ? BROKEN_AGAIN_MS : AGAIN_MS);
  }
};
const follow = async (form, button) => {
  sending = true;
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((each) => { each.disabled = true; });
  const answer = await send(form, button);
  const next = answer.headers.get("X-Go-To") ?? (answer.redirected ? answer.url : null);
  if (next) { location.assign(next); return; }
  // Something else is said, as "this page was open for too long": the browser goes there itself.
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  HTMLFormElement.prototype.submit.call(form);
};
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-patient]")) return;
  event.preventDefault();
  if (!sending) follow(event.target, event.submitter);
});
document.addEventListener("click", (event) => {
  if (!away || !event.target.closest("a[href]") || notice.contains(event.target)) return;
  event.preventDefault();
  notice.scrollIntoView({ block: "center" });
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
