import assert from "node:assert/strict";
import { test } from "node:test";
import { wanted } from "../../../gamebook_lab/widgets/shared/completion.js";

const at = (line, place) => {
  const [before, after] = line.split("‸");
  return wanted(before, after, place);
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

test("Chapbook: inserts and variables in braces, modifiers, conditions, and the part for variables", () => {
  const chapbook = { language: "chapbook" };
  assert.deepEqual(at("You have {go‸} left", chapbook), { what: "insert", from: 10, typed: "go", closes: "" });
  assert.deepEqual(at("{embed pa‸", chapbook), { what: "insert", from: 1, typed: "embed pa", closes: "" });
  assert.deepEqual(at("{embed passage: 'Cel‸'}", chapbook), { what: "passage", from: 17, typed: "Cel", closes: "" });
  assert.deepEqual(at("[al‸", chapbook), { what: "modifier", from: 1, typed: "al", closes: "" });
  assert.deepEqual(at("[if go‸", chapbook), { what: "variable", from: 4, typed: "go", closes: "" });
  assert.deepEqual(at("[after 1 second; if go‸", chapbook), { what: "variable", from: 20, typed: "go", closes: "" });
  assert.deepEqual(at("go‸", { ...chapbook, isVars: true }), { what: "variable", from: 0, typed: "go", closes: "" });
  assert.deepEqual(at("rich: go‸ > 3", { ...chapbook, isVars: true }), { what: "variable", from: 6, typed: "go", closes: "" });
  assert.equal(at("He said: go‸", chapbook), null);
  assert.equal(at("Costs $5‸", chapbook), null);
  assert.deepEqual(at("[[Cel‸", chapbook), { what: "passage", from: 2, typed: "Cel", closes: "]]" });
});

test("Snowman: variables of s, what it has in templates, and names in strings", () => {
  const snowman = { language: "snowman" };
  assert.deepEqual(at("<% if (s.go‸", snowman), { what: "variable", from: 9, typed: "go", closes: "" });
  assert.deepEqual(at("<%= s.‸", snowman), { what: "variable", from: 6, typed: "", closes: "" });
  assert.deepEqual(at("<%= story.re‸", snowman), { what: "macro", from: 4, typed: "story.re", closes: "" });
  assert.deepEqual(at('<%= story.render("Cel‸', snowman), { what: "passage", from: 18, typed: "Cel", closes: '"' });
  assert.equal(at("It's. story‸", snowman), null);
  assert.equal(at("<% x %> story‸", snowman), null);
});
