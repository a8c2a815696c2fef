/**
 * The stops of the tour: what each sets up, what it says about the picture, and what to try.
 *
 * @module
 */
import type { Look } from "./picture_protocol.ts";
import type { EpochRow, Ready } from "./run_protocol.ts";
import type { TourNetwork } from "./tour_network.ts";
import type { NetworkView } from "./views/network_view.ts";
import { argmax } from "./views/prediction_view.ts";
import { shown } from "./views/symbols.ts";
import type { Said, TourStop } from "./views/tour.ts";
import { figure, percent } from "./words/numbers.ts";
import { tour as words } from "./words/tour.ts";

/** The parts of the page that the stops need. */
export interface TourPlaces {
  own: TourNetwork;
  network: NetworkView;
  look(): Look | undefined;
  ready(): Ready | undefined;
  /** Returns the rows of the charts. */
  rows(): EpochRow[];
  /** Shows a sentence in the picture, with the label that its gradient is for. */
  show(sentence: string, actual: string): Promise<void>;
}

const FORTH = "i was great and not awful earlier", BACK = "i was not great and awful earlier";
const FIRST = "i am not great right now", SHORT = "i am not great";
const WORD = 3; // the index of "great" in both
const [KNOWN, UNKNOWN] = ["great", "wonderful"];
const PHONE = "(max-width: 48rem)"; // where only a short sentence fits on the screen
const SMALL_CLIP = 0.01;
const ALIKE = 1.25; // the ratio up to which two gradients count as about equal
const SURE = 0.0005; // a smaller probability is shown as a power of ten

