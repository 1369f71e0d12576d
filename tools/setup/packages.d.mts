export const PACKAGES: Readonly<Record<string, string>>;
export function missingPackages(wanted: readonly string[], dpkgOutput: string): string[];
