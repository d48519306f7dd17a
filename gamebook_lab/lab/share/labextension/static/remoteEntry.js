// A JupyterLab extension without a bundler: JupyterLab asks a federated extension only for
// `init` and `get`, and what this one does needs no module of JupyterLab's, just the `app`.
//
// It runs one cell, the Studio's or the dashboard's, of the notebook that `gamebook lab` or `gamebook dashboard` has made (named by
// our server extension in the page's configuration), once, when its kernel is ready: the author sees
// the Studio and need not know what a cell is. And it has our charts follow the lab's theme, light or dark.
"use strict";

var _JUPYTERLAB = _JUPYTERLAB || {};

(() => {
  const CELLS = ["studio", "dashboard"];

  const notebookToRun = () => {
    const element = document.getElementById("jupyter-config-data");
    return element ? JSON.parse(element.textContent).gamebookNotebook : undefined;
  };

  const runWhenReady = async (app, panel) => {
    await panel.context.ready;
    await panel.sessionContext.ready;
    app.shell.activateById(panel.id);
    app.shell.collapseLeft();
    const notebook = panel.content;
    const index = notebook.widgets.findIndex((cell) => CELLS.includes(cell.model.id));
    if (index >= 0) {
      await run(app, panel, index);
    }
  };

  const run = async (app, panel, index) => {
    const notebook = panel.content;
    // on a busy machine the panel may not be the current one yet, and the command then runs nothing
    const { model } = notebook.widgets[index];
    const before = model.executionCount;
    const isStarted = () => model.executionState === "running" || model.executionCount !== before;
    for (let tries = 0; tries < 40 && !isStarted() && !panel.isDisposed; tries += 1) {
      app.shell.activateById(panel.id);
      notebook.activeCellIndex = index;
      app.commands.execute("notebook:run-cell").catch((error) => console.error("GameBook Lab:", error));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };

  /** A Studio that was closed from elsewhere has a button to show it here again. */
  const runWhatAsks = (app) => {
    document.addEventListener("gamebook-lab:run", ({ target }) => {
      for (const panel of app.shell.widgets("main")) {
        const index = panel.content?.widgets?.findIndex((cell) => cell.node?.contains(target)) ?? -1;
        if (index >= 0) {
          run(app, panel, index).catch((error) => console.error("GameBook Lab:", error));
        }
      }
    });
  };

  // Colours of our charts on a light page, and what takes their place on a dark one: charts/theme.py has the same table.
  const DARK = {
    "#1f2328": "#e6e8eb", "#5b6570": "#a0a8b2", "#e3e6ea": "#3a3f46", "#6a51a3": "#b3a2e0", "#555555": "#bbbbbb",
  };

  /** A drawing has its colours written into it: rules for those let it follow the lab's theme. */
  const dressCharts = () => {
    const rgb = (hex) => `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
    const dark = 'body[data-jp-theme-light="false"] .jp-OutputArea .js-plotly-plot';
    const rules = Object.entries(DARK).flatMap(([from, to]) =>
      ["fill", "stroke"].map((what) => `${dark} [style*="${what}: ${rgb(from)}"] { ${what}: ${to} !important; }`),
    );
    const style = document.createElement("style");
    style.textContent = rules.join("\n");
    document.head.append(style);
  };

  const PLOTLY = "jupyterlab-plotly";
  const FIGURE = "application/vnd.plotly.v1+json";

  /** What draws a figure, which is fetched when there is one to draw. */
  const figureRenderer = ({ Widget, PanelLayout }, fetchPlotly) =>
    class extends Widget {
      constructor(options) {
        super();
        this.options = options;
        this.layout = new PanelLayout();
      }

      async renderModel(model) {
        const [{ rendererFactory }] = (await fetchPlotly()).default;
        if (this.isDisposed) {
          return;
        }
        if (!this.layout.widgets.length) {
          this.layout.addWidget(rendererFactory.createRenderer(this.options));
        }
        await this.layout.widgets[0].renderModel(model);
      }
    };

  // what JupyterLab shares; it has every extension's `init` called before it gets anything from one
  let lumino;

  /** Plotly's extension, so that its large script is not waited for before JupyterLab draws anything. */
  const withFigures = (plotly) => {
    const fetchPlotly = async () => (await plotly.get("./mimeExtension"))();
    return {
      init: (scope) => plotly.init(scope),
      get: async (module) => {
        if (module !== "./mimeExtension" || !lumino) {
          return plotly.get(module);
        }
        const Renderer = figureRenderer((await lumino.get())(), fetchPlotly);
        const extension = {
          id: "@jupyterlab/plotly-extension:factory",
          rendererFactory: { safe: true, mimeTypes: [FIGURE], createRenderer: (options) => new Renderer(options) },
          rank: 2,
          dataType: "json",
          fileTypes: [{ name: "plotly", mimeTypes: [FIGURE], extensions: [".plotly", ".plotly.json"] }],
          documentWidgetFactoryOptions: { name: "Plotly", primaryFileType: "plotly", fileTypes: ["plotly", "json"], defaultFor: ["plotly"] },
        };
        return () => ({ __esModule: true, default: [extension] });
      },
    };
  };

  /** Take its place, whichever of the two is loaded first; its `init` may have been called by then. */
  const takePlaceOfPlotly = () => {
    let container = _JUPYTERLAB[PLOTLY] && withFigures(_JUPYTERLAB[PLOTLY]);
    Object.defineProperty(_JUPYTERLAB, PLOTLY, { get: () => container, set: (plotly) => (container = withFigures(plotly)) });
  };

  const plugin = {
    id: "gamebook-lab:run",
    description: "Runs the notebook that `gamebook lab` or `gamebook dashboard` has made; charts follow the lab's theme.",
    autoStart: true,
    activate: (app) => {
      dressCharts();
      runWhatAsks(app);
      const path = notebookToRun();
      if (!path) {
        return;
      }
      const tried = new WeakSet();
      const look = () => {
        for (const panel of app.shell.widgets("main")) {
          if (panel.context?.path === path && panel.sessionContext && !tried.has(panel)) {
            tried.add(panel);
            app.shell.layoutModified.disconnect(look);
            runWhenReady(app, panel).catch((error) => console.error("GameBook Lab:", error));
            return;
          }
        }
      };
      app.shell.layoutModified.connect(look);
      app.restored.then(look);
    },
  };

  takePlaceOfPlotly();
  _JUPYTERLAB["gamebook-lab"] = {
    init: (scope) => {
      [lumino] = Object.values(scope["@lumino/widgets"] ?? {});
    },
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
