/**
 * Where the tour stops, and what can be tried there.
 *
 * @module
 */
import type { Goal } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { presetOf } from "./sets/presets.ts";
import type { TourStop } from "./views/tour.ts";
import type { Unrolled } from "./views/unrolled.ts";

/** What the tour may do to the page. */
export interface TourActions {
  settings(): Settings;
  change(changed: Partial<Settings>): Promise<void>;
  go(goal: Goal): Promise<void>;
  show(sentence: string): void;
  sentence(): string;
  follow(): void;
  unrolled: Unrolled;
}

const FORTH = "i was great and not awful earlier", BACK = "i was not great and awful earlier";
const UNKNOWN = "i was wonderful and not awful earlier";
const FEW_UNITS = 16, MANY_UNITS = 64;
const SMALL_CLIP = 0.01;

/** The eight stops, in the order of their words. */
export function tourStops(
  { settings, change, go, show, sentence, follow, unrolled }: TourActions,
): TourStop[] {
  const find = (css: string) => () => document.querySelector(css);
  const forward = () => unrolled.setPass("forward");
  const backward = () => unrolled.setPass("backward");
  return [
    {
      target: find(".asking"),
      async enter() {
        forward();
        // The article's story is told on the article's sentences.
        if (settings().set !== "moods") await change(presetOf("moods"));
        show(FORTH);
      },
      act: () => show(sentence() === FORTH ? BACK : FORTH),
    },
    {
      target: find(".steps"),
      enter: forward,
      act: () => show(sentence() === UNKNOWN ? FORTH : UNKNOWN),
    },
    { target: find(".details"), enter: forward, act: follow },
    {
      target: find(".steps"),
      enter: forward,
      act: () => change({ hidden: settings().hidden === FEW_UNITS ? MANY_UNITS : FEW_UNITS }),
    },
    { target: find(".picture"), enter: forward, act: () => go("end") },
    { target: find(".learning"), enter: forward, act: () => go("epoch") },
    { target: find(".picture"), enter: backward, act: () => go("step") },
    {
      target: find(".weight-gradients"),
      act: () => change({ clip: settings().clip === SMALL_CLIP ? 1 : SMALL_CLIP }),
    },
  ];
}
