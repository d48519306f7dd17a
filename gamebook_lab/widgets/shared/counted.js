// Numbers for people: 1,330 passages.

/** @param {number} n */
export const count = (n) => n.toLocaleString("en");

/** @param {number} n @param {string} one @param {string} [many] */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
