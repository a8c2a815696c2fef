/**
 * The tour of the page: the visitor's network, sentence and place wait meanwhile, and come back.
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

/** What the tour needs of the page. */
export interface TourPlaces {
  engine: Engine;
  run: RunControl;
  network: NetworkView;
  notices: Notices;
  settings(): Settings;
  ready(): Ready | undefined;
  rows(): EpochRow[];
  /** The sentence that is there, and the label that the visitor chose. */
  asked(): [sentence: string, actual: string];
  show(sentence: string, actual: string): Promise<void>;
}

/**
 * Makes the tour.
 *
 * @param button What has the focus when it is over.
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
