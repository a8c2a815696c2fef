/**
 * The notices at the top of the page of texts, and the offer to restore a run.
 *
 * @module
 */
import type { SavedRun } from "../run_protocol.ts";
import { words } from "../words.ts";
import { Messages } from "./messages.ts";

/** The notices. */
export class Notices extends Messages {
  /** Offers to restore a run. */
  offer(run: SavedRun, go: () => void, no: () => void): void {
    const { settings, epoch, savedAt } = run;
    const [name] = words.sets[settings.set] ?? words.sets.own;
    this.ask(
      words.resume.offer(name, epoch, settings.epochs, ago(Date.now() - savedAt)),
      [{ name: words.resume.go, act: go, isFirst: true }, { name: words.resume.no, act: no }],
    );
  }
}

function ago(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return words.resume.justNow;
  if (minutes < 60) return words.resume.minutes(minutes);
  const hours = Math.round(minutes / 60);
  return hours < 24 ? words.resume.hours(hours) : words.resume.days(Math.round(hours / 24));
}
