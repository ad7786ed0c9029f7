/* Quicker hands: everything here also works without it.

   [data-key="x"]           the key x presses this link or button, or goes to this field, when nobody is typing
                            (the frame has h c s w k l and /; pages use b, i and digits)
   input[data-filter="#id"] types away rows of #id (its items carry data-words, the field data-forms: see names.py); Enter opens the only one left, or goes to the first of several; arrow down goes to the list
   form[data-draft="URL"]   what is typed is posted to URL half a second later; its [data-draft-state] says so
   form[data-enter="next"]  Enter goes to the next field; in the last one it saves
   input[data-submit-at=n]  the form goes off when n letters are typed
   [data-refresh="URL"]     its content is fetched again every half minute (data-refresh-seconds) while the page is looked at
   [data-show="a b"]        while it is ticked, what is typed into the secret fields a and b can be read
   [data-copy="#id"]        copies what stands in the box #id, then says data-copied
   input[data-date]         the day is said in words as soon as it is typed
   [data-letter-keys]       while it is not ticked, single letters do nothing on this laptop
   [data-print]             prints the page;   [data-back] goes back to what was typed;   .needs-script is hidden until this file runs */
"use strict";

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

// How else a word of a name may be written: the table of siposyandu/names.py, read as there.
const namesBy = ({ habits, keys, titles }) => {
  const patterns = habits.map(([pattern, alike]) => [new RegExp(pattern, "g"), alike.replace("\\1", "$1")]);
  const byHabit = (word) => patterns.reduce((said, [pattern, alike]) => said.replace(pattern, alike), word);
  const key = (word) => (Object.hasOwn(keys, word) ? keys[word] : byHabit(word));
  const begun = (word) => (word.length < 3 ? [] : Object.keys(keys).filter((form) => form.startsWith(word)).map((form) => keys[form]));
  const asked = (text) => {
    const words = fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const named = words.filter((word) => !titles.includes(key(word)));
    return (named.length ? named : words).map((word) => ({ word, keys: [byHabit(word), key(word), ...begun(word)] }));
  };
  return { asked, fits: (words, parts) => parts.every(({ word, keys: alike }) =>
    words.split(" ~")[0].includes(word) || alike.some((each) => words.includes(` ~${each}`))) };
};

document.documentElement.classList.add("script");
// On a phone the row of pages is wider than the screen: where one is must be seen.
const pages = document.querySelector(".site-nav"), here = pages?.querySelector("[aria-current]");
if (here) pages.scrollLeft = here.offsetLeft - pages.offsetLeft - (pages.clientWidth - here.offsetWidth) / 2;
document.querySelectorAll(".needs-script").forEach((element) => { element.hidden = false; });

// The names of the chosen files stand beside our own button; the field lies over both and is what is pressed.
document.querySelectorAll(".file-choice input").forEach((field) => {
  const said = field.parentElement.querySelector(".file-names");
  const tell = () => {
    const names = [...field.files].map((file) => file.name);
    said.textContent = names.join(", ") || said.dataset.none;
    said.classList.toggle("chosen", names.length > 0);
  };
  field.addEventListener("change", tell);
  tell();
});

// Who speaks to the laptop, or whose hand trembles, sets off single letters unawares: they can be switched off (WCAG 2.1.4).
const KEYS_OFF = "letter-keys-off";
document.querySelectorAll("[data-letter-keys]").forEach((box) => {
  box.checked = !localStorage.getItem(KEYS_OFF);
  box.addEventListener("change", () => { if (box.checked) localStorage.removeItem(KEYS_OFF); else localStorage.setItem(KEYS_OFF, "1"); });
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || typing(event.target) || localStorage.getItem(KEYS_OFF)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  if (typing(target)) { target.focus(); target.select?.(); } else target.click();
});

document.querySelectorAll("input[data-filter]").forEach((field) => {
  const list = document.querySelector(field.dataset.filter);
  const items = [...list.querySelectorAll("[data-words]")].map((element) =>
    ({ element, link: element.querySelector("a, button"), words: element.dataset.words, hidden: element.hidden }));
  const names = namesBy(JSON.parse(field.dataset.forms));
  const left = () => items.filter((item) => !item.element.hidden);
  // A search looks through everybody; an empty field shows the tab again.
  const sift = () => {
    const wanted = names.asked(field.value);
    items.forEach((item) => { item.element.hidden = wanted.length ? !names.fits(item.words, wanted) : item.hidden; });
    document.querySelectorAll("[data-filter-none]").forEach((note) => { note.hidden = left().length > 0; });
  };
  field.addEventListener("input", sift);
  field.addEventListener("keydown", (event) => {
    const first = left()[0]?.link;
    if (event.key === "Escape") { field.value = ""; sift(); }
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    if (event.key === "Enter" && field.value.trim() && first) {
      event.preventDefault();
      if (left().length === 1) first.click(); else first.focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const links = left().map((item) => item.link);
    const next = links[links.indexOf(document.activeElement) + step];
    event.preventDefault();
    (next ?? (step < 0 ? field : null))?.focus();
  });
});

document.querySelectorAll("form[data-draft]").forEach((form) => {
  const state = form.querySelector("[data-draft-state]");
  let waiting = 0;
  const settle = () => { clearTimeout(waiting); waiting = 0; };
  const say = (kept) => { if (state) state.textContent = kept ? state.dataset.kept : state.dataset.lost; };
  // An answer from elsewhere is the door's: the session has ended and nothing was kept.
  const keep = () => { settle(); fetch(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true })
    .then((answer) => say(answer.ok && !answer.redirected)).catch(() => say(false)); };
  form.addEventListener("input", () => { settle(); waiting = setTimeout(keep, 500); });
  form.addEventListener("submit", settle);
  window.addEventListener("beforeunload", () => { if (waiting) keep(); });  // before the next page is asked for
});

