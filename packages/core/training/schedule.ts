/**
 * Learning rate schedules.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import { requireInteger, requireOneOf, requireOptions, requirePositive } from "../checks.ts";

/** The names of the schedules. */
export type ScheduleName = "constant" | "step" | "cosine" | "plateau";

/** Options of a schedule. */
export interface ScheduleOptions {
  /**
   * `constant`; `step`: multiplied by the factor every `every` epochs; `cosine`: decays to zero
   * along half a cosine by the end of the last epoch (Loshchilov and Hutter 2017); `plateau`:
   * multiplied by the factor whenever the validation loss, or the training loss without validation,
   * has not fallen by another 0.001 for `every` epochs. Default: `"constant"`.
   */
  name?: ScheduleName;
  /** The number of epochs in `step` and `plateau`. Default: 10 and 3. */
  every?: number;
  /** The factor on the learning rate in `step` and `plateau`. Default: 0.5. */
  factor?: number;
  /** The warm-up steps, in which the learning rate rises linearly from near zero. Default: 0. */
  warmUp?: number;
}

/** Schedule options with defaults filled in. */
export type Schedule = Required<ScheduleOptions>;

const SCHEDULES: readonly ScheduleName[] = ["constant", "step", "cosine", "plateau"];

// For each option, the schedules that use it.
const SCHEDULE_OPTIONS: Record<keyof ScheduleOptions, readonly ScheduleName[]> = {
  name: SCHEDULES,
  every: ["step", "plateau"],
  factor: ["step", "plateau"],
  warmUp: SCHEDULES,
};

/**
 * Fills in the defaults of schedule options.
 *
 * @throws {InputError} If an option is out of range, unknown, or belongs to another schedule.
 */
export function settleSchedule(options: ScheduleOptions = {}): Schedule {
  requireOptions("the schedule", options, Object.keys(SCHEDULE_OPTIONS));
  const { name = "constant", every = name === "plateau" ? 3 : 10, factor = 0.5 } = options;
  const { warmUp = 0 } = options;
  const settled = { name, every, factor, warmUp };
  checkSchedule(settled);
  for (const option of ["every", "factor"] as const) {
    const readers = SCHEDULE_OPTIONS[option];
    const isDefault = options[option] === { every: 10, factor: 0.5 }[option]; // accepted
    if (options[option] === undefined || isDefault || readers.includes(name)) continue;
    throw new InputError(
      `the schedule's option ${quote(option)} is for ${readers.join(" and ")}, got ${name}`,
    );
  }
  return settled;
}

/** Throws if an option of a schedule is out of range. */
export function checkSchedule({ name, every, factor, warmUp }: Schedule): void {
  requireOneOf("the schedule", name, SCHEDULES);
  requireInteger("the schedule's number of epochs", every, 1);
  requirePositive("the schedule's factor", factor);
  if (factor > 1) throw new InputError(`the schedule's factor must be at most 1, got ${factor}`);
  requireInteger("the warm-up", warmUp, 0);
}

/**
 * Returns the factor on the learning rate.
 *
 * @param step The number of the next step, from 1.
 * @param epoch The current epoch, from 1.
 * @param progress The fraction of all epochs that is done, from 0 to 1.
 * @param cuts The number of times that `plateau` has cut the learning rate.
 */
export function learningRateFactor(
  schedule: Schedule,
  step: number,
  epoch: number,
  progress: number,
  cuts: number,
): number {
  const { name, every, factor, warmUp } = schedule;
  const climb = Math.min(1, step / (warmUp + 1));
  if (name === "step") return climb * factor ** Math.floor((epoch - 1) / every);
  if (name === "cosine") return climb * (1 + Math.cos(Math.PI * progress)) / 2;
  return climb * factor ** cuts;
}
