// What a reader does with answers: copy, save, judge, ask further, limit the search, see the document; and what the tab
// keeps of the conversation.
"use strict";

const KEPT = "vraagbaak";
const LIMITS = "vraagbaak-limits";
const TYPED = "vraagbaak-typed";
const UNASKED = "vraagbaak-unasked";
const JUDGED = "vraagbaak-judged";
const api = new URL("../api/", document.currentScript.src);
const returning = sessionStorage.getItem(KEPT);
let lastKept = "[]";
let tries = 0;

if (returning) document.documentElement.classList.add("is-returning");

function word(name) {
  return document.getElementById(`word-${name}`)?.textContent ?? "";
}

/** Fill in a field so that Gradio sees it. */
function fill(field, text) {
  const prototype = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function remember(key, value) {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // A full or forbidden storage costs the reload, not the conversation.
  }
}

function keep() {
  const text = document.querySelector("#kept .kept")?.textContent;
  if (!text || text === lastKept) return;
  if (text === "lost") {
    remember(UNASKED, "yes");
    location.reload();
    return;
  }
  lastKept = text;
  remember(KEPT, text === "[]" ? "" : text);
  fill(document.querySelector("#count textarea"), String(JSON.parse(text).length));
  if (text === "[]") forget();
}

/** A new conversation begins without the limits and judgements of the one before. */
function forget() {
  remember(JUDGED, "");
  for (const field of limitFields()) {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  limit();
}

/** After a reload: hand the conversation that the tab kept back to the server. */
function bringBack() {
  const field = document.querySelector("#bring textarea");
  const button = document.getElementById("back");
  if (!field || !button || document.querySelector(".turn")) return;
  fill(field, returning);
  setTimeout(() => button.click(), 100);
}

if (returning) {
  const timer = setInterval(() => {
    tries += 1;
    if (document.querySelector(".turn") || tries > 20) {
      document.documentElement.classList.remove("is-returning");
      clearInterval(timer);
      askAgain();
    } else if (tries % 4 === 1) bringBack();
  }, 250);
}

/** The server began anew while a question was asked: it is asked again, now that the conversation is back. */
function askAgain() {
  const typed = sessionStorage.getItem(UNASKED) && sessionStorage.getItem(TYPED);
  remember(UNASKED, "");
  if (typed) askNow(typed);
}

/** What was typed and not asked yet outlives a reload. */
let typedSeen = false;
function keepTyped() {
  const field = document.querySelector("#question textarea");
  if (field && !typedSeen) {
    typedSeen = true;
    const typed = sessionStorage.getItem(TYPED);
    if (typed && !field.value) setTimeout(() => fill(field, typed), 300);
  }
  if (document.querySelector("#current .turn.busy")) remember(TYPED, "");
}

/* Limits of the search */

function limitFields() {
  return [...document.querySelectorAll("#narrow input, #narrow select")];
}

function chosenLimits() {
  const chosen = {};
  for (const field of limitFields()) {
    if (field.type === "checkbox" ? field.checked : field.value) (chosen[field.name] ??= []).push(field.value);
  }
  return chosen;
}

function chipWords(field) {
  if (field.type === "checkbox") return field.closest("label").textContent.trim();
  if (field.type !== "date") return field.value;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const day = new Date(field.value).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
  return word(`limited_${field.name}`).replace("{}", day);
}

function limit() {
  const chosen = chosenLimits();
  const text = Object.keys(chosen).length ? JSON.stringify(chosen) : "";
  const handed = document.querySelector("#limited textarea");
  if (handed && handed.value !== text) fill(handed, text);
  remember(LIMITS, text);
  const chips = document.getElementById("chips");
  if (!chips) return;
  chips.replaceChildren();
  for (const field of limitFields()) {
    if (!(field.type === "checkbox" ? field.checked : field.value)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    const hidden = Object.assign(document.createElement("span"), { className: "sr", textContent: ` – ${word("unlimit")}` });
    const cross = Object.assign(document.createElement("span"), { className: "cross", textContent: "×" });
    button.append(chipWords(field), hidden, cross);
    button.addEventListener("click", () => {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
      limit();
      (chips.querySelector("button") ?? document.querySelector("#narrow summary")).focus();
    });
    const item = document.createElement("li");
    item.append(button);
    chips.append(item);
  }
  document.getElementById("chosen").hidden = !chips.children.length;
}

/** The fields come from the server once; what was chosen in this tab before a reload is chosen again. */
let fieldsSeen = false;
function limitAgain() {
  if (fieldsSeen || !document.getElementById("narrow") || !document.querySelector("#limited textarea")) return;
  fieldsSeen = true;
  const chosen = JSON.parse(sessionStorage.getItem(LIMITS) || "{}");
  for (const field of limitFields()) {
    const values = chosen[field.name] ?? [];
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  limit();
}

document.addEventListener("change", (event) => {
  if (event.target.closest?.("#narrow")) limit();
});

/** How much room is left in the question, once there is little. */
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.closest?.("#question")) return;
  remember(TYPED, field.value);
  let count = document.getElementById("left");
  if (!count) {
    count = Object.assign(document.createElement("p"), { id: "left" });
    count.setAttribute("role", "status");
    field.closest("#question").append(count);
  }
  const left = field.maxLength - field.value.length;
  count.textContent = left <= 100 ? word("left").replace("{}", left) : "";
});

/* Copy and save */

function turnOf(element) {
  const number = Number(element.closest(".turn").id.slice("turn-".length));
  return JSON.stringify([JSON.parse(lastKept)[number - 1]]);
}

