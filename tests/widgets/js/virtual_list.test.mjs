// A list whose page is lost on the way asks for it again.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

class StandIn {
  constructor() {
    this.style = {};
    this.dataset = {};
    this.scrollTop = 0;
    this.clientHeight = 100;
  }
  addEventListener() {}
  setAttribute() {}
  append() {}
  replaceChildren(...children) {
    this.children = children;
  }
  contains() {
    return false;
  }
}
globalThis.document = { createElement: () => new StandIn(), activeElement: null };
globalThis.ResizeObserver = class {
  observe() {}
  disconnect() {}
};

const { VirtualList } = await import("../../../gamebook_lab/widgets/shared/virtual_list.js");

function list() {
  const asked = [];
  const made = new VirtualList({ rowHeight: 10, fetch: (start) => asked.push(start), draw: () => new StandIn() });
  return { made, asked };
}

test("what is not answered is asked for again, less and less often", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { made, asked } = list();
  made.refresh();
  assert.equal(asked.length, 1);
  mock.timers.tick(2000);
  assert.equal(asked.length, 2);
  mock.timers.tick(2000);
  assert.equal(asked.length, 2);
  mock.timers.tick(2000);
  assert.equal(asked.length, 3);
  made.close();
  mock.timers.tick(600000);
  assert.equal(asked.length, 3);
  mock.timers.reset();
});

test("what is answered is not asked for again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { made, asked } = list();
  made.refresh();
  made.fill(1, 0, ["row"]);
  mock.timers.tick(600000);
  assert.equal(asked.length, 1);
  assert.equal(made.space.children.length, 1);
  mock.timers.reset();
});
