import { isDeepStrictEqual } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** What an operation does with a resource. */
export type Op = "create" | "update" | "replace" | "delete" | "same" | "refresh";

/** One resource of an operation. */
export interface Row {
  readonly urn: string;
  /** In words, such as `machine`. */
  readonly kind: string;
  readonly name: string;
  readonly op: Op;
  readonly phase: "running" | "done" | "failed";
  /** The provider's last word on its work, such as an installation's stage. */
  readonly text: string | undefined;
  readonly startedMs: number;
  readonly endedMs: number | undefined;
  /** The names of the inputs that differ. */
  readonly changes: readonly string[];
}

export interface Message {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
}

/** An operation as far as it is known. */
export interface Progress {
  /** In the order of their first events. */
  readonly rows: readonly Row[];
  readonly messages: readonly Message[];
  readonly startedMs: number;
}

export function nothingYet(startedMs: number): Progress {
  return { rows: [], messages: [], startedMs };
}

/** A text in the words of the user. */
export type Say = (text: string) => string;

const asItIs: Say = (text) => text;

/** The progress after one more event of the engine. */
export function after(progress: Progress, event: EngineEvent, nowMs: number, say: Say = asItIs): Progress {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, stdoutEvent } = event;
  if (resourcePreEvent !== undefined) return withStep(progress, resourcePreEvent.metadata, "running", nowMs);
  if (resOutputsEvent !== undefined) return withStep(progress, resOutputsEvent.metadata, "done", nowMs);
  if (resOpFailedEvent !== undefined) return withStep(progress, resOpFailedEvent.metadata, "failed", nowMs);
  if (diagnosticEvent !== undefined) return withDiagnostic(progress, diagnosticEvent, say);
  if (stdoutEvent !== undefined) return withMessage(progress, { severity: "info", text: stdoutEvent.message });
  return progress;
}

type Step = Pick<NonNullable<EngineEvent["resourcePreEvent"]>["metadata"], "op" | "urn" | "type" | "old" | "new">;

const kinds: Readonly<Record<string, string>> = {
  Network: "network",
  StoragePool: "pool",
  Volume: "volume",
  InstallerIso: "installer",
  Machine: "machine",
};

const ops: Readonly<Record<string, Op>> = {
  same: "same",
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  refresh: "refresh",
};

function withStep(progress: Progress, step: Step, phase: Row["phase"], nowMs: number): Progress {
  const [, type = ""] = /^pulumi-nodejs:dynamic\/kvm:(\w+)$/.exec(step.type) ?? [];
  const [kind, op] = [kinds[type], ops[step.op]];
  if (kind === undefined || op === undefined) return progress;
  const known = progress.rows.find(({ urn }) => urn === step.urn);
  const changes = changesIn(step);
  const row: Row = {
    urn: step.urn,
    kind,
    name: step.urn.slice(step.urn.lastIndexOf("::") + 2),
    op: opNow(known, op, changes),
    phase,
    text: phase === "running" ? undefined : known?.text,
    startedMs: known?.startedMs ?? nowMs,
    endedMs: phase === "running" ? undefined : nowMs,
    changes: changes.length > 0 ? changes : (known?.changes ?? []),
  };
  return withRow(progress, row);
}

/** The end of an operation may say less than its start did; and a refresh that has found differences changes the state. */
function opNow(known: Row | undefined, op: Op, changes: readonly string[]): Op {
  if (op === "refresh") return changes.length > 0 ? "update" : op;
  return op === "same" && known !== undefined ? known.op : op;
}

function withRow(progress: Progress, row: Row): Progress {
  const index = progress.rows.findIndex(({ urn }) => urn === row.urn);
  return { ...progress, rows: index === -1 ? [...progress.rows, row] : progress.rows.with(index, row) };
}

/** The names alone: values may be secrets. */
function changesIn({ old, new: next }: Step): string[] {
  const [before, now] = [old?.inputs ?? {}, next?.inputs ?? {}] as Record<string, unknown>[];
  if (old == null || next == null) return [];
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])];
  return names.filter((name) => !name.startsWith("__") && !isDeepStrictEqual(before?.[name], now?.[name]));
}

type Diagnostic = NonNullable<EngineEvent["diagnosticEvent"]>;

/** The others are for `--debug` of Pulumi itself, and may contain secrets. */
const severities: Readonly<Record<string, Message["severity"]>> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

function withDiagnostic(progress: Progress, { urn, message, severity, ephemeral }: Diagnostic, say: Say): Progress {
  const text = say(withoutColours(message).replace(pulumisWords, "")).trim();
  if (ephemeral === true) {
    const row = progress.rows.find((each) => each.urn === urn);
    return row?.phase === "running" ? withRow(progress, { ...row, text }) : progress;
  }
  if (text.startsWith(pendingOperations))
    return withMessage(progress, { severity: "info", text: say(interrupted(text)) });
  const shown = severities[severity];
  return shown === undefined ? progress : withMessage(progress, { severity: shown, text: named(text, urn) });
}

/** Pulumi's warning of an interrupted run, which asks its user to look at what kvm-deploy finds itself. */
const pendingOperations = "Attempting to deploy or update resources with";

function interrupted(text: string): string {
  const names = [...text.matchAll(/dynamic\/kvm:(\w+)::(.*), interrupted while/g)].map(
    ([, type = "", name = ""]) => `${kinds[type] ?? type} ${name}`,
  );
  return `an earlier run was interrupted${names.length === 0 ? "" : ` at ${names.join(", ")}`}: \`kvm-deploy up\` continues it, and after that \`kvm-deploy refresh\` removes this note`;
}

/** The resource's name is in the texts of the provider; Pulumi's own don't have it. */
function named(text: string, urn: string | undefined): string {
  const [, type = "", name = ""] = /dynamic\/kvm:(\w+)::(.*)$/.exec(urn ?? "") ?? [];
  const kind = kinds[type];
  if (kind === undefined || text.startsWith(`${name}: `)) return text;
  return `${kind} ${name}: ${text}`;
}

function withMessage(progress: Progress, message: Message): Progress {
  const text = message.text.trim();
  const isKnown = progress.messages.some((each) => each.text === text);
  if (text === "" || isKnown || isNoise.test(text)) return progress;
  return { ...progress, messages: [...progress.messages, { ...message, text }] };
}

/** The engine's own words for what the command says itself. */
const isNoise = /^((update|preview|destroy|refresh) failed$|\^C received; (cancelling|terminating))/;

/** Before a failure of the inputs, which names its property; the row has the resource's name. */
const pulumisWords = /^(\S+ resource '[^']*' has a problem: |1 error occurred:\s*\*\s*)/;

/** Pulumi marks colours as `<{%fg 1%}>`. */
function withoutColours(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}
