// Plotly, loaded once a page, whatever number of charts and notebooks it shows. Python sends the script when a page first
// asks for it: so it works without a network, and is in no widget's state and no saved notebook.

const SHARED = Symbol.for("gamebook-lab.plotly");

/**
 * @param {any} model  of the widget that asks
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export function loadPlotly(model, signal) {
  return (globalThis[SHARED] ??= ask(model, signal).catch((error) => {
    globalThis[SHARED] = undefined; // the next widget may have more luck
    throw error;
  }));
}

function ask(model, signal) {
  return new Promise((resolve, reject) => {
    const receive = (message, buffers) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", receive);
      load(buffers[0]).then(resolve, reject);
    };
    model.on("msg:custom", receive);
    signal.addEventListener("abort", () => reject(new Error("the widget was closed before Plotly came")));
    model.send({ type: "plotly" });
  });
}

async function load(script) {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}
