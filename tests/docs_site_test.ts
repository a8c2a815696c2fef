import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { buildDocs, lineOf, placeOf } from "../docs/site/build.ts";
import { pageOf, slug } from "../docs/site/markdown.ts";
import { inFolder } from "./cli/helpers.ts";

const html = (markdown: string) => pageOf(markdown, (target) => target).html;

Deno.test("Markdown becomes HTML: headings, text, code, lists, tables, links and pictures", () => {
  assertEquals(html("# A `b` & c"), '<h1 id="a-b--c">A <code>b</code> &amp; c</h1>');
  assertEquals(html("one\n**two** _three_"), "<p>one <strong>two</strong> <em>three</em></p>");
  assertEquals(html("`a_b_c < d` and x_i y_i"), "<p><code>a_b_c &lt; d</code> and x_i y_i</p>");
  assertEquals(html("```ts\na < b\n```"), "<pre><code>a &lt; b</code></pre>");
  assertEquals(html("    y = x W\n\n    z"), "<pre><code>y = x W\n\nz</code></pre>");
  assertEquals(html("- a\n  b\n- c"), "<ul>\n<li>a b</li>\n<li>c</li>\n</ul>");
  assertEquals(html("1. a\n2. b"), "<ol>\n<li>a</li>\n<li>b</li>\n</ol>");
  assertStringIncludes(
    html("| a | b |\n| --- | --- |\n| `x\\|y` | 2 |"),
    "<td><code>x|y</code></td>",
  );
  assertEquals(html("[`f()`](a.ts)"), '<p><a href="a.ts"><code>f()</code></a></p>');
  assertStringIncludes(html("![a “b”](c.png)"), '<img src="c.png" alt="a “b”"');
  assertEquals(html("<script>"), "<p>&lt;script&gt;</p>");
  assertEquals(slug("It does not learn"), "it-does-not-learn");
});

Deno.test("links to sources point to the line that declares a name", () => {
  assertEquals(lineOf("// a\nexport function b() {}\nconst c = 1;\n", "b"), 2);
  assertEquals([placeOf("README.md"), placeOf("docs/a.md"), placeOf("a/b.ts"), placeOf("x.png")], [
    "index.html",
    "docs/a.html",
    "a/b.ts.html",
    "x.png",
  ]);
});

Deno.test("the site has every guide, and its links lead to existing pages and lines", () =>
  inFolder(async (out) => {
    const pages = await buildDocs(out, false);
    assert(pages > 30);
    const visit = async (folder: string) => {
      for await (const { name, isDirectory } of Deno.readDir(`${out}/${folder}`)) {
        if (isDirectory) await visit(`${folder}${name}/`);
        else if (name.endsWith(".html")) await check(folder + name);
      }
    };
    const check = async (page: string) => {
      const text = await Deno.readTextFile(`${out}/${page}`);
      for (const [, target] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
        const { pathname, hash, protocol } = new URL(target, `file://${out}/${page}`);
        if (protocol !== "file:" || /\/api\/|\/$/.test(pathname)) continue;
        const found = await Deno.readTextFile(decodeURI(pathname)).catch(() => undefined);
        assert(found !== undefined, `${page}: ${target}`);
        if (hash) {
          assertStringIncludes(found, `id="${decodeURI(hash.slice(1))}"`, `${page}: ${target}`);
        }
      }
    };
    await visit("");
    const article = await Deno.readTextFile(`${out}/docs/article.html`);
    assert(/rnn\.ts\.html#L\d+"><code>rnnForward\(\)/.test(article));
  }));
