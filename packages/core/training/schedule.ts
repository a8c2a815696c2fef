/**
 * How the learning rate changes as training goes on.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { InputError } from "../errors.ts";
import { requireInteger, requireOneOf, requireOptions, requirePositive } from "../checks.ts";

/** The names of the schedules. */
export type ScheduleName = "constant" | "step" | "cosine" | "plateau";

/** Settings of a schedule. */
export interface ScheduleOptions {
  /**
   * `constant`; `step`: times the factor after so many epochs, again and again; `cosine`: down to
   * zero along half a cosine, by the last epoch (Loshchilov and Hutter 2017); `plateau`: times the
   * factor whenever the loss on the validation examples, or else on the training examples, has
   * not fallen by another 0.001 for so many epochs. Default: `"constant"`.
   */
  name?: ScheduleName;
  /** The epochs of `step` and of `plateau`. Default: 10 and 3. */
  every?: number;
  /** The factor on the learning rate in `step` and `plateau`. Default: 0.5. */
  factor?: number;
  /** Linear warm-up: the steps in which the learning rate rises from near zero. Default: 0. */
  warmUp?: number;
}

/** A schedule with everything settled. */
export type Schedule = Required<ScheduleOptions>;

const SCHEDULES: readonly ScheduleName[] = ["constant", "step", "cosine", "plateau"];

// For each option the schedules that read it.
const SCHEDULE_OPTIONS: Record<keyof ScheduleOptions, readonly ScheduleName[]> = {
  name: SCHEDULES,
  every: ["step", "plateau"],
  factor: ["step", "plateau"],
  warmUp: SCHEDULES,
};

/**
 * The schedule with its defaults.
 *
 * @throws {InputError} Where a setting is out of range, unknown, or of another schedule.
 */
export function settleSchedule(options: ScheduleOptions = {}): Schedule {
  requireOptions("the schedule", options, Object.keys(SCHEDULE_OPTIONS));
  const { name = "constant", every = name === "plateau" ? 3 : 10, factor = 0.5 } = options;
  const { warmUp = 0 } = options;
  const settled = { name, every, factor, warmUp };
  checkSchedule(settled);
  for (const option of ["every", "factor"] as const) {
    const readers = SCHEDULE_OPTIONS[option];
    const isDefault = options[option] === { every: 10, factor: 0.5 }[option]; // which says nothing
    if (options[option] === undefined || isDefault || readers.includes(name)) continue;
    throw new InputError(
      `the schedule's option ${quote(option)} is for ${readers.join(" and ")}, got ${name}`,
    );
  }
  return settled;
}

/** Throws where a setting of a schedule is out of range. */
export function checkSchedule({ name, every, factor, warmUp }: Schedule): void {
  requireOneOf("the schedule", name, SCHEDULES);
  requireInteger("the schedule's number of epochs", every, 1);
  requirePositive("the schedule's factor", factor);
  if (factor > 1) throw new InputError(`the schedule's factor must be at most 1, got ${factor}`);
  requireInteger("the warm-up", warmUp, 0);
}

/**
 * What the learning rate is multiplied by.
 *
 * @param step The step to come, from 1.
 * @param epoch The epoch under way, from 1.
 * @param progress How much of all epochs is done, from 0 to 1.
 * @param cuts How often `plateau` has multiplied by its factor.
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
