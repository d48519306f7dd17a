// CodeMirror as writers want it: prose first, spell-checked, wrapped, searched in place.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
import { caretInView } from "./caret_in_view.js";
import { soundText } from "./sound_text.js";
import { tokens } from "./tokens.js";

const historyPart = new Compartment();

/**
 * @param {{
 *   complete: import("@codemirror/autocomplete").CompletionSource,
 *   onChange: (update: import("@codemirror/view").ViewUpdate) => void,
 *   follow: (position: number) => void, uses: (position: number) => void, rename: (position: number) => void, snippets: () => void,
 *   undoStory: () => void, redoStory: () => void, save: () => void,
 * }} hooks
 * @returns {import("@codemirror/state").Extension}
 */
export function setup(hooks) {
  // The author's own typing first; when that is all taken back, the story's last edit.
  const undoTyping = (view) => (undoDepth(view.state) ? undo(view) : (hooks.undoStory(), true));
  const redoTyping = (view) => (redoDepth(view.state) ? redo(view) : (hooks.redoStory(), true));
  const follow = (view) => (hooks.follow(view.state.selection.main.head), true);
  const at = (hook) => (view) => (hook(view.state.selection.main.head), true);
  return [
    EditorState.lineSeparator.of("\n"),
    historyPart.of(history()),
    tokens,
    drawSelection(),
    dropCursor(),
    bracketMatching(),
    closeBrackets(),
    EditorState.languageData.of(() => [{ closeBrackets: { brackets: ["[", "("] } }]), // never quotes: it is prose
    autocompletion({ override: [hooks.complete], icons: false, activateOnTypingDelay: 0 }),
    search({ top: true }),
    // Inside the widget's own box, which cuts off what hangs over.
    tooltips({ position: "absolute", tooltipSpace: (view) => (view.dom.closest(".gb-editor") ?? view.dom).getBoundingClientRect() }),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    lintGutter(),
    placeholder("Write this passage… [[ begins a link."),
    EditorView.clipboardInputFilter.of(soundText),
    EditorView.lineWrapping,
    caretInView,
    EditorView.contentAttributes.of({ spellcheck: "true", autocapitalize: "sentences", "aria-label": "Text of the passage" }),
    EditorView.updateListener.of(hooks.onChange),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
        const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (position === null) return false;
        event.preventDefault();
        hooks.follow(position);
        return true;
      },
    }),
    Prec.high(
      keymap.of([
        { key: "Mod-z", run: undoTyping, preventDefault: true },
        { key: "Mod-y", mac: "Mod-Shift-z", run: redoTyping, preventDefault: true },
        { key: "Ctrl-Shift-z", run: redoTyping, preventDefault: true },
        { key: "Mod-s", run: () => (hooks.save(), true), preventDefault: true },
        { key: "F12", run: follow, shift: at(hooks.uses), preventDefault: true },
        { key: "F2", run: at(hooks.rename), preventDefault: true },
        { key: "Mod-.", run: () => (hooks.snippets(), true), preventDefault: true },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...defaultKeymap, ...historyKeymap]),
  ];
}

/** Forget what was typed: the story's history has gone another way. @param {EditorView} view */
export function forgetTyping(view) {
  view.dispatch({ effects: historyPart.reconfigure([]) });
  view.dispatch({ effects: historyPart.reconfigure(history()), annotations: isolateHistory.of("full") });
}
