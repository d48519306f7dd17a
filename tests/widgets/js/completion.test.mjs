import assert from "node:assert/strict";
import { test } from "node:test";
import { wanted } from "../../../gamebook_lab/widgets/shared/completion.js";

const at = (line) => {
  const [before, after] = line.split("‸");
  return wanted(before, after);
};

test("a link completes passage names and closes itself", () => {
  assert.deepEqual(at("Go [[Cel‸"), { what: "passage", from: 5, typed: "Cel", closes: "]]" });
  assert.deepEqual(at("[[down|Cel‸]]"), { what: "passage", from: 7, typed: "Cel", closes: "" });
  assert.deepEqual(at("[[down->Cel‸]]"), { what: "passage", from: 8, typed: "Cel", closes: "" });
  assert.deepEqual(at("[[Cel‸<-down]]"), { what: "passage", from: 2, typed: "Cel", closes: "" });
});

test("nothing is offered in prose or after a link", () => {
  assert.equal(at("Plain prose‸"), null);
  assert.equal(at("[[Cellar]] and‸"), null);
  assert.equal(at('He said "Hello‸'), null);
  assert.equal(at("snake_case‸"), null);
});

test("variables after their sigil", () => {
  assert.deepEqual(at("<<set $go‸"), { what: "variable", from: 6, typed: "$go", closes: "" });
  assert.deepEqual(at("(set: _i‸"), { what: "variable", from: 6, typed: "_i", closes: "" });
  assert.deepEqual(at("$‸"), { what: "variable", from: 0, typed: "$", closes: "" });
});

test("strings in macros", () => {
  assert.deepEqual(at('<<goto "Cel‸'), { what: "passage", from: 8, typed: "Cel", closes: '"' });
  assert.deepEqual(at("(link-goto: 'Down', 'Ce‸')"), { what: "passage", from: 21, typed: "Ce", closes: "" });
  assert.equal(at('<<goto "Cellar">> and‸'), null);
});

test("only the last part of a very long line is looked at", () => {
  assert.equal(at(`[[${"x".repeat(1000)}‸`), null);
});
