import { assert, assertEquals, assertMatch } from "@std/assert";
import { answer, type ServeOptions } from "#web/serve.ts";
import { filesIn, inFolder } from "#tests/cli/helpers.ts";

const root = new URL("../../", import.meta.url).pathname;

function ask(
  folder: string,
  host: string | undefined,
  path = "/",
  options: ServeOptions = {},
): Promise<Response> {
  const headers = new Headers(host === undefined ? {} : { host });
  return answer(folder, new Request(`http://127.0.0.1:8000${path}`, { headers }), 8000, options);
}

Deno.test("the server only answers to this machine's names, and refuses others in one line", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "<!doctype html>");
    for (const host of ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"]) {
      const response = await ask(folder, host);
      assertEquals([response.status, await response.text()], [200, "<!doctype html>"]);
      assertMatch(response.headers.get("content-security-policy")!, /^default-src 'none'/);
    }
    const others = ["evil.example", "evil.example:8000", "127.0.0.1", "localhost:8001", undefined];
    for (const host of [...others, "127.0.0.1:8000.evil.example"]) {
      const response = await ask(folder, host);
      const expected = [403, "Forbidden: the address is http://127.0.0.1:8000/\n"];
      assertEquals([response.status, await response.text()], expected);
    }
    assertEquals((await ask(folder, "localhost:8000", "/../secret.js")).status, 404);
  });
});

Deno.test("the server also answers to a given host name", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "<!doctype html>");
    const status = async (asked: string, host: string) =>
      (await ask(folder, asked, "/", { host })).status;
    assertEquals(await status("unroll.example", "unroll.example"), 200);
    assertEquals(await status("unroll.example:8443", "unroll.example"), 200);
    assertEquals(await status("unroll.example:8443", "unroll.example:443"), 403);
    assertEquals(await status("evil.unroll.example", "unroll.example"), 403);
    assertEquals(await status("localhost:8000", "unroll.example"), 200);
  });
});

Deno.test("a page may be framed only if the server allows it", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "<!doctype html>");
    const policy = async (isEmbeddable: boolean) =>
      (await ask(folder, "localhost:8000", "/", { isEmbeddable })).headers
        .get("content-security-policy")!;
    const [plain, embed] = [await policy(false), await policy(true)];
    assertMatch(plain, /; frame-ancestors 'none'$/);
    assertEquals(embed, plain.replace(/'none'$/, "*")); // all else is as strict
  });
});

Deno.test("files are compressed for clients that accept it, with the same bytes each time", async () => {
  await inFolder(async (folder) => {
    const text = "export const x = 1;\n".repeat(500);
    await Deno.writeTextFile(`${folder}/main.js`, text);
    const packed = new Map();
    const get = (encodings: string) =>
      answer(
        folder,
        new Request("http://127.0.0.1:8000/main.js", {
          headers: { "host": "localhost:8000", "accept-encoding": encodings },
        }),
        8000,
        { packed },
      );
    const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());
    const zipped = await get("gzip, deflate, br"), first = await bytes(zipped);
    assertEquals(zipped.headers.get("content-encoding"), "gzip");
    assert(first.length < text.length / 20, String(first.length));
    const stream = new Blob([first]).stream().pipeThrough(new DecompressionStream("gzip"));
    assertEquals(await new Response(stream).text(), text);
    assertEquals(await bytes(await get("br, gzip;q=0.5")), first);
    for (const none of ["", "identity", "gzip;q=0, br"]) {
      const plain = await get(none);
      assertEquals([plain.headers.get("content-encoding"), await plain.text()], [null, text]);
    }
    await Deno.writeTextFile(`${folder}/main.js`, "2");
    await Deno.utime(`${folder}/main.js`, 1, 1);
    assertEquals(await (await get("")).text(), "2"); // was written since
  });
});

function serving(folder: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "web", "--port", "0"],
    cwd: root,
    env: { TMPDIR: folder, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`deno task web leaves nothing in the temporary folder after ${signal}`, async () => {
    await inFolder(async (folder) => {
      const child = serving(folder);
      const errors = new Response(child.stderr).text();
      let out = "";
      for await (const chunk of child.stdout.values({ preventCancel: true })) {
        out += new TextDecoder().decode(chunk);
        if (out.includes("The playground is at http://127.0.0.1:")) break;
      }
      const rest = child.stdout.pipeTo(new WritableStream());
      const there = await filesIn(folder);
      child.kill(signal);
      await Promise.all([child.status, rest, errors]);
      assert(there.length > 0, `${out}${await errors}`); // it builds into the temporary folder
      assertEquals(await filesIn(folder), []);
    });
  });
}
