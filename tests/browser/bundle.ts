/**
 * A page with a script for the browser tests.
 *
 * @module
 */

/**
 * A program as one minified file. It stands in a folder apart, with the lock file that has gpu.js.
 */
export async function bundle(program: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/entry.ts`, program);
    const root = new URL("../../", import.meta.url).pathname;
    const project = ["--config", `${root}deno.json`, "--lock", `${root}gpujs.lock`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-q", ...project, "--platform", "browser", "--minify"]
        .concat("-o", `${folder}/page.js`, `${folder}/entry.ts`),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readTextFile(`${folder}/page.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Serves a page that runs the script, with more headers if need be. */
export function serve(
  script: string,
  more: Record<string, string> = {},
): Deno.HttpServer<Deno.NetAddr> {
  const answer = (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/page.js") {
      return new Response(script, { headers: { "content-type": "text/javascript", ...more } });
    }
    if (pathname !== "/") return new Response(null, { status: 204 });
    const html =
      `<!doctype html><meta charset="utf-8"><script type="module" src="page.js"></script>`;
    return new Response(html, { headers: { "content-type": "text/html", ...more } });
  };
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
}
