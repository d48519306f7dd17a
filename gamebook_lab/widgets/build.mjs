// Bundles each widget's x.js and x.css into static/, where Python finds them.
// Every .js and .css beside this file is one widget's; what several share lives in shared/.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const entryPoints = readdirSync(here)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => join(here, name));

const options = {
  entryPoints,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  outdir: join(here, "static"),
  loader: { ".svg": "dataurl", ".png": "dataurl", ".gif": "dataurl", ".woff2": "dataurl" },
  legalComments: "eof",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
