/**
 * The icons on buttons.
 *
 * @module
 */
import { svg } from "../dom.ts";

const PATHS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  step: "M5 5v14l9-7zM16 5h3v14h-3z",
  epoch: "M3 5v14l7-7zM11 5v14l7-7zM18.5 5H21v14h-2.5z",
  settings:
    "M3 6h9v2H3zM17 6h4v2h-4zM13 4h3v6h-3zM3 11h4v2H3zM12 11h9v2h-9zM8 9h3v6H8zM3 16h9v2H3zM17 16h4v2h-4zM13 14h3v6h-3z",
  undo: "M8 4v4h6.5a5.5 5.5 0 0 1 0 11H9v-2.2h5.5a3.3 3.3 0 0 0 0-6.6H8v4L2.5 9z",
  reset: "M12 5a7 7 0 1 1-6.6 4.7l1.9.7A5 5 0 1 0 12 7v3L7.5 6 12 2z",
};

/** Creates an icon. */
export function icon(name: keyof typeof PATHS): SVGSVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}
