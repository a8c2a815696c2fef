import { InputError } from "@unroll/core";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { learningRateFactor, settleSchedule } from "#core/training/schedule.ts";

/** The factor at a batch of an epoch, in a run of ten epochs of ten steps. */
function at(options: Parameters<typeof settleSchedule>[0], epoch: number, batch = 0, cuts = 0) {
  const step = (epoch - 1) * 10 + batch + 1;
  return learningRateFactor(
    settleSchedule(options),
    step,
    epoch,
    (epoch - 1 + batch / 10) / 10,
    cuts,
  );
}

Deno.test("learningRateFactor() of constant is 1", () => {
  assertEquals([at({}, 1), at({}, 10)], [1, 1]);
});

Deno.test("learningRateFactor() of step decreases after every `every` epochs", () => {
  const options = { name: "step", every: 3, factor: 0.1 } as const;
  assertEquals([1, 3, 4, 6, 7].map((epoch) => at(options, epoch).toPrecision(3)), [
    "1.00",
    "1.00",
    "0.100",
    "0.100",
    "0.0100",
  ]);
});

Deno.test("learningRateFactor() of cosine decreases from 1 through 0.5 to nearly 0", () => {
  const options = { name: "cosine" } as const;
  assertEquals(at(options, 1), 1);
  assertAlmostEquals(at(options, 6), 0.5, 1e-12);
  assertAlmostEquals(at(options, 10, 9), (1 + Math.cos(0.99 * Math.PI)) / 2, 1e-12);
});

Deno.test("learningRateFactor() of plateau multiplies once for each cut", () => {
  assertEquals(at({ name: "plateau", factor: 0.5 }, 5, 0, 2), 0.25);
});

Deno.test("learningRateFactor() increases linearly during the warm-up", () => {
  const options = { warmUp: 4 };
  assertEquals([0, 1, 2, 3, 4, 5].map((batch) => at(options, 1, batch)), [
    0.2,
    0.4,
    0.6,
    0.8,
    1,
    1,
  ]);
});

Deno.test("settleSchedule() throws if a setting is invalid", () => {
  assertThrows(() => settleSchedule({ factor: 2 }), InputError, "factor must be at most 1, got 2");
  assertThrows(() => settleSchedule({ every: 0 }), InputError, "number of epochs must be a whole");
  assertThrows(() => settleSchedule({ warmUp: -1 }), InputError, "the warm-up must be a whole");
  assertThrows(
    () => settleSchedule({ name: "linear" as "step" }),
    InputError,
    'the schedule must be one of constant, step, cosine, plateau, got "linear"',
  );
});
