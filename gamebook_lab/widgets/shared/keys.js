// Keeps what is typed in a widget from being taken as a notebook's shortcut ("a", "dd", Esc, Shift-Enter ...).

/** @param {HTMLElement} root @param {AbortSignal} signal */
export function keepKeys(root, signal) {
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab asks for this on every keystroke
  for (const type of ["keydown", "keypress", "keyup", "paste", "copy", "cut"]) {
    root.addEventListener(type, (event) => event.stopPropagation(), { signal });
  }
}

const IS_MAC = /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? "");

/** Whether Ctrl (on a Mac: Command) is held. @param {KeyboardEvent | MouseEvent} event */
export const isMod = (event) => (IS_MAC ? event.metaKey : event.ctrlKey);

/** How a shortcut is written for this machine. @param {string} key @returns {string} */
export const shortcut = (key) => (IS_MAC ? `⌘${key}` : `Ctrl+${key}`);
