/**
 * Loaded once the page is there: equations with numbers, and each word's contribution to the prediction.
 *
 * @module
 */
import type { Engine } from "../engine.ts";
import type { NetworkView } from "./network_view.ts";
import { StepEquations } from "./step_equations.ts";
import { Why } from "./why.ts";

/** The parts of the page that it needs. */
export interface InspectedPage {
  engine: Engine;
  network: NetworkView;
  /** The element for the equations. */
  place: HTMLElement;
}

/** Adds the equations and the shares to the page. */
export function inspect({ engine, network, place }: InspectedPage): void {
  const { unrolled } = network;
  const steps = unrolled.root.querySelector(".steps")!;
  const equations = new StepEquations(engine, network);
  const why = new Why(engine, unrolled.why, steps);
  place.append(why.root, equations.root);
  const reserve = () => place.classList.toggle("closed", !equations.root.open);
  equations.root.addEventListener("toggle", reserve);
  reserve();
  unrolled.allowWhy();
  network.onMark((marked) => {
    equations.show(marked);
    why.show(marked.look);
  });
  steps.addEventListener("keydown", (event) => move(event as KeyboardEvent, network));
}

/** Moves between words and units with the arrow keys. */
function move(event: KeyboardEvent, network: NetworkView): void {
  const word = (event.target as Element).closest(".word");
  if (!word) return;
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const right = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (down) network.moveUnit(down);
  else if (right) {
    const steps = word.closest(".steps")!;
    const all = [...steps.querySelectorAll<HTMLElement>(".word")];
    all[all.indexOf(word as HTMLElement) + right]?.focus();
  } else return;
  event.preventDefault();
}
