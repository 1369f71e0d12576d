export function parseVersion(text: string): [number, number, number] | undefined;
export function isAtLeast(text: string, least: string): boolean;
export function majorMinor(text: string): string;
