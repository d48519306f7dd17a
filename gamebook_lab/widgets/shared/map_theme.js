// The colours of the page as a canvas can use them; JupyterLab's variables, light or dark.
import { Labels } from "./map_labels.js";

/**
 * @typedef {object} Theme
 * @property {string} paper @property {string} box @property {string} codeBox @property {string} code @property {string} border
 * @property {string} ink @property {string} soft @property {string} link @property {string} dust @property {string} accent
 * @property {string} hover @property {string} error @property {string} start
 * @property {string} family @property {Labels} labels
 */

const NAMES = ["paper", "box", "code-box", "code", "border", "ink", "soft", "link", "dust", "accent", "hover", "error", "start"];

/** Reads the --gb-map-* variables off an element. @param {HTMLElement} element @returns {Theme} */
export function readTheme(element) {
  const probe = element.appendChild(document.createElement("span"));
  const theme = {};
  for (const name of NAMES) {
    probe.style.color = `var(--gb-map-${name})`;
    theme[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] = getComputedStyle(probe).color;
  }
  probe.remove();
  theme.family = getComputedStyle(element).fontFamily;
  theme.labels = new Labels(theme.family);
  return theme;
}

/** Calls back when the page's theme changes; returns a function that ends it. @param {() => void} callback */
export function onThemeChange(callback) {
  const observer = new MutationObserver(callback);
  for (const target of [document.documentElement, document.body])
    observer.observe(target, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", callback);
  return () => {
    observer.disconnect();
    media.removeEventListener("change", callback);
  };
}
