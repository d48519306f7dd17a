// What could be completed at the cursor, from the line's text alone; the names themselves come from Python.

/** @typedef {{what: "passage" | "variable" | "macro" | "insert" | "modifier", from: number, typed: string, closes: string}} Wanted */

const LONGEST = 300;

/**
 * @param {string} before  line up to the cursor @param {string} after  rest of the line
 * @param {{language?: string, isVars?: boolean}} [place]  the story's language; whether the line is in Chapbook's part for variables
 * @returns {Wanted | null}  `from` is an offset in the line
 */
export function wanted(before, after, { language = "", isVars = false } = {}) {
  const start = Math.max(0, before.length - LONGEST);
  const text = before.slice(start);
  if (language === "chapbook") return inLink(text, start, after) ?? inString(text, start, after) ?? inChapbook(text, start, isVars);
  if (language === "snowman") return inLink(text, start, after) ?? inSnowman(text, start) ?? inString(text, start, after);
  return inLink(text, start, after) ?? inVariable(text, start) ?? inMacro(text, start, after) ?? inString(text, start, after);
}

/** After `{`, after `[` at the beginning of a line, in a condition, or in a value of the part for variables. @param {string} text @param {number} start @param {boolean} isVars @returns {Wanted | null} */
function inChapbook(text, start, isVars) {
  const name = /[\p{L}$][\w$.]*$/u.exec(text)?.[0] ?? "";
  const variable = name ? { what: "variable", from: start + text.length - name.length, typed: name, closes: "" } : null;
  const insert = /\{([\w ]*)$/.exec(text);
  if (insert) return { what: "insert", from: start + text.length - insert[1].length, typed: insert[1], closes: "" };
  const modifier = /^\[(?:[^\]]*;\s*)?([\w ]*)$/.exec(text);
  if (modifier && !/^(if|unless)\s/.test(modifier[1])) return { what: "modifier", from: start + text.length - modifier[1].length, typed: modifier[1], closes: "" };
  if (/^\[(?:[^\]]*;\s*)?(?:if|unless)\s[^\]]*$/.test(text)) return variable;
  return isVars && (/^\s*[\p{L}$][\w$.]*$/u.test(text) || /[:(]/.test(text)) ? variable : null;
}

/** After `s.`: a variable; in a template: what Snowman has. @param {string} text @param {number} start @returns {Wanted | null} */
function inSnowman(text, start) {
  const variable = /(?<![\w'’.$])s\.([\w$]*)$/.exec(text);
  if (variable) return { what: "variable", from: start + text.length - variable[1].length, typed: variable[1], closes: "" };
  const word = /(?<![\w.$"'])[A-Za-z_][\w.]*$/.exec(text);
  if (!word || text.lastIndexOf("<%") <= text.lastIndexOf("%>") || hasOpenQuote(text.slice(text.lastIndexOf("<%")))) return null;
  return { what: "macro", from: start + word.index, typed: word[0], closes: "" };
}

/** @param {string} code */
const hasOpenQuote = (code) => /^(?:[^"'`]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)*$/.exec(code) === null;

/** Inside `[[label|target` or `[[label->target`. @param {string} text @param {number} start @param {string} after @returns {Wanted | null} */
function inLink(text, start, after) {
  const open = text.lastIndexOf("[[");
  if (open < 0 || text.indexOf("]]", open) >= 0) return null;
  const inside = text.slice(open + 2);
  const arrow = inside.lastIndexOf("->");
  const from = Math.max(inside.lastIndexOf("|") + 1, arrow < 0 ? 0 : arrow + 2);
  const typed = inside.slice(from);
  const back = after.indexOf("<-");
  const close = after.indexOf("]]");
  if (back >= 0 && (close < 0 || back < close)) return { what: "passage", from: start + open + 2 + from, typed, closes: "" };
  return { what: "passage", from: start + open + 2 + from, typed, closes: after.startsWith("]") ? "" : "]]" };
}

/** After `$` or `_`. @param {string} text @param {number} start @returns {Wanted | null} */
function inVariable(text, start) {
  let from = text.length;
  while (from > 0 && /[\w]/.test(text[from - 1])) from--;
  if (text[from - 1] === "$") from--;
  else if (text[from] !== "_") return null;
  return { what: "variable", from: start + from, typed: text.slice(from), closes: "" };
}

/** After `<<` or `(`: the name of a macro. @param {string} text @param {number} start @param {string} after @returns {Wanted | null} */
function inMacro(text, start, after) {
  const found = /(<<|\()([a-zA-Z][\w-]*)$/.exec(text);
  if (!found || (found[1] === "(" && !found[2])) return null;
  const closes = found[1] === "(" && !/^\s*:/.test(after) ? ": " : "";
  return { what: "macro", from: start + text.length - found[2].length, typed: found[2], closes };
}

/** Inside a string of a macro: `<<goto "…` or `(goto: "…`. @param {string} text @param {number} start @param {string} after @returns {Wanted | null} */
function inString(text, start, after) {
  const open = Math.max(text.lastIndexOf("<<"), text.lastIndexOf("("), text.lastIndexOf("{"));
  if (open < 0) return null;
  let quote = "";
  let from = 0;
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") {
      quote = character;
      from = at + 1;
    }
  }
  if (!quote) return null;
  return { what: "passage", from: start + from, typed: text.slice(from), closes: after.startsWith(quote) ? "" : quote };
}
