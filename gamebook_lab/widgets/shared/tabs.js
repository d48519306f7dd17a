// A bar of tabs, as screen readers and keyboards expect it: one stop for the Tab key, arrows within.
import { h } from "./dom.js";

/** @typedef {{name: string, label: string, hint?: string}} Tab */

/**
 * @param {{tabs: Tab[], label: string, panels: Record<string, HTMLElement>, show: (name: string) => void}} options  `panels` by name
 * @returns {{element: HTMLElement, select: (name: string) => void, step: (by: number) => void, current: () => string}}
 */
export function tabBar({ tabs, label, panels, show }) {
  const unique = crypto.randomUUID?.() ?? String(Math.random());
  let current = "";
  const buttons = tabs.map((tab) => {
    const panel = panels[tab.name];
    panel.id = `gb-panel-${tab.name}-${unique}`;
    const button = h("button", { type: "button", className: "gb-tab", role: "tab", id: `gb-tab-${tab.name}-${unique}`, title: tab.hint ?? "", "aria-controls": panel.id, onclick: () => select(tab.name) }, tab.label);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    return button;
  });
  const select = (name) => {
    if (!panels[name] || !tabs.some((tab) => tab.name === name)) return;
    current = name;
    tabs.forEach((tab, at) => {
      buttons[at].setAttribute("aria-selected", String(tab.name === name));
      buttons[at].tabIndex = tab.name === name ? 0 : -1;
      panels[tab.name].hidden = tab.name !== name;
      if (tab.name === name) buttons[at].scrollIntoView?.({ block: "nearest", inline: "nearest" });
    });
    show(name);
  };
  const step = (by) => {
    const at = (tabs.findIndex((tab) => tab.name === current) + by + tabs.length) % tabs.length;
    select(tabs[at].name);
    return buttons[at];
  };
  const element = h("div", { className: "gb-tab-list", role: "tablist", "aria-label": label }, ...buttons);
  element.addEventListener("keydown", (event) => {
    const to = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: () => (select(tabs[0].name), buttons[0]), End: () => (select(tabs.at(-1).name), buttons.at(-1)) }[event.key];
    if (!to || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    to().focus();
  });
  return { element, select, step, current: () => current };
}
