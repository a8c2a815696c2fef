/**
 * Learns three gestures from twelve of each, as a wristband measures them, and recognizes others.
 *
 *     deno run examples/gestures.ts
 *
 * @module
 */
import {
  createSeriesClassifier,
  evaluate,
  fit,
  nearestNeighbor,
  predict,
  readSeries,
  recommendSeriesClassifier,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import testTable from "./gestures/test.csv" with { type: "text" };
import trainTable from "./gestures/train.csv" with { type: "text" };

const read = (table: string) => readSeries(table, { series: "gesture", time: "step" }).series;
const train = read(trainTable), test = read(testTable);

const backend = createCpuBackend();
const { network, training } = recommendSeriesClassifier(train);
const model = createSeriesClassifier(train, network);
await fit(backend, model, train, training);

const { accuracy, confused } = await evaluate(backend, model, test);
const nearest = nearestNeighbor(train, test);
const percent = (fraction: number) => `${(100 * fraction).toFixed(0)}%`;
console.log(`network: ${percent(accuracy)} of ${test.length} gestures`);
console.log(`one nearest neighbor: ${percent(nearest.accuracy)}`);
for (const { actual, predicted, count } of confused) {
  console.log(`  ${actual} taken for ${predicted}: ${count}`);
}

const [{ label, probabilities }] = await predict(backend, model, test.slice(0, 1));
console.log(`the first is a ${label}, with a probability of ${percent(probabilities[label])}`);
