import { once } from "node:events";
import path from "node:path";
import { spec, type TestEvent } from "node:test/reporters";
import type { TestRun } from "./lanes";
import { root } from "./site";

/** How many of the slowest files are shown. */
const shown = 25;

/** What all files say, each as a whole when it has ended. */
export class Report {
  private readonly printer = new spec();
  private readonly seconds = new Map<string, number>();
  private readonly counts = { passed: 0, failed: 0, skipped: 0 };
  /** Names of the skipped tests, by the reason. */
  private readonly skipped = new Map<string, string[]>();
  private readonly begun = Date.now();

  constructor() {
    this.printer.on("data", (text: Buffer | string) => process.stdout.write(text));
  }

  async add(file: string, events: TestRun): Promise<void> {
    const [start, name] = [Date.now(), path.relative(root, file)];
    console.log(`begins: ${name}`);
    const said: TestEvent[] = [];
    for await (const event of events) if (!isSummary(event)) said.push(event);
    for (const event of said) {
      this.count(event);
      this.printer.write(event);
    }
    this.seconds.set(name, secondsSince(start));
  }

  /** @returns whether all is well */
  async end(): Promise<boolean> {
    this.printer.end();
    await once(this.printer, "end");
    this.printSlowest();
    for (const [reason, names] of this.skipped) console.log(`\nskipped, ${reason}:\n    ${names.join("\n    ")}`);
    const { passed, failed, skipped } = this.counts;
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 && passed > 0;
  }

  private count({ type, data }: TestEvent): void {
    if (type !== "test:pass" && type !== "test:fail") return;
    if (data.skip !== undefined) this.addSkipped(data.name, data.skip);
    else if (data.details.type === "suite") return;
    else this.counts[type === "test:pass" ? "passed" : "failed"] += 1;
  }

  /** A suite is skipped as one: none of its tests is reported. */
  private addSkipped(name: string, skip: string | boolean): void {
    this.counts.skipped += 1;
    const reason = typeof skip === "string" ? `because ${skip}` : "without a reason";
    this.skipped.set(reason, [...(this.skipped.get(reason) ?? []), name]);
  }

  private printSlowest(): void {
    const all = [...this.seconds].sort(([, one], [, other]) => other - one);
    const sum = all.reduce((total, [, seconds]) => total + seconds, 0);
    console.log(`\n${all.length} files took ${sum} s, in ${secondsSince(this.begun)} s; the slowest:`);
    for (const [file, seconds] of all.slice(0, shown)) console.log(`${String(seconds).padStart(6)} s  ${file}`);
  }
}

/** The runner's own of one file: that of all is what counts. */
function isSummary({ type, data }: TestEvent): boolean {
  return type === "test:summary" || (type === "test:diagnostic" && data.file === undefined);
}

function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 1000);
}
