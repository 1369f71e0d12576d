/** What a terminal has shown for some time. */
export interface Frame {
  /** With the escape sequences of colours. */
  readonly lines: readonly string[];
  readonly seconds: number;
}

const [cellWidth, lineHeight, margin] = [8.43, 19, 16];
const classes: Readonly<Record<string, string>> = {
  ...{ 1: "bold", 2: "dim", 31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "magenta", 36: "cyan" },
};

/** An SVG that shows one frame after the other; without movement, if the reader prefers that, the last one. */
export function terminalPicture(frames: readonly Frame[], title: string, columns: number): string {
  const rows = Math.max(...frames.map(({ lines }) => lines.length));
  const [width, height] = [Math.ceil(columns * cellWidth) + 2 * margin, rows * lineHeight + 2 * margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(plain(frames.at(-1)?.lines.join("; ") ?? ""))}</desc>
<style>
${style}
${movement(frames)}
</style>
<rect width="100%" height="100%" rx="8" class="window"/>
${frames.map((frame, index) => group(frame, index)).join("\n")}
</svg>
`;
}

const style = `svg { --window: #f6f8fa; --text: #1f2328; --dim: #59636e; --red: #c21c1c; --green: #116329; --yellow: #7d4e00; --blue: #0550ae; --magenta: #8250df; --cyan: #0f6674 }
@media (prefers-color-scheme: dark) { svg { --window: #161b22; --text: #e6edf3; --dim: #9198a1; --red: #ff8f86; --green: #56d364; --yellow: #e3b341; --blue: #79c0ff; --magenta: #d2a8ff; --cyan: #7fd4e0 } }
text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--text); white-space: pre }
.window { fill: var(--window) } .bold { font-weight: bold } .dim { fill: var(--dim) }
.red { fill: var(--red) } .green { fill: var(--green) } .yellow { fill: var(--yellow) } .blue { fill: var(--blue) } .magenta { fill: var(--magenta) } .cyan { fill: var(--cyan) }`;

/** Each frame is visible in its part of the time. */
function movement(frames: readonly Frame[]): string {
  const all = sum(frames);
  const percent = (seconds: number) => `${((100 * seconds) / all).toFixed(2)}%`;
  const rules = frames.map(({ seconds }, index) => {
    const start = sum(frames.slice(0, index));
    const [from, to] = [percent(start), percent(start + seconds)];
    return `@keyframes k${index} { 0% { visibility: ${index === 0 ? "visible" : "hidden"} } ${from} { visibility: visible } ${to} { visibility: hidden } }
#f${index} { animation-name: k${index} }`;
  });
  return `g { visibility: hidden; animation: ${all}s step-end infinite }
g:last-of-type { visibility: visible }
${rules.join("\n")}
@media (prefers-reduced-motion: reduce) { g { animation: none } }`;
}

function sum(frames: readonly Frame[]): number {
  return frames.reduce((all, { seconds }) => all + seconds, 0);
}

function group({ lines }: Frame, index: number): string {
  const texts = lines.map(
    (line, row) => `<text x="${margin}" y="${margin + (row + 0.75) * lineHeight}">${spans(line)}</text>`,
  );
  return `<g id="f${index}">\n${texts.join("\n")}\n</g>`;
}

/** A line with its colours as classes. */
function spans(line: string): string {
  let current = new Set<string>();
  const parts = line.split(/\u001b\[([0-9;]*)m/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) current = after(current, part);
      if (index % 2 === 1 || part === "") return "";
      return current.size === 0 ? escaped(part) : `<tspan class="${[...current].join(" ")}">${escaped(part)}</tspan>`;
    })
    .join("");
}

/** The classes after an escape sequence. What sets no known colour ends all. */
function after(current: ReadonlySet<string>, codes: string): Set<string> {
  const found = codes.split(";").flatMap((code) => classes[code] ?? []);
  return new Set(found.length === 0 ? [] : [...current, ...found]);
}

function plain(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;]*m/g, "");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
