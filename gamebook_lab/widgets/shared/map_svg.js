// Small drawings made of paths: the signs of the map's legend.

/**
 * @param {{d: string, fill?: string, stroke?: string, width?: number}[]} paths
 * @param {string} [dash] pattern of the strokes
 */
export function drawing(paths, dash = "none") {
  const space = "http://www.w3.org/2000/svg";
  const root = document.createElementNS(space, "svg");
  const set = (element, attributes) => Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  set(root, { viewBox: "-9 -9 18 18", width: 15, height: 15, "aria-hidden": "true" });
  for (const { d, fill = "none", stroke = "none", width = 2 } of paths) {
    const path = document.createElementNS(space, "path");
    set(path, { d, fill, stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round", "stroke-dasharray": dash });
    root.append(path);
  }
  return root;
}
