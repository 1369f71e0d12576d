/** What an installer needs at least: with less it refuses to work, or can't. */
export interface Need {
  readonly bytes: number;
  /** Where that is said, for the message. */
  readonly source: string;
}

/** Undefined where no figure is known. */
export interface Needs {
  readonly memory?: Need;
  readonly disk?: Need;
}

export const mebibyte = 2 ** 20;
export const gibibyte = 2 ** 30;
