export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What `look` gives; undefined when it fails since the thing is absent, which a listing decides, never an error's text. */
export async function ifPresent<T>(look: () => Promise<T>, isListed: () => Promise<boolean>): Promise<T | undefined> {
  try {
    return await look();
  } catch (failure) {
    if (await isListed()) throw failure;
    return undefined;
  }
}
