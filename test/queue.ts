/** Test files that wait for a lane. */
export class Queue {
  private late: Promise<void> = Promise.resolve();

  constructor(private readonly files: string[]) {}

  /** Adds files that go before all others, but not before what they need is there. */
  addFirst(files: readonly string[], need: () => Promise<unknown>): Promise<void> {
    if (files.length > 0) this.late = need().then(() => void this.files.unshift(...files));
    return this.late;
  }

  /** @returns undefined when none is left */
  async next(): Promise<string | undefined> {
    if (this.files.length === 0) await this.late;
    return this.files.shift();
  }
}
