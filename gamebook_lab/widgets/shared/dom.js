// Makes elements. Text always goes in as text: nothing of a story is ever parsed as HTML, and what cannot be seen is spelled out.
import { visible } from "./visible.js";

/**
 * @param {string} tag  name, with classes as in "div.row.is-open"
 * @param {Record<string, any>} [properties]  properties, `on<event>` listeners, and attributes where the key has a dash
 * @param {...(Node | string | null | false | undefined)} children  what readers are to see as it is goes into `textContent` instead
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role") element.setAttribute(key, String(value));
    else element[key] = key === "title" ? visible(value) : value;
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined).map(visible));
  return element;
}
