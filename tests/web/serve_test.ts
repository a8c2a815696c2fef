import { assert, assertEquals, assertMatch } from "@std/assert";
import { answer } from "#web/serve.ts";
import { filesIn, inFolder } from "#tests/cli/helpers.ts";

const root = new URL("../../", import.meta.url).pathname;

function ask(folder: string, host: string | undefined, path = "/"): Promise<Response> {
  const headers = new Headers(host === undefined ? {} : { host });
  return answer(folder, new Request(`http://127.0.0.1:8000${path}`, { headers }), 8000);
}

Deno.test("the server answers to this machine's names alone, with one line to any other", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "<!doctype html>");
    for (const host of ["127.0.0.1:8000", "localhost:8000"]) {
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
