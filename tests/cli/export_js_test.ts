import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { filesIn, inFolder, unroll } from "./helpers.ts";

const ROWS = ["text,label", "good,up", "very good,up", "bad,down", "so bad,down"].join("\n");

/** Trains a small model as `model.safetensors`. */
async function train(cwd: string, ...more: string[]): Promise<void> {
  await Deno.writeTextFile(`${cwd}/data.csv`, ROWS);
  const { status, err } = await unroll(["train", "--data", "data.csv", "--epochs", "2", ...more], {
    cwd,
  });
  assertEquals(status, 0, err);
}

Deno.test("export --to js writes a module and its types, and prints how to use it", async () => {
  await inFolder(async (cwd) => {
    await train(cwd);
    const before = await filesIn(cwd);
    const { status, out, err } = await unroll(["export", "--to", "js"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /^Wrote model\.js, \d+ KiB\.\nWrote model\.d\.ts, 1 KiB\.\nUse it: /);
    assertStringIncludes(out, 'import { predict } from "./model.js"; predict("a text")');
    assertEquals(await filesIn(cwd), [...before, "model.d.ts", "model.js"].sort());
    const { predict } = await import(`file://${cwd}/model.js`);
    const asked = await unroll(["predict", "--json", "very bad"], { cwd });
    assertEquals(predict("very bad").label, JSON.parse(asked.out).label);
    for (const [type, isRight] of [["string", true], ["number", false]] as const) {
      const use =
        `import { predict } from "./model.js";\nexport const a: ${type} = predict("a").label;`;
      await Deno.writeTextFile(`${cwd}/use.ts`, use);
      const args = ["check", "--no-config", "--no-lock", "use.ts"];
      const { success } = await new Deno.Command(Deno.execPath(), { args, cwd, stderr: "null" })
        .output();
      assertEquals(success, isRight, type);
    }
  });
});

Deno.test("export --int8 prints its effect on accuracy, and --weights beside writes a separate file", async () => {
  await inFolder(async (cwd) => {
    await train(cwd);
    const rounded = await unroll(
      ["export", "--to", "js", "--int8", "--weights", "beside", "--out", "a.mjs"],
      { cwd },
    );
    assertEquals([rounded.status, rounded.err], [0, ""]);
    assertStringIncludes(rounded.out, "To measure the effect, give --data FILE.");
    assertStringIncludes(rounded.out, 'import { load, predict } from "./a.mjs"; await load();');
    const written = (await filesIn(cwd)).filter((name) => name.startsWith("a."));
    assertEquals(written, ["a.bin", "a.d.mts", "a.mjs"]);
    const measured = await unroll(
      ["export", "--to", "js", "--int8", "--data", "data.csv", "--out", "b.js"],
      { cwd },
    );
    assertEquals([measured.status, measured.err], [0, ""]);
    assertMatch(measured.out, /In 8 bits, accuracy is [\d.]+%; as trained, [\d.]+%\./);
    const { load, predict } = await import(`file://${cwd}/a.mjs`);
    await load();
    assertEquals(predict("bad").words, 1);
  });
});

Deno.test("export --to js refuses invalid flags in one line, and writes nothing", async () => {
  await inFolder(async (cwd) => {
    await train(cwd);
    const before = await filesIn(cwd);
    for (
      const [args, problem] of [
        [["--data", "data.csv"], /^error: --data: measures the effect of --int8; give both/],
        [["--int8", "--data", "none.csv"], /^error: none\.csv: no such file/],
        [["--out", "no/model.js"], /^error: no\/model\.js: its folder does not exist/],
        [["--out", "./"], /^error: \.\/: is a folder; name a file in it/],
        [["--weights", "apart"], /^error: --weights: expected inside or beside/],
      ] as const
    ) {
      const { status, out, err } = await unroll(["export", "--to", "js", ...args], { cwd });
      assertEquals([status, out], [2, ""], err);
      assertMatch(err, problem);
      assertEquals(err.trimEnd().split("\n").length, 1, err);
      assertEquals(await filesIn(cwd), before);
    }
    await Deno.mkdir(`${cwd}/taken.d.ts`); // if one file cannot be written, none is
    const { status, err } = await unroll(["export", "--to", "js", "--out", "taken.js"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, "taken.d.ts");
    assert(!(await filesIn(cwd)).includes("taken.js"));
  });
});