document.querySelectorAll('form[data-enter="next"]').forEach((form) => {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("textarea, button, a")) return;
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => field.offsetParent && !field.disabled);
    let next = fields.indexOf(event.target) + 1;
    while (fields[next]?.type === "radio" && fields[next].name === event.target.name) next += 1;
    if (!fields[next]) return;
    event.preventDefault();
    fields[next].focus();
    fields[next].select?.();
  });
});

document.querySelectorAll("input[data-submit-at]").forEach((field) => {
  field.addEventListener("input", () => { if (field.value.length === Number(field.dataset.submitAt)) field.form.requestSubmit(); });
});

// What is drawn anew waits while a key is held down, which otherwise was pressed in vain. The click comes behind the release.
const LONGEST_PRESS_MS = 10 * 1000;
let pressed = 0;
const released = async () => {
  while (Date.now() - pressed < LONGEST_PRESS_MS) await new Promise((done) => setTimeout(done, 100));
};
document.addEventListener("pointerdown", () => { pressed = Date.now(); });
["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, () => setTimeout(() => { pressed = 0; })));

// A page that nobody touches stops asking, so that a forgotten laptop signs its worker out after a while.
const UNTOUCHED_MS = 10 * 60 * 1000;
let touched = Date.now();
const refresh = (element) => fetch(element.dataset.refresh)
  .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
  .then((text) => released().then(() => { if (text !== null) element.innerHTML = text; })).catch(() => {});
const refreshed = [...document.querySelectorAll("[data-refresh]")];
refreshed.forEach((element) => setInterval(() => {
  if (!document.hidden && Date.now() - touched < UNTOUCHED_MS) refresh(element);
}, 1000 * (Number(element.dataset.refreshSeconds) || 30)));
["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => {
  if (Date.now() - touched > UNTOUCHED_MS) refreshed.forEach(refresh);
  touched = Date.now();
}));

document.querySelectorAll("[data-show]").forEach((box) => box.addEventListener("change", () => {
  box.dataset.show.split(" ").forEach((id) => { document.getElementById(id).type = box.checked ? "text" : "password"; });
}));
document.querySelectorAll("[data-back]").forEach((button) => button.addEventListener("click", () => history.back()));
// On a phone that came over plain http the browser has no clipboard of its own: the older way copies what is selected.
document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
  const box = document.querySelector(button.dataset.copy);
  box.select();
  if (navigator.clipboard) await navigator.clipboard.writeText(box.value).catch(() => document.execCommand("copy"));
  else document.execCommand("copy");
  button.textContent = button.dataset.copied;
}));
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

// What was asked or refused comes first under the hands, and is read first. A browser gives autofocus only when it first draws
// the page: on a busy laptop a letter typed before that is lost, or taken for a command.
const asked = document.querySelector(".ask-again");
const refused = document.querySelector(".field.wrong :is(input:not([type=hidden]), select, textarea)");
if (asked) {
  (asked.querySelector("[autofocus]") ?? asked).focus();
  // All of the question in sight; on a phone, where it may be longer than the screen, its beginning.
  asked.scrollIntoView({ block: asked.offsetHeight > innerHeight ? "start" : "nearest" });
} else if (refused) refused.focus();
else if (document.activeElement === document.body && !location.hash) document.querySelector("[autofocus]")?.focus();
// The Enter that sent the page and is still held down is no answer to what is asked.
asked?.addEventListener("keydown", (event) => { if (event.repeat && event.key === "Enter") event.preventDefault(); });

const inWords = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
document.querySelectorAll("input[data-date]").forEach((field) => {
  const said = document.createElement("span");
  said.className = "date-said";
  field.after(said);
  const say = () => {
    const [, day, month, year] = field.value.trim().match(/^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/) ?? [];
    const date = day ? new Date(Date.UTC(+year, month - 1, +day)) : null;
    said.textContent = date && date.getUTCDate() === +day && date.getUTCMonth() === month - 1 ? inWords.format(date) : "";
  };
  field.addEventListener("input", say);
  say();
});

// A second press while the first is under way would save twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  setTimeout(() => event.target.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => { button.disabled = true; }));
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("button[disabled]").forEach((button) => { button.disabled = false; });
});
