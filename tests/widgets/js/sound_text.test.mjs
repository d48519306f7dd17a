import assert from "node:assert/strict";
import { test } from "node:test";
import { soundText } from "../../../gamebook_lab/widgets/shared/sound_text.js";

test("what no file can hold is left out of what is pasted, and nothing else", () => {
  assert.equal(soundText("a\0b\ud83d c\udd6f\ud83d\udd6f\n\t\u202e"), "ab c\ud83d\udd6f\n\t\u202e");
});