/** The nine stops. */
export function tourStops(places: TourPlaces): TourStop[] {
  const { own, network, look, ready, rows, show } = places;
  const { unrolled } = network;
  const find = (css: string) => () => document.querySelector(css);
  const first = () => matchMedia(PHONE).matches ? SHORT : FIRST;
  const picture = find(".unrolled-scroll");

  /** Sets up the network, the sentence and the pass of a stop. */
  const setUp = (
    given?: string,
    pass: "forward" | "backward" = "forward",
    claim?: "right" | "wrong",
  ) =>
  async () => {
    const sentence = given ?? first();
    await own.show();
    network.place = { layer: unrolled.layer, pass, hasOpenGates: false };
    await show(sentence, "");
    if (!claim) return;
    const answered = answer(look()!);
    await show(sentence, claim === "right" ? answered : otherThan(answered));
  };
  /** Creates a stop about the current look; if the network is not the tour's, it says so. */
  const stop = (
    title: string,
    target: TourStop["target"],
    enter: TourStop["enter"],
    says: (look: Look) => Said | undefined,
    act: (look: Look) => unknown,
  ): TourStop => {
    const shownNow = () => {
      const at = look();
      return own.isThere && at && at.probabilities.length > 0 ? at : undefined;
    };
    return {
      title,
      target,
      enter,
      says() {
        const at = shownNow();
        return at ? says(at) ?? words.noAnswer : words.other;
      },
      async act() {
        const at = shownNow();
        if (at && says(at)) await act(at);
        else await enter();
      },
    };
  };

  const answer = ({ labels, probabilities }: Look, t = probabilities.length - 1) =>
    labels[argmax(probabilities[t])];
  const otherThan = (label: string) => look()!.labels.find((each) => each !== label)!;
  const answerAt = (at: Look, t: number) =>
    [answer(at, t), percent(Math.max(...at.probabilities[t]))] as const;
  const toggle = (one: string, other: string) => (at: Look) =>
    show(at.text === one ? other : one, "");
  const claim = async (at: Look) => {
    await show(at.text, otherThan(at.actual!));
    if (unrolled.pass === "backward") unrolled.flowBack();
  };

  return [
    stop(words.sequence.title, find(".asking"), setUp(FORTH), (at) => ({
      text: words.sequence.text(at.text, ...answerAt(at, at.words.length - 1)),
      act: words.sequence.act,
    }), toggle(FORTH, BACK)),

    stop(words.words.title, find(".step.pointed"), async () => {
      await setUp()();
      network.place = { ...network.place, word: WORD };
    }, (at) => {
      const { word: t } = network.shown, id = at.ids[t], word = shown(at.words[t]);
      const { text, unknown, act } = words.words;
      return id === 0
        ? { text: unknown(word), act: act.known }
        : { text: text(word, id, at.vocabulary), act: act.unknown };
    }, async (at) => {
      await toggle(first().replace(KNOWN, UNKNOWN), first())(at);
      network.place = { ...network.place, word: WORD };
    }),

    stop(words.state.title, picture, setUp(), (at) => {
      const { word: t, unit } = network.shown, { hidden } = at.config;
      const { states } = at.layers[unrolled.layer][0];
      const value = (t: number) => figure(t < 0 ? 0 : states[t * hidden + unit]);
      const { text, act } = words.state;
      return { text: text(hidden, unit, shown(at.words[t]), value(t - 1), value(t)), act };
    }, () => network.followNext()),

    stop(words.weights.title, find(".equations"), setUp(SHORT), (at) => ({
      text: words.weights.text(at.words.length),
      act: words.weights.act[at.text === SHORT ? "longer" : "shorter"],
    }), toggle(SHORT, FIRST)),

    stop(words.forward.title, picture, setUp(), (at) => {
      const { word: t } = network.shown;
      const before = t > 0 ? answerAt(at, t - 1).join(", ") : undefined;
      const { text, act } = words.forward;
      return { text: text(shown(at.words[t]), ...answerAt(at, t), before), act };
    }, (at) => {
      const word = (network.shown.word + 1) % at.words.length;
      network.place = { ...network.place, word };
    }),

    stop(
      words.loss.title,
      find(".backward-pass .answer"),
      setUp(undefined, "forward", "right"),
      (at) => {
        const { gradients, actual } = at;
        if (!gradients || actual === undefined) return undefined;
        const p = at.probabilities.at(-1)![at.labels.indexOf(actual)];
        const share = p < SURE ? figure(p) : percent(p);
        const { text, act } = words.loss;
        return {
          text: text(actual, share, figure(gradients.loss, 3)),
          act: act(otherThan(actual)),
        };
      },
      claim,
    ),

    stop(words.backward.title, picture, async () => {
      await setUp(undefined, "backward", "wrong")();
      unrolled.flowBack();
    }, ({ gradients, actual, words: all }) => {
      if (!gradients || actual === undefined) return undefined;
      const { steps } = gradients, { text, trends, act } = words.backward;
      const first = steps[0], last = steps.at(-1)!;
      const trend = last > ALIKE * first ? "shrinks" : first > ALIKE * last ? "grows" : "stays";
      return {
        text: text(
          actual,
          [shown(all.at(-1)!), figure(last)],
          [shown(all[0]), figure(first)],
          trends[trend],
        ),
        act: act(otherThan(actual)),
      };
    }, claim),

    {
      ...stop(words.clipping.title, find(".weight-gradients figure:nth-child(2)"), () => {
        return setUp(undefined, "backward", "wrong")();
      }, ({ gradients }) => {
        if (!gradients) return undefined;
        const { clipped, size } = gradients.weights.Whh, clip = clipNow();
        const { text, act } = words.clipping;
        return { text: text(clip, clipped, size), act: act(otherClip(clip)) };
      }, async ({ text, actual }) => {
        await own.clip(otherClip(clipNow()));
        await show(text, actual ?? "");
      }),
      leave: async () => {
        if (own.isThere) await own.clip(own.ownClip);
      },
    },

    stop(words.training.title, find(".learning figure"), setUp(), () => {
      const { trained, running, untrained, act } = words.training;
      const { run } = own, past = rows();
      if (run.phase === "running") return { text: running, act: act.pause };
      if (past.length === 0) return { text: untrained, act: act.begin };
      const [before, now] = [past[0], past.at(-1)!].map(({ trainLoss }) => figure(trainLoss, 3));
      return {
        text: trained(past.at(-1)!.epoch, ready()!.counts.train, before, now),
        act: run.phase === "done" ? act.begin : act.go,
      };
    }, () => own.train()),
  ];

  function clipNow(): number {
    return ready()!.settings.clip;
  }

  function otherClip(clip: number): number {
    return clip === SMALL_CLIP ? own.ownClip : SMALL_CLIP;
  }
}
