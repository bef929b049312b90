// What an administrator does with documents: drop files and see how far they are, remove a document.
"use strict";

const api = new URL("../api/", document.currentScript.src);
const add = document.getElementById("add");
const told = document.getElementById("told");
const language = document.documentElement.lang;

function words(name, fields) {
  return Object.entries(fields ?? {}).reduce((text, [key, value]) => text.replace(`{${key}}`, value), add.dataset[name]);
}

function progress(text, part) {
  document.getElementById("progress").hidden = text === "";
  document.getElementById("doing").textContent = text;
  document.querySelector("#progress progress").value = part;
}

function ask(method, path, body, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, new URL(path, api));
    request.setRequestHeader("Accept-Language", language);
    request.responseType = "json";
    if (onProgress) request.upload.onprogress = onProgress;
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Error(request.response?.error ?? String(request.status)));
    };
    request.onerror = () => reject(new Error(words("keep")));
    request.send(body);
  });
}

async function send(files) {
  if (!files.length) return;
  const body = new FormData();
  for (const file of files) body.append("files", file);
  told.textContent = "";
  document.getElementById("files-done").replaceChildren();
  progress(words("sending", { percent: 0 }), 0);
  try {
    let job = await ask("POST", "documents", body, (event) => {
      const part = event.lengthComputable ? event.loaded / event.total : 0;
      progress(words("sending", { percent: Math.round(part * 100) }), part / 2);
    });
    while (job.state === "running") {
      progress(words("reading", { done: job.done, total: job.total }), 0.5 + job.done / Math.max(1, job.total) / 2);
      await new Promise((resolve) => setTimeout(resolve, 400));
      job = await ask("GET", `jobs/${job.job}`);
    }
    await done(job);
  } catch (error) {
    told.textContent = words("failed", { reason: error.message });
  }
  progress("", 0);
}

async function done(job) {
  const list = document.getElementById("files-done");
  for (const file of job.files) {
    const item = document.createElement("li");
    item.className = file.status;
    item.textContent = file.status === "failed" ? file.message : `${file.file}: ${words("there")}`;
    list.append(item);
  }
  const failed = job.files.filter((file) => file.status === "failed").length;
  if (job.state === "failed") told.textContent = words("failed", { reason: job.message });
  else told.textContent = words("added", { count: job.files.length - failed, failed });
  await refresh();
}

/** The list as it is now; what else stands on the page stays. */
async function refresh() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  for (const part of ["#found", ".intro"]) document.querySelector(part).replaceWith(page.querySelector(part));
  reveal();
}

function reveal() {
  document.querySelectorAll("button.remove").forEach((button) => (button.hidden = false));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.remove");
  if (!button) return;
  const title = button.closest(".document").querySelector(".title").textContent;
  if (!confirm(words("sure", { title }))) return;
  try {
    await ask("DELETE", `documents/${encodeURIComponent(button.dataset.document)}`);
    told.textContent = words("removed", { title });
    await refresh();
    document.getElementById("main").focus();
  } catch (error) {
    told.textContent = words("failed", { reason: error.message });
  }
});

if (add) {
  const drop = add.querySelector(".drop");
  const input = document.getElementById("files");
  add.hidden = false;
  input.addEventListener("change", async () => {
    await send([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    send([...event.dataTransfer.files]);
  });
  reveal();
}
