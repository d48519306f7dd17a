// Where the browser has the caret, when marks are drawn anew around it.

/**
 * Have the caret stay at its place in the text while `draw` changes how the text looks.
 *
 * A line's elements are replaced then. Chrome says that a caret at the line's end is where it was, but what is pasted or
 * composed next comes before the last element, say between the two brackets that close a link. Put there again, it is.
 *
 * @param {import("@codemirror/view").EditorView} view @param {() => void} draw
 */
export function keepingCaret(view, draw) {
  const isKnown = isInPlace(view);
  draw();
  if (!isKnown) return;
  const { anchor, head } = view.state.selection.main;
  const [from, to] = [view.domAtPos(anchor), view.domAtPos(head)];
  view.root.getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

/** Whether the browser's selection is the editor's: not one that the author is just making. */
function isInPlace(view) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = view.root.getSelection();
  if (!view.hasFocus || view.composing || !view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return false;
  const { anchor, head } = view.state.selection.main;
  return view.posAtDOM(anchorNode, anchorOffset) === anchor && view.posAtDOM(focusNode, focusOffset) === head;
}
