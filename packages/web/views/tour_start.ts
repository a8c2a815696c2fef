/**
 * The button of the tour, whose code is loaded when it is first pressed.
 *
 * @module
 */
import { el } from "../dom.ts";
import { later } from "../later.ts";
import type { TourPlaces } from "../page_tour.ts";
import { page as words } from "../words/page.ts";
import type { Tour } from "./tour.ts";

/** Creates the button, and the element for the card. */
export function tourStart(places: TourPlaces): { button: HTMLElement; root: HTMLElement } {
  const root = el("div");
  let tour: Promise<Tour> | undefined;
  const load = async () => {
    const made = (await later.pressed()).createTour(places, button);
    root.append(made.root);
    return made;
  };
  const button = el("button", {
    type: "button",
    class: "small tour-start",
    async click() {
      try {
        (await (tour ??= load())).start();
      } catch (error) {
        tour = undefined;
        places.notices.problem((error as Error).message);
      }
    },
  }, words.tour.start);
  return { button, root };
}
