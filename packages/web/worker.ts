/**
 * The worker that trains on the CPU. The one with gpu.js is written as the page is built.
 *
 * @module
 */
import { serve } from "./worker/serve.ts";

serve();
