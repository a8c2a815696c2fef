/**
 * Builds the guides, the sources that they point at, and the reference of the packages into a folder
 * for any static host.
 *
 * ```sh
 * deno task docs
 * deno task docs --out folder
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { escaped, pageOf } from "./markdown.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "bench/README.md",
];
const REFERENCE = [
  ...[
    "core/mod.ts",
    "core/network.ts",
    "core/export.ts",
    "core/import.ts",
    "core/conformance/mod.ts",
  ],
  ...["backend-cpu/mod.ts", "backend-blas/mod.ts", "backend-gpujs/mod.ts", "cli/main.ts"],
];

const STYLE = `:root { color-scheme: light dark; }
body { font: 17px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
nav { border-bottom: 1px solid; padding-bottom: .5rem; display: flex; gap: 1rem; flex-wrap: wrap; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
code { font: .92em ui-monospace, monospace; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
img { max-width: 100%; height: auto; }
:target { background: color-mix(in srgb, gold 35%, transparent); }
`;

/** Where a document or a source stands on the site. */
export function placeOf(path: string): string {
  if (/(^|\/)README\.md$/.test(path)) return path.replace(/README\.md$/, "index.html");
  if (path.endsWith(".md")) return path.replace(/\.md$/, ".html");
  return /\.(png|svg|css|html)$/.test(path) ? path : `${path}.html`;
}

/** A page with the site's head and its way around. */
function whole(title: string, body: string, depth: number): string {
  const up = "../".repeat(depth);
  const links = {
    "": "Unroll",
    "docs/": "Guides",
    "api/": "Reference",
    "CHANGELOG.html": "Changelog",
  };
  const nav = Object.entries(links).map(([to, name]) =>
    `<a href="${up}${to}${/\/$|^$/.test(to) ? "index.html" : ""}">${name}</a>`
  );
  return `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width">\n<title>${escaped(title)}</title>\n` +
    `<link rel="stylesheet" href="${up}style.css">\n</head>\n<body>\n<nav>${
      nav.join("\n")
    }</nav>\n` +
    `<main>\n${body}\n</main>\n</body>\n</html>\n`;
}

/** The line, from 1, on which a source declares a name; 0 where it does not. */
export function lineOf(source: string, name: string): number {
  const declaration = new RegExp(
    `^(?:export )?(?:async )?(?:function\\*?|const|class|interface|type) ${name}\\b`,
  );
  return source.split("\n").findIndex((line) => declaration.test(line)) + 1;
}

/** A source as a page whose lines can be pointed at. */
function sourcePage(path: string, source: string): string {
  const lines = source.trimEnd().split("\n")
    .map((line, i) => `<span id="L${i + 1}">${escaped(line)}</span>`);
  const body = `<h1><code>${escaped(path)}</code></h1>\n<pre><code>${
    lines.join("\n")
  }</code></pre>`;
  return whole(path, body, path.split("/").length - 1);
}

/**
 * Builds the site.
 *
 * @param out The folder, which is made where it is not there.
 * @param withReference Whether `deno doc` is asked for the reference of the packages.
 * @returns How many pages there are besides the reference.
 */
export async function buildDocs(out: string, withReference = true): Promise<number> {
  const write = async (place: string, content: string | Uint8Array) => {
    const path = `${out}/${place}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
  };
  const pages = new Set<string>();
  const waiting = [...DOCUMENTS];
  for await (const { name } of Deno.readDir(new URL("docs/", ROOT))) {
    if (name.endsWith(".md")) waiting.push(`docs/${name}`);
  }
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue;
    pages.add(path);
    const url = new URL(path, ROOT);
    if (/\.(png|svg)$/.test(path)) {
      await write(path, await Deno.readFile(url));
      continue;
    }
    const text = await Deno.readTextFile(url);
    if (!path.endsWith(".md")) {
      await write(placeOf(path), sourcePage(path, text));
      continue;
    }
    const depth = path.split("/").length - 1;
    const { title, html } = pageOf(text, (target, label) => {
      if (/^([a-z]+:|#)/.test(target)) return target;
      const [file, anchor = ""] = target.split("#");
      const found = new URL(file, url).href.slice(ROOT.href.length);
      const info = Deno.statSync(new URL(found, ROOT));
      if (info.isDirectory) return `${"../".repeat(depth)}${found}`.replace(/\/?$/, "/");
      waiting.push(found);
      const [, name] = /^([A-Za-z]\w*)(\(\))?$/.exec(label) ?? [];
      const line = name && !found.endsWith(".md")
        ? lineOf(Deno.readTextFileSync(new URL(found, ROOT)), name)
        : 0;
      const place = line > 0 ? `#L${line}` : anchor ? `#${anchor}` : "";
      return `${"../".repeat(depth)}${placeOf(found)}${place}`;
    });
    await write(placeOf(path), whole(title, html, depth));
  }
  await write("style.css", STYLE);
  if (withReference) {
    const { success } = await new Deno.Command("deno", {
      args: [
        ...["doc", "--html", "--name=Unroll", `--output=${out}/api`],
        ...REFERENCE.map((file) => new URL(`packages/${file}`, ROOT).pathname),
      ],
      stdout: "null",
    }).output();
    if (!success) throw new Error("deno doc --html failed");
  }
  return pages.size;
}

if (import.meta.main) {
  const { out = "site-docs" } = parseArgs(Deno.args, { string: ["out"] });
  const pages = await buildDocs(out);
  console.log(`${out}: ${pages} pages, and the reference in ${out}/api`);
}
