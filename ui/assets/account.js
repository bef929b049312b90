// Who leaves a shared desk leaves no conversation behind: not in this tab, and not in another one that stands open.
"use strict";

{
  const WHO = "vraagbaak-who";
  const leaving = new URL("../logout", document.currentScript.src);
  const tabs = new BroadcastChannel("vraagbaak-account");

  function leave() {
    sessionStorage.clear();
    const form = Object.assign(document.createElement("form"), { method: "post", action: leaving });
    const language = document.documentElement.lang;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "language", value: language }));
    document.body.append(form);
    form.submit();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("button.logout")) return;
    tabs.postMessage("left");
    leave();
  });

  tabs.addEventListener("message", () => {
    if (document.querySelector("button.logout")) leave();
  });

  /** Another name in the same tab begins with nothing of the one before. */
  document.querySelector("body.login form")?.addEventListener("submit", (event) => {
    const name = event.target.elements.name.value;
    if (sessionStorage.getItem(WHO) !== name) sessionStorage.clear();
    sessionStorage.setItem(WHO, name);
  });
}
