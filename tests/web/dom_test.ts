import { assertEquals, assertThrows } from "@std/assert";

// Imported dynamically, because its DOM types would otherwise apply to all tests.
const dom = new URL("../../packages/web/dom.ts", import.meta.url).href;
const { atFrame } = await import(dom);

Deno.test("a view that fails to draw does not affect others, and draws in the next frame", () => {
  const frames: (() => void)[] = [], drawn: string[] = [];
  const page = globalThis as { requestAnimationFrame?: (draw: () => void) => number };
  page.requestAnimationFrame = (draw) => frames.push(draw);
  try {
    atFrame()(() => {
      throw new Error("broken");
    });
    const place = atFrame();
    place(() => drawn.push("older"));
    place(() => drawn.push("newest"));
    assertEquals(frames.length, 1);
    assertThrows(() => frames[0](), Error, "broken");
    assertEquals([drawn, frames.length], [[], 2]);
    frames[1]();
    assertEquals([drawn, frames.length], [["newest"], 2]);
  } finally {
    delete page.requestAnimationFrame;
  }
});
