// What is pasted may hold what no file of text can: zero characters, and halves of characters. They are left out, the rest is taken.

/** @param {string} text */
export const soundText = (text) => text.replaceAll("\0", "").replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
