/**
 * A network that waits while another one is shown, as the tour does it, and comes back as it was.
 *
 * @module
 */
import type { Pace } from "../run_protocol.ts";
import { discard, type Discarded } from "./discarded.ts";
import type { Experiment } from "./experiment.ts";
import type { OwnData } from "./own_data.ts";
import type { Subscriptions } from "./reports.ts";
import type { ResumePoint, Training } from "./training.ts";

/** All of a session but what it computes with. */
export interface SetAside {
  experiment: Omit<Experiment, "computing">;
  /** Where its run resumes; none of a network that has not learned yet. */
  resume?: ResumePoint;
  isShipped: boolean;
  /** The visitor's own data. */
  own?: OwnData;
  /** The run that was discarded last. */
  discarded?: Discarded;
}

/** The network of a training after the step under way, with what the session has besides. */
export async function setAside(
  training: Training,
  rest: Pick<SetAside, "own" | "discarded">,
): Promise<SetAside> {
  const { computing: _, ...experiment } = training.experiment;
  const { resume, isShipped = false } = await discard(training) ?? {};
  return { experiment, resume, isShipped, ...rest };
}

/** What one worker hands over to another. */
export interface HandedOver {
  own?: OwnData;
  subscriptions: Subscriptions;
  pace: Pace;
  discarded?: Discarded;
  /** The run that waits while the tour goes on. */
  aside?: SetAside;
}
