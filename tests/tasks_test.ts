import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import gpujs from "../gpujs.lock" with { type: "text" };
import std from "../deno.lock" with { type: "text" };

const commands = Object.entries(config.tasks).map(([name, { command }]) => [name, command]);

Deno.test("npm's packages are held to their hashes, and nothing else is fetched", () => {
  assertEquals(config.lock, { path: "deno.lock", frozen: true });
  const [{ npm }, { npm: withGpuJs }] = [std, gpujs].map((text) => JSON.parse(text));
  assertEquals(Object.keys(npm), ["deno-std@1.4.0"]);
  assert(Object.hasOwn(withGpuJs, "gpu.js@2.24.1"), "gpu.js is locked");
  assertEquals(withGpuJs["deno-std@1.4.0"], npm["deno-std@1.4.0"]);
  for (const [name, { integrity }] of Object.entries<{ integrity: string }>(withGpuJs)) {
    assert(/^sha512-[\w+/]{86}==$/.test(integrity), `${name} has the hash ${integrity}`);
  }
});

Deno.test("no task runs without a lock, writes one, or may start any program", () => {
  for (const [name, command] of commands) {
    if (name === "lock") continue; // writes them
    assert(!/--no-lock|--frozen=false/.test(command), `${name}: ${command}`);
    const isTest = name === "test" || name.startsWith("test:");
    assert(isTest || !/--allow-run(?!=)|--allow-all|\s-A\b/.test(command), `${name}: ${command}`);
  }
});
