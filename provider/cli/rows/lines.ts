import type { Message, Op, Progress, Row } from "./rows";
import { type Colour, fitted, printable, type Style } from "./style";

/** How an operation is shown. */
export interface View {
  readonly isPreview: boolean;
  readonly columns: number;
  readonly style: Style;
  readonly nowMs: number;
}

interface Words {
  readonly mark: string;
  readonly colour: Colour;
  readonly plan: string;
  readonly doing: string;
  readonly done: string;
}

const words: Readonly<Record<Op, Words>> = {
  create: { mark: "+", colour: "green", plan: "to create", doing: "creating", done: "created" },
  update: { mark: "~", colour: "yellow", plan: "to change", doing: "changing", done: "changed" },
  replace: { mark: "±", colour: "magenta", plan: "to replace", doing: "replacing", done: "replaced" },
  delete: { mark: "-", colour: "red", plan: "to delete", doing: "deleting", done: "deleted" },
  refresh: { mark: " ", colour: "cyan", plan: "to read", doing: "reading", done: "read" },
  same: { mark: " ", colour: "dim", plan: "unchanged", doing: "checking", done: "unchanged" },
};

/** The rows that say something: what is unchanged is only counted. */
export function notable({ rows }: Progress): readonly Row[] {
  return rows.filter(({ op, phase, text }) => {
    if (op === "same" || op === "refresh") return phase === "failed" || (phase === "running" && text !== undefined);
    return true;
  });
}

/** The lines of an operation on a terminal: one for each row that says something. */
export function rowLines(progress: Progress, view: View): string[] {
  const rows = notable(progress);
  const width = Math.min(28, Math.max(0, ...rows.map((row) => titleOf(row).length)));
  return rows.map((row) => rowLine(row, width, view));
}

function rowLine(row: Row, titleWidth: number, view: View): string {
  const { style, columns } = view;
  const { mark, colour } = words[row.op];
  const isFailed = row.phase === "failed";
  const state = fitted(statusOf(row, view.isPreview), 12);
  const time = view.isPreview ? "" : clock((row.endedMs ?? view.nowMs) - row.startedMs);
  const room = columns - 1 - (4 + titleWidth + 2 + state.length + 2) - (time.length + 2);
  const detail = room < 8 ? "" : detailOf(row, room, view);
  return [
    `  ${style(isFailed ? "red" : colour, isFailed ? "✗" : mark)} ${style("bold", fitted(titleOf(row), titleWidth))}`,
    style(isFailed ? "red" : row.phase === "done" && !view.isPreview ? "dim" : colour, state),
    `${detail}${detail === "" ? "" : "  "}${style("dim", time)}`,
  ]
    .join("  ")
    .trimEnd();
}

function titleOf({ kind, name }: Row): string {
  return `${kind} ${name}`;
}

function statusOf({ op, phase }: Row, isPreview: boolean): string {
  if (phase === "failed") return "failed";
  if (isPreview) return words[op].plan;
  return phase === "running" ? words[op].doing : words[op].done;
}

/** A running step's stage, with a bar where it has a percentage; otherwise what changes. */
function detailOf({ phase, text, changes, op }: Row, room: number, view: View): string {
  if (phase === "running" && text !== undefined) {
    const stage = printable(text)
      .replace(/\s+/g, " ")
      .replace(/, \d+ (s|min( \d+ s)?|h( \d+ min)?)$/, "");
    const percent = percentIn(stage);
    if (percent === undefined || room < 30) return fitted(stage, room).trimEnd();
    const name = stage.replace(/ *\d+ %/, "");
    return `${fitted(name, Math.min(room - 18, Math.max(20, name.length)))} ${bar(percent, view.style)} ${String(percent).padStart(3)} %`;
  }
  if ((op === "update" || op === "replace") && changes.length > 0) return fitted(changes.join(", "), room).trimEnd();
  return "";
}

function percentIn(text: string): number | undefined {
  const [, percent] = /(\d+) %/.exec(text) ?? [];
  return percent === undefined ? undefined : Math.min(100, Number(percent));
}

const barWidth = 10;

function bar(percent: number, style: Style): string {
  const full = Math.round((percent / 100) * barWidth);
  return style("cyan", "█".repeat(full)) + style("dim", "░".repeat(barWidth - full));
}

/** Minutes and seconds, such as `3:07`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/** As many lines as fit: those of running rows before the others. */
export function limited(lines: readonly string[], isRunning: readonly boolean[], most: number): readonly string[] {
  if (lines.length <= most || most < 2) return lines.slice(0, Math.max(0, most));
  const order = lines.map((_, index) => index).sort((one, other) => Number(isRunning[other]) - Number(isRunning[one]));
  const kept = new Set(order.slice(0, most - 1));
  return [...lines.filter((_, index) => kept.has(index)), `    … and ${lines.length - kept.size} more`];
}

/** What is new since the earlier progress, for an output that is no terminal. */
export function plainLines(before: Progress, now: Progress, view: View): string[] {
  const rows = notable(now).flatMap((row) => {
    const known = before.rows.find(({ urn }) => urn === row.urn);
    return plainLine(known, row, view.isPreview);
  });
  return [...rows, ...now.messages.slice(before.messages.length).map((message) => messageLine(message, view.style))];
}

function plainLine(known: Row | undefined, row: Row, isPreview: boolean): string[] {
  const title = titleOf(row);
  if (row.phase !== known?.phase || row.op !== known.op) {
    const isOver = row.phase !== "running";
    if (isPreview) return isOver ? [`${title}: ${[statusOf(row, true), changesText(row)].join("")}`] : [];
    const time = isOver && row.endedMs !== undefined ? ` (${clock(row.endedMs - row.startedMs)})` : "";
    return [`${title}: ${statusOf(row, false)}${time}`];
  }
  const isNews = row.text !== undefined && stageOf(row.text) !== stageOf(known.text ?? "");
  return isNews ? [`${title}: ${printable(row.text ?? "")}`] : [];
}

function changesText({ op, changes }: Row): string {
  return (op === "update" || op === "replace") && changes.length > 0 ? ` (${changes.join(", ")})` : "";
}

/** The text without its numbers, which change at any time. */
function stageOf(text: string): string {
  return text.replace(/\d+/g, "");
}

export function messageLine({ severity, text }: Message, style: Style): string {
  if (severity === "info") return printable(text);
  const label = style(severity === "error" ? "red" : "yellow", `${severity}:`);
  return `${label} ${printable(text)}`;
}

/** The last line, such as `2 created, 3 unchanged (0:12)`. */
export function summaryLine(progress: Progress, { isPreview, nowMs }: Pick<View, "isPreview" | "nowMs">): string {
  const order: readonly Op[] = ["create", "update", "replace", "delete", "refresh", "same"];
  const ended = progress.rows.filter(({ phase }) => phase === "done");
  const counts = order.flatMap((op) => {
    const count = ended.filter((row) => row.op === op).length;
    return count === 0 ? [] : [`${count} ${isPreview ? words[op].plan : words[op].done}`];
  });
  const failed = progress.rows.filter(({ phase }) => phase === "failed").length;
  const all = [...counts, ...(failed === 0 ? [] : [`${failed} failed`])];
  const time = isPreview ? "" : ` (${clock(nowMs - progress.startedMs)})`;
  return `${all.length === 0 ? "nothing to do" : all.join(", ")}${time}`;
}
