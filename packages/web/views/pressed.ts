/**
 * What is loaded when a button asks for it, in one part: the tour, and the visitor's own data.
 *
 * @module
 */
export { createTour } from "../page_tour.ts";
export { DataDialog } from "./data_dialog.ts";
