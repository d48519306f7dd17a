import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "../../../gamebook_lab/widgets/shared/visible.js";

test("what hides or turns is spelled out as the command line does", () => {
  assert.equal(visible("\u202eRTL\u202c"), "\\u202eRTL\\u202c");
  assert.equal(visible("a\u200bb\u00ad\u{e0041}\0"), "a\\u200bb\\xad\\U000e0041\\x00");
});

test("names that can be seen stay, and so do joiners, line ends and what is no text", () => {
  for (const text of ["Café 🕯️", "👨‍👩‍👧", "שלום", "a\u00a0b\tc\nd", "", null, undefined, 3]) assert.equal(visible(text), text);
});
