// Draws anew only what is another now. An element that is replaced takes the focus with it, and the click of who has just pressed it.

/** What elements were made of, or filled with. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/**
 * Fill an element, unless it says just this already.
 * @param {Element} element @param {unknown} what  all that can be seen of it, as JSON has it @param {() => (Node | string)[]} draw
 * @returns {boolean}  whether it was filled
 */
export function refill(element, what, draw) {
  const now = JSON.stringify(what);
  if (shown.get(element) === now) return false;
  shown.set(element, now);
  element.replaceChildren(...draw());
  return true;
}

/**
 * Show parts one after another; those that were there already stay the elements that they are.
 * @template P @param {Element} parent @param {P[]} parts  all that can be seen of each, as JSON has it @param {(part: P, at: number) => Element} draw
 * @returns {Element[]}
 */
export function redraw(parent, parts, draw) {
  /** @type {Map<string, Element[]>} */ const there = new Map();
  for (const element of parent.children) {
    const said = shown.get(element);
    if (said !== undefined) there.set(said, [...(there.get(said) ?? []), element]);
  }
  const elements = parts.map((part, at) => {
    const now = JSON.stringify(part);
    const element = there.get(now)?.shift() ?? draw(part, at);
    shown.set(element, now);
    return element;
  });
  const wanted = new Set(elements);
  for (const element of [...parent.childNodes]) if (!wanted.has(element)) element.remove();
  let next = parent.firstChild;
  for (const element of elements) {
    if (element === next) next = next.nextSibling;
    else parent.insertBefore(element, next); // one that is moved is as good as new, so none is moved without need
  }
  return elements;
}
