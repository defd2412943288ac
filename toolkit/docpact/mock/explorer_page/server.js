// What the page asks the mock, and its tabs.

import { byId } from "./dom.js";

/** The mock's JSON answer; an Error with the mock's own words if it refuses. */
export async function ask(path, method = "GET", body = undefined) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/_docpact/${path}`, options);
  const text = await response.text();
  const document = text ? JSON.parse(text) : {};
  if (!response.ok) throw new Error(document.error ?? `status ${response.status}`);
  return document;
}

/** Let each group of tabs work by mouse and by arrow keys. */
export function startTabs() {
  for (const group of document.querySelectorAll("[data-tabs]")) {
    const tabs = [...group.querySelectorAll("[role=tab]")];
    const show = (chosen, focus = false) => {
      for (const tab of tabs) {
        const active = tab === chosen;
        tab.setAttribute("aria-selected", String(active));
        tab.tabIndex = active ? 0 : -1;
        byId(tab.dataset.for).hidden = !active;
      }
      if (focus) chosen.focus();
    };
    for (const [index, tab] of tabs.entries()) {
      tab.id = `tab-${tab.dataset.for}`;
      tab.setAttribute("aria-controls", tab.dataset.for);
      byId(tab.dataset.for).setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => show(tab));
      tab.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1 };
        const to = { Home: 0, End: tabs.length - 1 }[event.key]
          ?? (event.key in steps ? index + steps[event.key] : null);
        if (to === null) return;
        event.preventDefault();
        show(tabs[(to + tabs.length) % tabs.length], true);
      });
    }
    show(tabs[0]);
  }
}
