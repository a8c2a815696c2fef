/**
 * Streams: reading word by word, with the hidden state kept between steps, so that each step costs
 * the same.
 *
 * @module
 */
import { tensorsOf } from "./network/states.ts";
import type { Ops, Tensor } from "./backend.ts";
import { InputError } from "./errors.ts";
import type { AnyModel } from "./model.ts";
import type { State } from "./network/cells/cell.ts";
import { logitsOf, type RunningPool, runningPoolOf } from "./network/head.ts";
import { layerOutputs } from "./network/layer.ts";
import { argmax } from "./network/loss.ts";
import { stackForward } from "./network/stack.ts";
import { finalStates, zeroStates } from "./network/states.ts";
import { createTextBatch } from "./network/text_batch.ts";
import { readAndDispose, requireFinite } from "./ops/reading.ts";
import type { Uploaded } from "./task.ts";
import type { AnyTask } from "./tasks.ts";
import type { Spellings } from "./text/spellings.ts";

/** The prediction of a model after one more word. */
export interface StreamStep {
  /** The most probable label: of the text so far, of the word, or the next symbol. */
  label: string;
  /** The probability of each label, in the order of the model's labels. */
  probabilities: number[];
  /** Whether the word is in the model's vocabulary. */
  known: boolean;
}

/** A text that is read word by word. */
export interface Stream extends Disposable {
  /**
   * Reads one more word, or symbol, and returns the prediction so far.
   *
   * @throws {InputError} If the model's weights overflow.
   * @throws {TypeError} If the stream or its predictor was closed.
   */
  step(word: string): Promise<StreamStep>;
  /** Starts a new text, after all steps requested so far. */
  reset(): void;
  /** Frees the hidden state on the device. Closing twice is not an error. */
  close(): void;
}

/** Creates a stream for a model whose weights are on a device. */
export function createStream(uploaded: () => Uploaded, task: AnyTask, label?: string): Stream {
  const { model, ops } = uploaded();
  if (!task.stream) {
    throw new InputError(`${task.models} need the whole text before they answer; use predict()`);
  }
  if (model.ensemble) {
    throw new InputError(
      "an ensemble of several networks cannot be streamed; use predict(), or train one network",
    );
  }
  if (model.config.bidirectional) {
    throw new InputError(
      "a bidirectional network reads a text from its end too, so it cannot be streamed; train one " +
        "with bidirectional: false",
    );
  }
  if (model.config.crf) {
    throw new InputError(
      "a CRF predicts the labels of a whole text together, so its model cannot be streamed; use " +
        "predict(), or train one with crf: false",
    );
  }
  const idOf = task.stream.idOf(model);
  const speller = task.stream.speller?.(model);
  const start: number | undefined = task.stream.start?.(model, label);
  let isOpen = true;
  let kept: Kept | undefined; // undefined before the first word
  let queue: Promise<unknown> = Promise.resolve(); // runs steps in the order of the calls
  let waiting = 0; // steps in the queue
  const free = () => {
    if (kept) ops.dispose(handlesOf(kept));
    kept = undefined;
  };
  const close = () => {
    isOpen = false;
    free();
  };
  const step = async (word: string): Promise<StreamStep> => {
    if (!isOpen) throw new TypeError("this stream was closed; create another one");
    const on = uploaded();
    const spelled = speller?.(word), spellings = spelled?.spellings;
    const id = spelled?.id ?? idOf(word);
    const ids = kept === undefined && start !== undefined ? [start, id] : [id];
    const { after, result } = read(on, kept, ids, spellings);
    free();
    kept = after;
    const [y, p] = await readAndDispose(ops, result);
    requireFinite(y);
    const best = argmax(p, 0, p.length);
    return {
      label: model.labels[best],
      probabilities: [...p],
      known: (spellings?.wordOf(id) ?? id) !== 0,
    };
  };
  return {
    step(word) {
      waiting++;
      const stepped = queue.then(() => step(word)).finally(() => waiting--);
      queue = stepped.catch(() => {});
      return stepped;
    },
    reset() {
      if (waiting === 0) free();
      else queue = queue.then(free);
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** The state that is kept on the device between steps. */
interface Kept {
  states: State[];
  pool?: Tensor;
  words: number;
}

function handlesOf({ states, pool }: Kept): Tensor[] {
  return [...tensorsOf(states), ...(pool ? [pool] : [])];
}

/** Reads more words; returns the state after them, and the logits and probabilities. */
function read(
  { ops, model: { config, vocabulary }, weights }: Uploaded<AnyModel>,
  kept: Kept | undefined,
  ids: readonly number[],
  spellings?: Spellings,
): { after: Kept; result: Tensor[] } {
  const pooling: RunningPool | undefined = runningPoolOf(config);
  const after: Kept = { states: [], words: (kept?.words ?? 0) + ids.length };
  let result: Tensor[] = [];
  ops.scope(() => {
    const sentence = Int32Array.from(ids);
    const batch = createTextBatch(ops, config, [sentence], spellings ?? vocabulary.length);
    const initial = kept?.states ?? zeroStates(ops, config, 1);
    const { layers } = stackForward(ops, config, weights, batch, { initial });
    const outputs = layerOutputs(ops, layers[config.layers - 1], batch);
    after.states = finalStates(ops, layers, 1);
    after.pool = pooling?.add(ops, kept?.pool, outputs);
    const pooled = pooling
      ? pooling.value(ops, after.pool!, after.words)
      : lastRow(ops, outputs, ids.length);
    const logits = logitsOf(ops, pooled, weights.Why, weights.by);
    result = [logits, ops.softmax(logits)];
    return [...handlesOf(after), ...result];
  });
  return { after, result };
}

function lastRow(ops: Ops, outputs: Tensor, count: number): Tensor {
  return ops.sliceRows(outputs, count - 1, count);
}
