// Bundles each widget's x.js and x.css into static/, where Python finds them.
// Every .js and .css beside this file is one widget's; what several share lives in shared/.
// The licences of all packages that went into a bundle go beside it, as they ask for.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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
  metafile: true,
  logLevel: "warning",
};

/** Licence texts of the packages in the bundles, by name. */
function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  return [...packages].sort().map(licence).join("\n\n");
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file) throw new Error(`${name} ships no licence file: it cannot be bundled`);
  return `== ${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
}

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  const { metafile } = await esbuild.build(options);
  writeFileSync(join(here, "static", "LICENSES.txt"), licences(metafile));
}
