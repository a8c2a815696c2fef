/**
 * The tour of the page. The visitor's network, sentence and scroll position are saved and restored.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { Look } from "./picture_protocol.ts";
import type { EpochRow, Ready } from "./run_protocol.ts";
import type { RunControl } from "./run_control.ts";
import type { Settings } from "./settings.ts";
import { TourNetwork } from "./tour_network.ts";
import { tourStops } from "./tour_stops.ts";
import type { NetworkView } from "./views/network_view.ts";
import type { Notices } from "./views/notices.ts";
import { Tour } from "./views/tour.ts";

/** The parts of the page that the tour needs. */
export interface TourPlaces {
  engine: Engine;
  run: RunControl;
  network: NetworkView;
  notices: Notices;
  settings(): Settings;
  ready(): Ready | undefined;
  rows(): EpochRow[];
  /** Returns the current sentence, and the label that the visitor chose. */
  asked(): [sentence: string, actual: string];
  show(sentence: string, actual: string): Promise<void>;
}

/**
 * Creates the tour.
 *
 * @param button The button that gets the focus when the tour ends.
 */
export function createTour(places: TourPlaces, button: HTMLElement): Tour {
  const { engine, run, network, notices, settings, ready, rows, asked, show } = places;
  let look: Look | undefined;
  const own = new TourNetwork(engine, run, settings);
  const stops = tourStops({ own, network, look: () => look, ready, rows, show });
  const tour = new Tour(stops, {
    async begin() {
      const { place } = network, [sentence, actual] = asked(), top = scrollY;
      await own.begin();
      return async () => {
        await own.end();
        await show(sentence, actual);
        network.place = place;
        scrollTo({ top, behavior: "instant" });
      };
    },
    over: () => button.focus({ preventScroll: true }),
    failed: ({ message }) => notices.problem(message),
  });
  engine.on("look", (received) => {
    look = received;
    tour.update();
  });
  engine.on("status", () => tour.update());
  return tour;
}
