// What HTML alone cannot do: announce a finished answer once, lead a mark to its words, keep the reader's place.
"use strict";

const regionId = "vraagbaak-live";
let opened = new Set();
let lastAnnounced = "";
let lastFocused = "";

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** A live region that stays in the page: one that comes in together with its text is not read aloud. */
function liveRegion() {
  let region = document.getElementById(regionId);
  if (!region) {
    region = document.createElement("p");
    region.id = regionId;
    region.className = "sr";
    region.setAttribute("role", "status");
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  return region;
}

function announce() {
  const line = document.querySelector("#status .announced");
  const text = line ? line.textContent : "";
  if (text !== lastAnnounced) {
    lastAnnounced = text;
    liveRegion().textContent = text;
  }
}

/** Gradio replaces the HTML of an answer as it grows: open again what the reader opened, keep the focus. */
function keepPlace() {
  for (const id of opened) {
    const details = document.getElementById(id);
    if (details && !details.open) details.open = true;
  }
  if (lastFocused && document.activeElement === document.body) {
    document.getElementById(lastFocused)?.focus({ preventScroll: true });
  }
}

/** A new question comes into view, its answer below it. */
let lastTurn = "";
function follow() {
  const turn = document.querySelector("#current .turn.busy");
  if (turn && turn.id !== lastTurn) {
    lastTurn = turn.id;
    turn.scrollIntoView({ behavior: calm(), block: "start" });
    if (!document.activeElement || document.activeElement === document.body) {
      document.querySelector("#question textarea")?.focus({ preventScroll: true });
    }
  }
}

/** Say that the page is coming, until it is there. */
const starting = Object.assign(document.createElement("p"), {
  className: "starting",
  textContent: document.querySelector('meta[name="starting"]').content,
});
document.body.prepend(starting);

function started() {
  if (starting.isConnected && document.getElementById("composer")) starting.remove();
}

function goTo(id) {
  const words = document.getElementById(id);
  if (!words) return;
  const card = words.closest(".source");
  document.querySelectorAll(".source.chosen").forEach((other) => other.classList.remove("chosen"));
  card?.classList.add("chosen");
  words.focus({ preventScroll: true });
  words.scrollIntoView({ behavior: calm(), block: "center" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.cite, a.language, a.view");
  if (!link) return;
  // Gradio's sanitiser makes every link open a new tab.
  event.preventDefault();
  if (link.matches(".cite")) goTo(link.getAttribute("href").slice(1));
  else location.assign(link.href);
});

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.id || !event.isTrusted) return;
    if (event.target.open) opened.add(event.target.id);
    else if (event.target.isConnected) opened.delete(event.target.id);
  },
  true,
);

/** Say so when the program is gone, and stop saying so when it is back. */
const health = new URL("../healthz", document.currentScript.src);
async function checkConnection() {
  const alive = await fetch(health, { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
  const gone = document.documentElement.classList.toggle("is-offline", !alive);
  const words = document.querySelector("#machine .offline")?.textContent ?? "";
  if (gone && liveRegion().textContent !== words) liveRegion().textContent = words;
}

/** What the server refuses Gradio would say in English, in a corner, for a moment: we say it where one asks. */
const given = window.fetch;
window.fetch = async (input, init) => {
  const address = new URL(input.url ?? input, location.href);
  if (address.origin !== location.origin || !address.pathname.includes("/gradio_api/")) return given(input, init);
  const headers = new Headers(init?.headers ?? input.headers);
  headers.set("Accept-Language", document.documentElement.lang);
  const response = await given(input, { ...init, headers }).catch((error) => {
    checkConnection();
    throw error;
  });
  if (/\/queue\/join|\/run\//.test(address.pathname)) refused(response.status, response.ok ? null : response.clone());
  return response;
};

async function refused(status, response) {
  let line = document.getElementById("refused");
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: "refused", role: "alert" });
    document.getElementById("status")?.after(line);
  }
  line.replaceChildren();
  if (!response) return;
  const said = await response.json().then((json) => json.error, () => "");
  line.textContent = status === 401 ? word("logged_out") : status === 503 ? word("full") : said || word("failed");
  if (status !== 401) return;
  const link = document.createElement("a");
  const place = `/${location.pathname.slice(new URL(".", health).pathname.length)}`;
  link.href = new URL(`login?next=${encodeURIComponent(place)}`, health);
  link.textContent = word("log_in");
  line.append(" ", link);
}

setInterval(() => document.hidden || checkConnection(), 10000);

document.addEventListener("focusin", (event) => {
  lastFocused = event.target.closest?.("#current") ? event.target.id : "";
});

new MutationObserver(() => {
  started();
  announce();
  keepPlace();
  follow();
}).observe(document, { childList: true, subtree: true, characterData: true });
