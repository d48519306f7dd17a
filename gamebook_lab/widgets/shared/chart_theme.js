// The page's colours as charts need them, read off JupyterLab's theme.

/** @typedef {{isDark: boolean, ink: string, soft: string, grid: string, paper: string, family: string}} ChartTheme */

/** @param {HTMLElement} root  an element with base.css's variables @returns {ChartTheme} */
export function readChartTheme(root) {
  const probe = root.appendChild(document.createElement("span"));
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = { ink: read("--gb-text"), soft: read("--gb-faint"), grid: read("--gb-line"), paper: read("--gb-surface") };
  probe.remove();
  return { ...theme, isDark: lightness(theme.paper) < 0.5, family: getComputedStyle(root).fontFamily };
}

/** From 0 (black) to 1 (white). @param {string} color  as a browser computes it: rgb(…) or color(srgb …) */
function lightness(color) {
  const parts = (color.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  const most = color.startsWith("color(") ? 1 : 255;
  return (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]) / most;
}
