/* Keeps a reader's steps in this page, and lets the reader save them as a file. Sends nothing anywhere.
 *
 * Listens to what each story format makes public:
 *   SugarCube 2  jQuery event ":passagedisplay"; SugarCube.State.passage
 *   Snowman      jQuery events "sm.passage.shown" (2), "shown.sm.passage" (1.5) and "showpassage:after" (1.0); window.passage
 *   Chapbook     event "state-change" of "trail", by engine.event (1) or window (2)
 *   Harlowe      a new <tw-passage>; its name from the hidden span that a passage tagged "header" prints
 * The file has a line of JSON for each step, with the columns that gb.read_sessions reads.
 */
(() => {
  "use strict";
  const MOST_STEPS = 100000;
  const LONGEST_LABEL = 500;
  const story = document.querySelector("tw-storydata");
  const ifid = (story && story.getAttribute("ifid")) || "";
  const KEY = "gamebook-recorder " + ifid;
  const BACK = '#history-backward, tw-icon[alt="Undo"], tw-icon[title="Undo"], [data-gamebook="back"]';
  const CLICKABLE = "a, tw-link, button, [data-passage], [role=link], [role=button]";

  const newId = () =>
    window.crypto && crypto.randomUUID ? crypto.randomUUID() : Date.now().toString(36) + Math.random().toString(36).slice(2);
  const load = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY));
      return kept && Array.isArray(kept.steps) ? kept : null;
    } catch (error) {
      return null; // storage may be switched off: the steps then last as long as the page
    }
  };
  let log = load() || { session_id: newId(), steps: [] };
  let reloaded = log.steps.length > 0;
  let chosen = null;
  let next = "visit";

  const keep = () => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(log));
    } catch (error) {
      /* full or switched off: see load */
    }
  };

  function came(name) {
    if (typeof name !== "string" || !name || log.steps.length >= MOST_STEPS) return;
    const before = log.steps[log.steps.length - 1];
    let event = next;
    if (reloaded) {
      reloaded = false;
      if (before.passage_id === name) return; // the format has put the reader back where the page was left
      event = "restart";
    } else if (before && chosen !== null) {
      before.choice_id = chosen;
    }
    chosen = null;
    next = "visit";
    log.steps.push({ passage_id: name, choice_id: null, time: new Date().toISOString(), event });
    keep();
  }

  // Chapbook clicks a hidden button of its own: just what a person clicks counts
  document.addEventListener(
    "click",
    (click) => {
      const target = click.target instanceof Element ? click.target : null;
      if (!target || !click.isTrusted || target.closest("#gamebook-recorder-save")) return;
      if (target.closest(BACK)) {
        next = "back";
        chosen = null;
        return;
      }
      const link = target.closest(CLICKABLE);
      if (link) chosen = link.textContent.replace(/\s+/g, " ").trim().slice(0, LONGEST_LABEL) || null;
    },
    true,
  );

  function listen() {
    const engine = window.engine;
    if (engine && engine.state && typeof engine.state.get === "function") {
      let length = 0;
      const here = (trail) => {
        if (!Array.isArray(trail)) return;
        if (trail.length < length) next = trail.length === 1 && length > 2 ? "restart" : "back"; // one step back is back
        length = trail.length;
        came(trail[trail.length - 1]);
      };
      const changed = (change) => change && change.name === "trail" && here(change.value);
      here(engine.state.get("trail"));
      if (engine.event) engine.event.on("state-change", changed);
      else window.addEventListener("state-change", (event) => changed(event.detail));
      return;
    }
    if (document.querySelector("tw-story") && /^harlowe$/i.test((story && story.getAttribute("format")) || "")) {
      const seen = new WeakSet();
      const look = () => {
        for (const passage of document.querySelectorAll("tw-story tw-passage")) {
          const name = passage.querySelector(".gamebook-recorder-passage");
          if (name && name.textContent && !seen.has(passage)) {
            seen.add(passage);
            came(name.textContent);
          }
        }
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      look();
      return;
    }
    const jquery = window.jQuery || window.$;
    if (typeof jquery === "function" && jquery.fn) {
      let heard = false;
      const hear = (name) => {
        heard = true;
        came(name);
      };
      jquery(document).on(":passagedisplay", (event) => {
        const shown = event.passage || event.detail?.passage;
        hear((shown && (shown.name || shown.title)) || window.SugarCube?.State?.passage);
      });
      const shown = (event, data) => hear(((data && data.passage) || window.passage || {}).name);
      jquery(window).on("sm.passage.shown showpassage:after", shown);
      jquery(document).on("shown.sm.passage", shown);
      // the first passage may have been shown before this script ran
      setTimeout(() => {
        if (!heard) came(window.SugarCube?.State?.passage || window.passage?.name);
      }, 0);
    }
  }

  function save() {
    const lines = log.steps.map((step, at) => JSON.stringify({ session_id: log.session_id, step: at, ...step, ifid }) + "\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
    link.download = "reading-log-" + log.session_id.slice(0, 8) + ".jsonl";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function show() {
    const button = document.createElement("button");
    button.id = "gamebook-recorder-save";
    button.type = "button";
    button.textContent = "Save reading log";
    button.title = "Saves which passages you came to as a file on this device. Nothing is sent.";
    button.style.cssText =
      "position:fixed;right:8px;bottom:8px;z-index:2147483647;font:13px/1.4 system-ui,sans-serif;padding:4px 10px;" +
      "color:#1f2328;background:#f6f8fa;border:1px solid #8c959f;border-radius:6px;cursor:pointer";
    button.addEventListener("click", save);
    document.body.append(button);
  }

  window.gamebookRecorder = {
    steps: () => log.steps.map((step) => ({ ...step })),
    save,
    forget() {
      log = { session_id: newId(), steps: [] };
      reloaded = false;
      keep();
    },
  };
  show();
  // after the format's own scripts, which may wait for the page to be ready
  if (document.readyState === "complete") listen();
  else {
    let begun = false;
    const begin = () => {
      if (!begun) {
        begun = true;
        listen();
      }
    };
    if (window.jQuery || window.engine) begin();
    else document.addEventListener("DOMContentLoaded", begin);
    window.addEventListener("load", begin);
  }
})();
