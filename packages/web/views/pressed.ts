/**
 * What a button loads, as one part: the tour, and the dialog of own data.
 *
 * @module
 */
export { createTour } from "../page_tour.ts";
export { DataDialog } from "./data_dialog.ts";
