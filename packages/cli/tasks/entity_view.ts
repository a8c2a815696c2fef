/**
 * Output about entities: scores, and the entities found in a text.
 *
 * @module
 */
import {
  entitiesIn,
  type EntityEvaluation,
  joinTokens,
  type Tag,
  type TaggingModel,
  tagSchemeOf,
} from "@unroll/core";
import type { FigureTable } from "../output/report_data.ts";
import { LABEL, percent, printable, table, TEXT } from "../output/terminal.ts";

const MOST_ROWS = 100; // types of entities

/** Describes the scores of all entities in one line; none if the tags do not mark entities. */
export function describeEntities(entities: EntityEvaluation | undefined): string[] {
  if (!entities) return [];
  const { scheme, precision, recall, f1, support, predicted } = entities;
  return [
    `Entities (${scheme}): F1 ${percent(f1)}, precision ${percent(precision)}, recall ${
      percent(recall)
    }; ${predicted} predicted, ${support} actual.`,
  ];
}

/** Returns a table of the types of entities. */
function typeTable({ types }: EntityEvaluation): Pick<FigureTable, "head" | "rows"> {
  return {
    head: ["entity", "precision", "recall", "F1", "actual", "predicted"],
    rows: types.toSorted((a, b) => b.support - a.support).slice(0, MOST_ROWS).map(
      ({ type, precision, recall, f1, support, predicted }) => [
        printable(type, LABEL) || "(any)",
        percent(precision),
        percent(recall),
        percent(f1),
        String(support),
        String(predicted),
      ],
    ),
  };
}

/** Describes the scores of each type as lines. */
export function describeTypes(entities: EntityEvaluation | undefined): string[] {
  if (!entities || entities.types.length === 0) return [];
  const { head, rows } = typeTable(entities);
  return ["", ...table([head, ...rows], [0])];
}

/** Returns the scores of all entities, for the HTML report. */
export function entityFacts(entities: EntityEvaluation | undefined): [string, string][] {
  if (!entities) return [];
  const { f1, precision, recall } = entities;
  return [[
    "Entities",
    `F1 ${percent(f1)}, precision ${percent(precision)}, recall ${percent(recall)}`,
  ]];
}

/** Returns the scores of each type, for the HTML report. */
export function entityTables(entities: EntityEvaluation | undefined): FigureTable[] {
  if (!entities || entities.types.length === 0) return [];
  return [{
    title: "Entities",
    about: "An entity is correct if all its words and its type are correct, as conlleval counts.",
    ...typeTable(entities),
  }];
}

/** An entity in a text. */
interface FoundEntity {
  type: string;
  text: string;
  /** Indices of the first word, and of the word after the last. */
  start: number;
  end: number;
}

/** Returns the entities in a text; undefined if the model's labels do not mark entities. */
export function entitiesOf(
  { labels, tokenizer }: Pick<TaggingModel, "labels" | "tokenizer">,
  words: readonly Tag[],
): FoundEntity[] | undefined {
  if (tagSchemeOf(labels) === undefined) return undefined;
  return entitiesIn(words.map(({ label }) => label)).map(({ type, start, end }) => ({
    type,
    text: joinTokens(words.slice(start, end).map(({ word }) => word), tokenizer),
    start,
    end,
  }));
}

/** Formats entities for the end of a line; empty for tags without prefixes, which show the same. */
export function entityNote(
  { labels }: { labels: readonly string[] },
  entities: readonly FoundEntity[] = [],
): string {
  if (tagSchemeOf(labels) === "IO") return "";
  const shown = entities.map(({ type, text }) =>
    `[${type === "" ? "" : `${printable(type, LABEL)}: `}${printable(text, TEXT)}]`
  );
  return shown.length > 0 ? `  ${shown.join(" ")}` : "";
}
