import { assertEquals, assertMatch } from "@std/assert";
import { createModel, writeModel } from "@unroll/core";
import { inFolder, unroll } from "#tests/cli/helpers.ts";

const lock = new URL("../../gpujs.lock", import.meta.url).pathname;
const campaign = new URL("../campaigns/serve.ts", import.meta.url).pathname;

/** Runs a script with access to the loopback interface, which the tests do not have. */
async function withNetwork(path: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", `--lock=${lock}`, "--no-prompt"],
      ...["--allow-read", "--allow-write", "--allow-run", "--allow-net=127.0.0.1", path, ...args],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "hostile requests get correct statuses and leave nothing behind; SIGTERM stops the server",
  ignore: Deno.build.os !== "linux", // reads /proc
  async fn() {
    assertMatch(await withNetwork(campaign, "250"), /^2\d\d requests in \d+ s, each with a right/);
  },
});

Deno.test("serve prints one line if it cannot start", async () => {
  await inFolder(async (cwd) => {
    const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
    await Deno.writeFile(`${cwd}/m.safetensors`, writeModel(model));
    for (
      const [args, status, problem] of [
        [
          "--model none.safetensors",
          2,
          /^error: none.safetensors: no such file; check its name and folder\n$/,
        ],
        ["--port 70000", 2, /^error: --port: expected at most 65535, got 70000\n$/],
        ["--port x", 2, /^error: --port: expected a whole number of at least 0, got "x"\n$/],
        ["--timeout 0", 2, /^error: --timeout: expected a number above 0, got "0"\n$/],
        ["--threshold 0.5", 2, /^error: --threshold: is for a multi-label model/],
        [
          "--port 0",
          1,
          /^error: --host: listening needs --allow-net, which deno task serve passes\n$/,
        ],
      ] as const
    ) {
      const own = args.startsWith("--model") ? [] : ["--model", "m.safetensors"];
      const { status: given, err, out } = await unroll(["serve", ...args.split(" "), ...own], {
        cwd,
      });
      assertEquals([given, out], [status, ""], err);
      assertMatch(err, problem);
    }
  });
});
