/**
 * A page with a script for the browser tests.
 *
 * @module
 */

/**
 * A program as one minified file. It stands in a folder apart, and no lock file is written: Deno
 * fetches all that the project's lock file lists, for every command.
 */
export async function bundle(program: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/entry.ts`, program);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-q", "--config", config, "--no-lock", "--platform", "browser", "--minify"]
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
