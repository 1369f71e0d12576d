import type { ErrorCode } from "../../values/errors";

/** What a failure of libvirt means to the user, by its untranslated text: virsh prints no error numbers. */
export interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /**
   * What happened, where libvirt's own words don't say it plainly. In it and in `remedy`, `$1` is the first group of
   * `pattern` that matched, `$2` the second.
   */
  readonly what?: string;
  readonly remedy: string;
  /** The input that it is about, where that is certain. */
  readonly property?: string;
}
