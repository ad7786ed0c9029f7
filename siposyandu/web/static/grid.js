/* The book's page like a sheet of a calculation program; everything here also works without it, more slowly.

   moving    arrows up and down, Enter down (after Tabs: under the cell where they began), Tab right; left and right, Home and
             End leave a cell only at the ends of its text; Ctrl+Home and Ctrl+End the first and last cell; Esc takes back
   keeping   what is typed goes to the server when its cell is left or half a second after the last key, and again until it is there
   pasting   a block of Excel fills cells from the focused one; where its lines begin with names, the server says whose they are
   saving    batch by batch with a bar; the page that follows shows what is left */
"use strict";

const sheet = document.querySelector(".grid-form");
const lines = [...sheet.querySelectorAll("[data-row]")].map((row) => [...row.querySelectorAll("[data-cell]")]).filter((cells) => cells.length && !cells[0].disabled);
const place = (cell) => { const y = lines.findIndex((cells) => cells.includes(cell)); return y < 0 ? null : { x: lines[y].indexOf(cell), y }; };
const go = (x, y) => { const cell = lines[y]?.[x]; if (cell) { cell.focus(); cell.select(); } return Boolean(cell); };
const rowOf = (cell) => cell.closest("[data-row]");

/* Keeping. */
const RETRY_MS = 2000, PAUSE_MS = 500;
const waiting = new Map(), onTheWay = new Map();
const saidState = sheet.querySelector("[data-keep-state]"), faultList = sheet.querySelector("[data-faults]");
const isCell = (field) => field.name?.startsWith("sel.");
const body = (pairs) => {
  const sent = new URLSearchParams(pairs);
  for (const name of ["csrf_token", "tanggal", "posyandu", "urut"]) if (sheet.elements[name]) sent.append(name, sheet.elements[name].value);
  sheet.querySelectorAll('input[name="tambah"]').forEach((guest) => sent.append("tambah", guest.value));
  return sent;
};
const post = async (path, pairs, options = {}) => {
  const answer = await fetch(`/hari-ini/buku/${path}`, { method: "POST", body: body(pairs), ...options });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.json();
};
let pause = 0, keeping = null;
const typed = (field) => {
  waiting.set(field.name, field.value);
  const state = rowOf(field)?.querySelector("[data-state]");
  if (state) { state.textContent = sheet.dataset.keeping; }
};
const shownAs = (name, value) => {  // what this page has seen kept: another page's newer value is not overwritten by saving
  const [, person, ...field] = name.split(".");
  const shown = sheet.elements[`tampak.${person}`];
  if (shown) shown.value = JSON.stringify({ ...JSON.parse(shown.value), [field.join(".")]: value });
};
const tell = (rows) => Object.entries(rows).forEach(([id, said]) => {
  const row = sheet.querySelector(`[data-row="${id}"]`);
  if (!row || [...waiting.keys()].some((name) => name.startsWith(`sel.${id}.`))) return;
  row.querySelector("[data-state]").innerHTML = said.state;
  row.querySelectorAll("[data-cell]").forEach((cell) => { cell.removeAttribute("aria-invalid"); cell.removeAttribute("aria-describedby"); });
  faultList.querySelectorAll(`[data-of="${id}"]`).forEach((line) => line.remove());
  said.faults.forEach(({ field, text }) => {
    const cell = document.getElementById(`sel.${id}.${field}`) ?? row.querySelector("[data-cell]");
    cell.setAttribute("aria-invalid", "true");
    const line = document.createElement("li"), link = document.createElement("a");
    line.dataset.of = id; line.id = `salah.${id}.${field}`; cell.setAttribute("aria-describedby", line.id);
    link.href = `#${cell.id}`; link.textContent = text;
    line.append(link); faultList.append(line);
  });
  if (row.querySelector(".kept.correction")) sheet.querySelector("[data-reason]").hidden = false;
});
const keep = async () => {
  clearTimeout(pause);
  if (keeping) { await keeping; return waiting.size ? keep() : true; }
  if (!waiting.size) return true;
  waiting.forEach((value, name) => onTheWay.set(name, value));
  waiting.clear();
  let kept = true;
  keeping = post("sel", [...onTheWay], { keepalive: onTheWay.size < 200 }).then(({ rows }) => {
    onTheWay.forEach((value, name) => shownAs(name, value));
    tell(rows);
    saidState.textContent = sheet.dataset.kept;
  }).catch(() => {
    kept = false;
    onTheWay.forEach((value, name) => { if (!waiting.has(name)) waiting.set(name, value); });
    saidState.textContent = sheet.dataset.retry;
    waiting.forEach((_, name) => {
      const state = document.getElementsByName(name)[0]?.closest("[data-row]")?.querySelector("[data-state]");
      if (state) state.textContent = sheet.dataset.unkept;
    });
    pause = setTimeout(keep, RETRY_MS);
  });
  await keeping;
  keeping = null; onTheWay.clear();
  return kept && waiting.size ? keep() : kept;
};
sheet.addEventListener("input", (event) => {
  if (!isCell(event.target)) return;
  typed(event.target); clearTimeout(pause); pause = setTimeout(keep, PAUSE_MS);
});
sheet.addEventListener("change", (event) => { if (isCell(event.target)) keep(); });
window.addEventListener("beforeunload", () => { if (waiting.size) keep(); });

