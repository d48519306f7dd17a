import { EditorView, ViewPlugin } from "@codemirror/view";

/** Keeps the caret in view when the editor gets lower, as when the list of links below it grows while somebody types. */
export const caretInView = ViewPlugin.fromClass(
  class {
    constructor(view) {
      let height = 0; // is told at once; to ask for it here would have the page laid out for each passage that is opened
      this.observer = new ResizeObserver(() => {
        const before = height;
        height = view.scrollDOM.clientHeight;
        if (height >= before || !view.hasFocus) return;
        const head = view.state.selection.main.head;
        const top = view.scrollDOM.getBoundingClientRect().top;
        const caret = view.coordsAtPos(head);
        if (caret && caret.bottom > top + height && caret.bottom <= top + before) view.dispatch({ effects: EditorView.scrollIntoView(head) });
      });
      this.observer.observe(view.scrollDOM);
    }

    destroy() {
      this.observer.disconnect();
    }
  },
);
