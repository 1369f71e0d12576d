/** Whether npm, dpkg and rpm all understand the version: MAJOR.MINOR.PATCH, or that and `-rc.1`. */
export function isVersion(text: string): boolean {
  return /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[a-z]+(\.\d+)?)?$/.test(text);
}
