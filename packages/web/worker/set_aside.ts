/**
 * A network set aside while another one is shown, as in the tour, and later restored unchanged.
 *
 * @module
 */
import type { Pace } from "../run_protocol.ts";
import { discard, type Discarded } from "./discarded.ts";
import type { Experiment } from "./experiment.ts";
import type { OwnData } from "./own_data.ts";
import type { Subscriptions } from "./reports.ts";
import type { ResumePoint, Training } from "./training.ts";

/** A session without its backend. */
export interface SetAside {
  experiment: Omit<Experiment, "computing">;
  /** The point that its run resumes from; undefined for an untrained network. */
  resume?: ResumePoint;
  isShipped: boolean;
  /** The user's own data. */
  own?: OwnData;
  /** The last discarded run. */
  discarded?: Discarded;
}

/** Sets a training's network aside after the current step, with the rest of the session. */
export async function setAside(
  training: Training,
  rest: Pick<SetAside, "own" | "discarded">,
): Promise<SetAside> {
  const { computing: _, ...experiment } = training.experiment;
  const { resume, isShipped = false } = await discard(training) ?? {};
  return { experiment, resume, isShipped, ...rest };
}

/** The state that one worker hands over to another. */
export interface HandedOver {
  own?: OwnData;
  subscriptions: Subscriptions;
  pace: Pace;
  discarded?: Discarded;
  /** The run set aside during the tour. */
  aside?: SetAside;
}