/* Moving. */
const WIDE = matchMedia("(min-width: 56rem)"), box = sheet.querySelector(".grid-box");  // there the heads of the columns stay in sight
let before = "", tabsFrom = null, tabbed = false;
sheet.addEventListener("focusin", (event) => {
  if (!event.target.dataset.cell) return;
  before = event.target.value;
  if (!tabbed) tabsFrom = null;
  tabbed = false;
  if (WIDE.matches) requestAnimationFrame(() => { const { top } = box.getBoundingClientRect(); if (top < 0) scrollBy(0, top); });
});
sheet.addEventListener("pointerdown", () => { tabsFrom = null; });
const put = (cell, value) => { if (cell.value !== value) { cell.value = value; typed(cell); } };
const atStart = (cell) => cell.selectionStart === 0 && (cell.selectionEnd === 0 || cell.selectionEnd === cell.value.length);
const atEnd = (cell) => cell.selectionEnd === cell.value.length && (cell.selectionStart === cell.value.length || cell.selectionStart === 0);
const KEYS = {
  ArrowUp: (cell, { x, y }) => go(x, y - 1) || true,
  ArrowDown: (cell, { x, y }) => go(x, y + 1) || true,
  ArrowLeft: (cell, { x, y }) => atStart(cell) && (go(x - 1, y) || true),
  ArrowRight: (cell, { x, y }) => atEnd(cell) && (go(x + 1, y) || true),
  Home: (cell, { y }, event) => (event.ctrlKey ? go(0, 0) : atStart(cell) && go(0, y)),
  End: (cell, { y }, event) => (event.ctrlKey ? go(lines.at(-1).length - 1, lines.length - 1) : atEnd(cell) && go(lines[y].length - 1, y)),
  Enter: (cell, { x, y }, event) => {
    if (event.ctrlKey) { sheet.requestSubmit(sheet.querySelector("[data-save]")); return true; }
    go(tabsFrom ?? x, y + (event.shiftKey ? -1 : 1));
    return true;
  },
  Escape: (cell) => { put(cell, before); cell.select(); keep(); return true; },
};
sheet.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("#alasan, .grid-questions input")) {
    event.preventDefault();
    sheet.requestSubmit(sheet.querySelector("[data-save]"));
  }
  const cell = event.target, at = cell.dataset?.cell && !event.altKey && !event.isComposing && place(cell);
  if (!at) return;
  if (event.key === "Tab") { tabsFrom = event.shiftKey ? null : (at.x + 1 < lines[at.y].length ? tabsFrom ?? at.x : null); tabbed = true; return; }
  if (KEYS[event.key] && (!event.shiftKey || event.key === "Enter") && KEYS[event.key](cell, at, event)) event.preventDefault();
});
sheet.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#sel."]');
  const cell = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (cell) { event.preventDefault(); cell.focus(); cell.select(); cell.scrollIntoView({ block: "center", inline: "center" }); }
});