async function saved(button, form) {
  const language = document.documentElement.lang;
  const response = await fetch(`save/${form}`, { method: "POST", body: turnOf(button), headers: { "Accept-Language": language } });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

function tell(button, text) {
  button.parentElement.querySelector(".told")?.remove();
  const told = Object.assign(document.createElement("span"), { className: "told", textContent: text });
  button.after(told);
  liveRegion().textContent = text;
  setTimeout(() => told.remove(), 6000);
}

async function copy(button) {
  try {
    const text = await (await saved(button, "text")).text();
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyTheOldWay(text);
    tell(button, word("copied"));
  } catch {
    tell(button, word("copy_failed"));
  }
}

/** Without HTTPS a browser offers no other way. */
function copyTheOldWay(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy");
}

async function save(button) {
  try {
    const response = await saved(button, button.value);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? "vraagbaak";
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await response.blob()), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    button.closest("details").open = false;
    button.closest("details").querySelector("summary").focus();
  } catch {
    tell(button, word("save_failed"));
  }
}

/* Judge */

function judgements() {
  return JSON.parse(sessionStorage.getItem(JUDGED) || "{}");
}

/** Show what was judged before, as often as Gradio puts the answer on the page anew. */
function showJudged() {
  const known = judgements();
  for (const place of document.querySelectorAll(".judge:not(.seen)")) {
    place.classList.add("seen");
    const verdict = known[place.id];
    if (!verdict) continue;
    place.classList.add("judged");
    place.querySelector(`[name="${verdict}"]`)?.classList.add("pressed");
    place.querySelector(".thanks").hidden = false;
  }
}

async function judge(button, verdict, reasons) {
  const place = button.closest(".judge");
  const turn = JSON.parse(turnOf(button))[0];
  const body = JSON.stringify({ answer: turn.id, verdict, reasons, question: turn.question });
  const ok = await fetch(new URL("feedback", api), { method: "POST", body, headers: { "Content-Type": "application/json" } }).then(
    (response) => response.ok,
    () => false,
  );
  place.querySelector(".failed").hidden = ok;
  place.querySelector(".thanks").hidden = !ok;
  place.querySelector(".reasons").hidden = true;
  liveRegion().textContent = place.querySelector(ok ? ".thanks" : ".failed").textContent;
  if (!ok) return;
  remember(JUDGED, JSON.stringify({ ...judgements(), [place.id]: verdict }));
  place.classList.add("judged");
  place.querySelectorAll(".act").forEach((other) => other.classList.toggle("pressed", other.name === verdict));
}

function askReasons(button) {
  const reasons = button.closest(".judge").querySelector(".reasons");
  reasons.hidden = !reasons.hidden;
  reasons.querySelector("button").focus();
}

/* Ask further */

/** Gradio takes over what is filled in with its next frames: the question is sent after those. */
async function askNow(question) {
  fill(document.querySelector("#question textarea"), question);
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  await new Promise((resolve) => setTimeout(resolve, 120));
  document.querySelector("#send")?.click();
}

/** Ask the same question again, without a limit that the program read in it. */
async function unlimit(button) {
  const without = button.value.split(" ").slice(1);
  const turn = JSON.parse(turnOf(button))[0];
  fill(document.querySelector("#limited textarea"), JSON.stringify({ ...chosenLimits(), without }));
  await askNow(turn.question);
  setTimeout(limit, 500);
}

const ACTS = {
  unlimit,
  copy,
  save,
  ask: (button) => askNow(button.value),
  up: (button) => judge(button, "up", []),
  down: askReasons,
  reason: (button) => judge(button, "down", [button.value.split(" ")[1]]),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.act");
  if (button) ACTS[button.name]?.(button);
});

/** A menu closes when one goes on elsewhere, and with Escape. */
function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.save[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

for (const name of ["click", "focusin"]) document.addEventListener(name, (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.save[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/** Whoever copies by hand takes along that the answer must be checked. */
document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  const node = selection.anchorNode;
  const answer = (node instanceof Element ? node : node?.parentElement)?.closest(".answer .text");
  if (!answer || selection.toString().length < 40) return;
  event.clipboardData.setData("text/plain", `${selection}\n\n${word("check")}\n`);
  event.preventDefault();
});

/* A document in a window of its own */

function documentWindow() {
  let dialog = document.getElementById("document-window");
  if (dialog) return dialog;
  dialog = Object.assign(document.createElement("dialog"), { id: "document-window", className: "beside" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: word("close") });
  close.addEventListener("click", () => dialog.close());
  const inside = Object.assign(document.createElement("div"), { className: "inside", tabIndex: -1 });
  dialog.append(close, inside);
  dialog.setAttribute("aria-label", word("show"));
  document.body.append(dialog);
  return dialog;
}

async function showDocument(address) {
  const dialog = documentWindow();
  const inside = dialog.querySelector(".inside");
  inside.textContent = word("loading");
  if (!dialog.open) dialog.showModal();
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok && response.status !== 404) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    inside.replaceChildren(...page.querySelector("main").childNodes);
  } catch {
    inside.textContent = word("load_failed");
    return;
  }
  const mark = inside.querySelector(`[id="${CSS.escape(new URL(address).hash.slice(1))}"]`);
  (mark ?? inside).focus({ preventScroll: true });
  mark?.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.("a.show, #document-window a");
  if (!link) return;
  if (link.closest(".back")) {
    event.preventDefault();
    document.getElementById("document-window").close();
  } else if (link.matches(".show") || /\/document\?/.test(link.href)) {
    event.preventDefault();
    showDocument(link.href);
  }
});

new MutationObserver(() => {
  keep();
  keepTyped();
  limitAgain();
  showJudged();
}).observe(document, { childList: true, subtree: true, characterData: true });
