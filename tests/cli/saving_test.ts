import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "@unroll/core";
import { removeUnheld } from "#cli/files/lock.ts";
import { requireWritable, saveFile } from "#cli/files/saving.ts";
import { filesIn, inFolder } from "./helpers.ts";

const isWindows = Deno.build.os === "windows";
const bytes = (text: string) => new TextEncoder().encode(text);
const leftover = (name: string) => `${name}.${crypto.randomUUID()}.tmp`;

Deno.test("saveFile() follows a link to its target, existing or not", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.symlink("sub/model", `${folder}/link`);
    await Deno.symlink(`${folder}/link`, `${folder}/second`);
    for (const text of ["first", "second"]) {
      await requireWritable(`${folder}/second`);
      await saveFile(`${folder}/second`, bytes(text));
      assertEquals(await Deno.readTextFile(`${folder}/sub/model`), text);
    }
    for (const name of ["link", "second"]) {
      assertEquals((await Deno.lstat(`${folder}/${name}`)).isSymlink, true);
    }
    assertEquals(await filesIn(`${folder}/sub`), ["model"]);
    assertEquals(await filesIn(folder), ["link", "second", "sub"]);
  }));

Deno.test("saveFile() replaces a link with follow: false", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/precious`, "mine");
    await Deno.symlink("precious", `${folder}/link`);
    await requireWritable(`${folder}/link`, { follow: false });
    await saveFile(`${folder}/link`, bytes("model"), { follow: false });
    assertEquals(await Deno.readTextFile(`${folder}/precious`), "mine");
    assertEquals((await Deno.lstat(`${folder}/link`)).isFile, true);
    assertEquals(await Deno.readTextFile(`${folder}/link`), "model");
  }));

Deno.test("saveFile() refuses a link that leads to itself", () =>
  inFolder(async (folder) => {
    await Deno.symlink("b", `${folder}/a`);
    await Deno.symlink("a", `${folder}/b`);
    await assertRejects(() => requireWritable(`${folder}/a`), InputError, "leads to itself");
  }));

Deno.test({
  name: "saveFile() keeps the mode of a file, and creates a new one with the default mode",
  ignore: isWindows,
  fn: () =>
    inFolder(async (folder) => {
      const modeOf = async (name: string) => (await Deno.stat(`${folder}/${name}`)).mode! & 0o7777;
      for (const mode of [0o600, 0o640, 0o666, 0o755]) {
        await Deno.writeTextFile(`${folder}/old`, "old");
        await Deno.chmod(`${folder}/old`, mode);
        await saveFile(`${folder}/old`, bytes("new"));
        assertEquals(await modeOf("old"), mode);
        assertEquals(await Deno.readTextFile(`${folder}/old`), "new");
      }
      await Deno.writeTextFile(`${folder}/usual`, "");
      await saveFile(`${folder}/fresh`, bytes("new"));
      assertEquals(await modeOf("fresh"), await modeOf("usual"));
    }),
});

Deno.test({
  name: "saveFile() writes into a pipe without replacing it",
  ignore: isWindows,
  fn: () =>
    inFolder(async (folder) => {
      const pipe = `${folder}/pipe`;
      assertEquals((await new Deno.Command("mkfifo", { args: [pipe] }).output()).code, 0);
      await requireWritable(pipe); // does not wait for a reader
      const reader = Deno.readTextFile(pipe);
      await saveFile(pipe, bytes("model"));
      assertEquals(await reader, "model");
      assertEquals((await Deno.lstat(pipe)).isFifo, true);
      assertEquals(await filesIn(folder), ["pipe"]);
    }),
});

Deno.test("requireWritable() removes only temporary files that a killed run left", () =>
  inFolder(async (folder) => {
    const old = leftover("m"), living = leftover("m"), other = leftover("n");
    const kept = [living, other, "m.tmp", "m.backup.tmp", `x${leftover("m")}`, "m"];
    for (const name of [old, ...kept]) await Deno.writeTextFile(`${folder}/${name}`, "");
    {
      using held = await Deno.open(`${folder}/${living}`, { write: true });
      await held.lock(true);
      await requireWritable(`${folder}/m`);
      assertEquals(await filesIn(folder), [...kept].sort());
    }
    await requireWritable(`${folder}/m`);
    assertEquals(await filesIn(folder), kept.slice(1).sort());
  }));

Deno.test("saveFile() writes the file while other runs clean up next to it", () =>
  inFolder(async (folder) => {
    let isOver = false;
    const cleaning = (async () => {
      while (!isOver) {
        for (const name of await filesIn(folder)) {
          if (name !== "m") await removeUnheld(`${folder}/${name}`);
        }
      }
    })();
    for (let turn = 0; turn < 50; turn++) {
      await saveFile(`${folder}/m`, bytes(`model ${turn}`));
      assertEquals(await Deno.readTextFile(`${folder}/m`), `model ${turn}`);
    }
    isOver = true;
    await cleaning;
    assertEquals(await filesIn(folder), ["m"]);
  }));
