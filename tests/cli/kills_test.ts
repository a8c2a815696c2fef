import { assertEquals } from "@std/assert";
import { endAndResume, killWhileSaving, startTwice } from "#tests/campaigns/kills.ts";

Deno.test("train killed while saving leaves a complete model, and the next run cleans up", async () => {
  const { kills } = await killWhileSaving(3);
  assertEquals(kills, 3);
});

Deno.test({
  name: "train stopped by SIGTERM at any moment resumes to the same model",
  ignore: Deno.build.os === "windows",
  async fn() {
    assertEquals((await endAndResume("SIGTERM", 6)).ends, 6);
  },
});

Deno.test("a second training run in the same checkpoint folder is refused", async () => {
  assertEquals(await startTwice(1), { refused: 1 });
});
