/**
 * Short requests of five kinds, generated from templates.
 *
 * @module
 */
import { type Example, Random } from "@unroll/core/texts";

const TEMPLATES: Record<string, string[]> = {
  weather: [
    "will it rain in {place} {day}",
    "do i need a coat {day}",
    "how warm is it in {place}",
    "what will the sky look like {day}",
    "is it windy in {place} right now",
  ],
  music: [
    "play {sound}",
    "play {sound} in the {room}",
    "i would like to hear {sound}",
    "turn up the volume in the {room}",
    "put on {sound} {day}",
  ],
  timer: [
    "wake me at {time}",
    "set a timer for {count} minutes",
    "remind me in {count} minutes",
    "let me know at {time} {day}",
    "count down from {count}",
  ],
  lights: [
    "turn on the lights in the {room}",
    "make the {room} a little darker",
    "it is too bright in the {room}",
    "lights out in the {room} at {time}",
    "turn off every lamp",
  ],
  travel: [
    "how do i get to {place}",
    "is there a train to {place} {day}",
    "book a seat to {place} at {time}",
    "how long is the way to {place}",
    "when does the bus to {place} leave",
  ],
};

const FILLS: Record<string, string[]> = {
  place: ["paris", "oslo", "lima", "kyoto", "cairo", "quito"],
  day: ["today", "tomorrow", "tonight", "on monday", "this weekend"],
  sound: ["some jazz", "the news", "a calm song", "my favorite band", "something loud"],
  room: ["kitchen", "hall", "bedroom", "garden", "office"],
  time: ["seven", "noon", "half past nine", "midnight"],
  count: ["five", "ten", "twenty", "ninety"],
};

const EACH = 16; // draws from each template; duplicates count once
const TRAIN = 0.8; // the fraction of the sentences for training

/** Returns the training and the test sentences. */
export function requestsSet(): { train: Example[]; test: Example[] } {
  const random = new Random(5);
  const pick = (of: string[]) => of[Math.floor(random.uniform() * of.length)];
  const fill = (template: string) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => pick(FILLS[name]));
  const train: Example[] = [], test: Example[] = [];
  for (const [label, templates] of Object.entries(TEMPLATES)) {
    for (const template of templates) {
      const texts = [...new Set(Array.from({ length: EACH }, () => fill(template)))];
      for (const [i, text] of texts.entries()) {
        (i < TRAIN * texts.length ? train : test).push({ text, label });
      }
    }
  }
  return { train, test };
}
