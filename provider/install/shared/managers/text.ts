/** A text of lines, each with a line feed alone, without empty lines at either end. */
export function onlyLineFeeds(text: string): string {
  return `${text.trim().replaceAll("\r", "")}\n`;
}
