/* The scales' page, quicker by keyboard; everything here also works without it.

   form[data-enter="card"]  Enter goes from one field of .stops to the next and then to the save button; Ctrl+Enter saves at once
   ... ="card-save"         the same, but Enter in the last field saves
   yes-no questions         Y (ya, yes) and T or N (tidak, no) answer the question that has the focus and go on
   .chart-box               on a narrow screen the chart is moved so that the newest point is in sight */
"use strict";

const card = document.querySelector('form[data-enter^="card"]');
const YES_KEYS = "y";
const NO_KEYS = "tn";

const stops = () => [...card.querySelectorAll(".ask-again input[type=text], .stops input[type=text], .stops input[type=radio]")]
  .filter((field) => field.offsetParent && field.name !== "measured")
  .filter((field, at, all) => field.type !== "radio" || all.findIndex((other) => other.name === field.name) === at);

card?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.matches("textarea, button, a, summary")) return;
  event.preventDefault();
  const save = card.querySelector(".ask-again button[type=submit], .save-bar button[type=submit]");
  if (event.ctrlKey || event.target.id === "correction_reason") { card.requestSubmit(save); return; }
  const all = stops();
  const at = all.findIndex((field) => field.name === event.target.name);
  const next = at >= 0 ? all[at + 1] : undefined;
  if (at >= 0 && !next && card.dataset.enter === "card-save") { card.requestSubmit(save); return; }
  (next ?? card.querySelector(".save-bar input[type=text]:not([data-date])") ?? save).focus();
  next?.select?.();
});

document.querySelectorAll("fieldset").forEach((question) => {
  const answer = (value) => question.querySelector(`input[type=radio][value="${value}"]`);
  if (!answer("yes") || !answer("no")) return;
  question.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const chosen = YES_KEYS.includes(key) ? answer("yes") : NO_KEYS.includes(key) ? answer("no") : null;
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
    const groups = [...document.querySelectorAll("fieldset:has(input[type=radio])")];
    groups[groups.indexOf(question) + 1]?.querySelector("input[type=radio]:checked, input[type=radio]")?.focus();
  });
});

document.querySelectorAll(".chart-box").forEach((box) => {
  const points = box.querySelectorAll("circle");
  const last = points[points.length - 1];
  if (last && box.scrollWidth > box.clientWidth) box.scrollLeft += last.getBoundingClientRect().left - box.getBoundingClientRect().left - box.clientWidth * 0.6;
});
