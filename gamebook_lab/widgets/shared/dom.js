// Makes elements. Text only ever becomes a text node, so a story cannot inject markup.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] properties; `class`, `data-*`, `aria-*` and `role` become attributes; `on*` listeners
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class" || name === "role" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/**
 * A small drawing made of paths.
 * @param {{d: string, fill?: string, stroke?: string, width?: number}[]} paths
 * @param {{box?: string, size?: number}} [options]
 */
export function svg(paths, { box = "-9 -9 18 18", size = 16 } = {}) {
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ viewBox: box, width: size, height: size, "aria-hidden": "true" }))
    root.setAttribute(name, String(value));
  for (const { d, fill = "none", stroke = "none", width = 2 } of paths) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const attributes = { d, fill, stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" };
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, String(value));
    root.append(path);
  }
  return root;
}

/** @param {number} n */
export const count = (n) => n.toLocaleString("en");

/** @param {number} n @param {string} one @param {string} [many] */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
