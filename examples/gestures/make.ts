/**
 * Makes gestures as a wristband measures them: its speed to the right and upwards, 20 to 40 times.
 * A circle, a wave and a push differ in how the two go together; each is made faster or slower,
 * wider or narrower, and with noise.
 *
 *     deno run --allow-write examples/gestures/make.ts
 *
 * @module
 */
import { Random } from "@unroll/core";

const EACH = { "train.csv": 10, "test.csv": 15 }; // gestures of each kind
const NOISE = 0.2;
const GESTURES: Record<string, (phase: number) => [x: number, y: number]> = {
  circle: (phase) => [Math.cos(2 * Math.PI * phase), Math.sin(2 * Math.PI * phase)],
  wave: (phase) => [Math.cos(6 * Math.PI * phase), 0.2 * Math.sin(6 * Math.PI * phase)],
  push: (phase) => [Math.sin(Math.PI * phase) ** 2, Math.sin(2 * Math.PI * phase) / 2],
};
const random = new Random(1);

for (const [name, count] of Object.entries(EACH)) {
  const lines = ["gesture,step,right,up,label"];
  for (let i = 0; i < count; i++) {
    for (const [label, speed] of Object.entries(GESTURES)) {
      const steps = 20 + Math.floor(21 * random.uniform()), size = 0.6 + 0.8 * random.uniform();
      for (let t = 0; t < steps; t++) {
        const [x, y] = speed(t / steps).map((each) => size * each + NOISE * random.normal());
        lines.push(`${label}-${i + 1},${t},${x.toFixed(2)},${y.toFixed(2)},${label}`);
      }
    }
  }
  Deno.writeTextFileSync(new URL(name, import.meta.url), `${lines.join("\n")}\n`);
}
