/**
 * Makes gestures as a wristband measures them: its speed to the right and upwards, 20 to 40 times.
 * A circle, a wave and a push differ in how the two go together; each is made faster or slower,
 * wider or narrower, begins anywhere in the movement, and is measured with noise.
 *
 *     deno run --allow-write examples/gestures/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const EACH = { "train.csv": 12, "test.csv": 15 }; // gestures of each kind
const NOISE = 0.6;
// A circle goes either way round, and a wave to and fro some times.
const GESTURES: Record<string, (phase: number, times: number) => [x: number, y: number]> = {
  circle: (phase, times) => [
    Math.cos(2 * Math.PI * phase),
    (times % 2 ? -1 : 1) * Math.sin(2 * Math.PI * phase),
  ],
  wave: (phase, times) => [
    Math.cos(2 * Math.PI * times * phase),
    0.2 * Math.sin(2 * Math.PI * times * phase),
  ],
  push: (phase) => [Math.sin(Math.PI * phase) ** 2, Math.sin(2 * Math.PI * phase) / 2],
};
const random = new Random(1);

for (const [name, count] of Object.entries(EACH)) {
  const lines = ["gesture,step,right,up,label"];
  for (let i = 0; i < count; i++) {
    for (const [label, speed] of Object.entries(GESTURES)) {
      const steps = 20 + Math.floor(21 * random.uniform()), size = 0.6 + 0.8 * random.uniform();
      const times = 2 + Math.floor(3 * random.uniform());
      const start = random.uniform(); // anywhere in the movement, which goes round
      for (let t = 0; t < steps; t++) {
        const [x, y] = speed((start + t / steps) % 1, times).map((each) =>
          size * each + NOISE * random.normal()
        );
        lines.push(`${label}-${i + 1},${t},${x.toFixed(2)},${y.toFixed(2)},${label}`);
      }
    }
  }
  Deno.writeTextFileSync(new URL(name, import.meta.url), `${lines.join("\n")}\n`);
}
