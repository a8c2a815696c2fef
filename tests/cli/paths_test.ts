import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "@unroll/core";
import { joinPath, relativePath, requireSeparate, splitPath } from "#cli/files/paths.ts";
import { inFolder } from "./helpers.ts";

Deno.test("requireSeparate() refuses an output that is also an input, by any path", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/a`, "");
    await Deno.symlink("a", `${folder}/symbolic`);
    await Deno.link(`${folder}/a`, `${folder}/hard`);
    await Deno.symlink(".", `${folder}/here`);
    const input = { flag: "data", path: `${folder}/a`, holds: "holds the examples" };
    for (const name of ["a", "./a", "sub/../a", "symbolic", "hard", "here/a"]) {
      const path = `${folder}/${name}`;
      await assertRejects(
        () => requireSeparate([input, { flag: "out", path }]),
        InputError,
        `${path}: holds the examples; choose another --out`,
      );
    }
    await requireSeparate([input, { flag: "out", path: `${folder}/b` }]);
    await requireSeparate([input, { flag: "out", path: `${folder}/sub/a` }]);
    await requireSeparate([input, { flag: "out", path: `${folder}/a`, mayReplace: "data" }]);
  }));

Deno.test("requireSeparate() refuses two outputs to the same file, existing or not", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.symlink("sub", `${folder}/other`);
    await Deno.symlink("sub/x", `${folder}/dangling`);
    for (const name of ["sub/x", "sub/../sub/x", "other/x", "dangling"]) {
      await assertRejects(
        () =>
          requireSeparate([
            { flag: "out", path: `${folder}/sub/x` },
            { flag: "report", path: `${folder}/${name}` },
          ]),
        InputError,
        "is already the file of --out; choose another --report",
      );
    }
    await requireSeparate([
      { flag: "out", path: `${folder}/x` },
      { flag: "report", path: `${folder}/sub/x` },
    ]);
  }));

Deno.test("paths are joined, split and relativized", () =>
  inFolder(async (folder) => {
    assertEquals(joinPath("run", "a"), "run/a");
    assertEquals(joinPath("/", "a"), "/a");
    assertEquals(joinPath("run", "/a"), "/a");
    assertEquals(splitPath("run/a"), { folder: "run", name: "a" });
    assertEquals(splitPath("a"), { folder: ".", name: "a" });
    assertEquals(splitPath("/a"), { folder: "/", name: "a" });
    await Deno.mkdir(`${folder}/run/deep`, { recursive: true });
    await Deno.mkdir(`${folder}/other`);
    const way = (from: string, to: string) => relativePath(`${folder}/${from}`, `${folder}/${to}`);
    assertEquals(await way("run", "."), "..");
    assertEquals(await way("run/deep", "other"), "../../other");
    assertEquals(await way(".", "run/deep"), "run/deep");
    assertEquals(await way("run", "run"), ".");
  }));
