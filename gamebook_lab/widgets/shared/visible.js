// What cannot be seen, or turns the direction of writing, is spelled out where names are shown, as the command line does
// (story/visible.py). What a story holds stays as it is.

// Joiners stay, which scripts and emoji need, and so do line ends and tabs.
const UNSEEN = /(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EVERY = new RegExp(UNSEEN, "gu");

/** @param {string} character */
function escaped(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** @template T @param {T} text anything but a string stays @returns {T} */
export const visible = (text) => (typeof text === "string" && UNSEEN.test(text) ? /** @type {any} */ (text.replace(EVERY, escaped)) : text);
