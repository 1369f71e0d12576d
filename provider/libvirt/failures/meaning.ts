import type { ErrorCode } from "../../values/errors";

/** The meaning of a failure of libvirt for the user, by its untranslated text: virsh prints no error numbers. */
export interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /**
   * The cause, if libvirt's own message doesn't say it clearly. In it and in `remedy`, `$1` is the first group of
   * `pattern` that matched, `$2` the second.
   */
  readonly what?: string;
  readonly remedy: string;
  /** The input that causes it, if that is certain. */
  readonly property?: string;
}