/* Pasting. */
const NAME = /\p{L}{3,}/u;
const dialog = document.querySelector("[data-paste]");
const blockOf = (text) => text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
const pasted = sheet.querySelector("[data-pasted]");
// An empty cell of the block erases nothing; lines that find no row are counted.
const fill = (rows) => {
  const filled = [], left = rows.filter(([y, , texts]) => !lines[y] && texts.some(Boolean)).length;
  rows.forEach(([y, x, texts]) => texts.forEach((text, by) => {
    const cell = lines[y]?.[x + by];
    if (cell && text && cell.value !== text) { filled.push([cell, cell.value]); put(cell, text); }
  }));
  pasted.querySelector("span").textContent = [[pasted.dataset.words, filled.length], ...(left ? [[pasted.dataset.left, left]] : [])]
    .map(([words, count]) => words.replace("{count}", count)).join(" ");
  pasted.querySelector("button").onclick = () => { filled.forEach(([cell, value]) => put(cell, value)); pasted.hidden = true; filled[0]?.[0].focus(); keep(); };
  pasted.hidden = false;
  keep();
};
const inOrder = (block, at) => fill(block.map((texts, by) => [at.y + by, at.x, texts]));
const listed = (part, names) => {
  const box = dialog.querySelector(part);
  box.hidden = !names.length;
  box.querySelector("ul").replaceChildren(...names.map((name) => { const line = document.createElement("li"); line.textContent = name; return line; }));
};
const chosenIn = (box) => new Promise((resolve) => {
  box.returnValue = "no";
  box.addEventListener("close", () => resolve(box.returnValue), { once: true });
  box.querySelectorAll("button").forEach((button) => { button.onclick = () => box.close(button.value); });
  box.showModal();
});
const byName = async (block, column, at) => {
  const named = block.map((texts) => [texts[column] ?? "", texts.slice(column + 1)]).filter(([name]) => name);
  const { matches } = await post("nama", named.map(([name]) => ["nama", name]));
  const found = matches.filter((match) => match.child), words = dialog.querySelector("[data-paste-found]");
  words.textContent = words.dataset.words.replace("{found}", found.length).replace("{all}", matches.length);
  listed("[data-paste-missing]", matches.filter((match) => !match.child && !match.several).map((match) => match.name));
  listed("[data-paste-several]", matches.filter((match) => match.several).map((match) => match.name));
  const said = await chosenIn(dialog);
  const yOf = (child) => lines.findIndex((cells) => rowOf(cells[0]).dataset.row === child);
  if (said === "names") fill(named.flatMap(([, texts], number) => { const y = matches[number].child ? yOf(matches[number].child) : -1; return y < 0 ? [] : [[y, at.x, texts]]; }));
  if (said === "order") inOrder(block.map((texts) => texts.slice(column + 1)), at);
  go(at.x, at.y);
};
sheet.addEventListener("paste", (event) => {
  const at = event.target.dataset?.cell && place(event.target), text = event.clipboardData.getData("text/plain");
  if (!at || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  const block = blockOf(text);
  const column = event.target.dataset.cell === "note" ? -1 : block[0].findIndex((_, x) => block.filter((texts) => NAME.test(texts[x] ?? "")).length * 2 > block.length);
  if (column < 0) inOrder(block, at);
  else byName(block, column, at).catch(() => inOrder(block, at));
});

/* Saving. */
const progress = sheet.querySelector("[data-progress]");
let saving = false;
const saveAll = async () => {
  const rows = lines.filter((cells) => rowOf(cells[0]).querySelector(".kept")).length;
  progress.hidden = false; progress.max = Math.max(rows, 1); progress.value = 0;
  saidState.textContent = sheet.dataset.saving;
  for (let from = 1, saved = 0; from;) {
    const said = await post("simpan", [["dari", from]]);
    from = said.next; saved += said.saved; progress.value = saved; sheet.elements.sudah.value = saved;
  }
};
sheet.addEventListener("submit", async (event) => {
  if (saving || event.submitter?.value !== "simpan") return;
  event.preventDefault();
  saving = true;
  if (!(await keep())) { saving = false; return; }
  // Answers to questions go with the form; rows without any are saved batch by batch before it.
  await saveAll().catch(() => {});
  sheet.requestSubmit(event.submitter);
});

const first = sheet.querySelector('.grid-questions input[type=radio], #alasan[aria-invalid="true"]') ?? sheet.querySelector('[aria-invalid="true"]') ?? document.getElementById(decodeURIComponent(location.hash.slice(1)))
  ?? (lines.find((cells) => !cells.some((cell) => cell.value)) ?? lines[0])?.[0];
first?.focus(); first?.select?.();
