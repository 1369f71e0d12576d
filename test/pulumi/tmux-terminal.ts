import { setTimeout } from "node:timers/promises";
import { run } from "../../provider/host/run";
import { type CommandSite, program } from "./command";

/** A terminal in which a user types. */
export class TmuxTerminal {
  readonly #socket = `kvm-deploy-test-${process.pid}`;
  readonly #tmux = async (...args: string[]) =>
    (await run("tmux", ["-L", this.#socket, "-f", "/dev/null", ...args])).stdout;

  async open({ directory, env }: Pick<CommandSite, "directory" | "env">, [columns, rows] = [80, 24]): Promise<void> {
    const variables = Object.entries({ ...env, TERM: "screen-256color" }).flatMap(([name, value]) => ["-e", `${name}=${value}`]); // prettier-ignore
    await this.#tmux(
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      String(rows),
      "-c",
      directory,
      ...variables,
      "bash --norc --noprofile",
    );
    await this.type(`PS1='$ '; kvm-deploy() { '${program[0]}' '${program[1]}' "$@"; }; unset NO_COLOR; clear`);
  }
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
    await this.#tmux("send-keys", "Enter");
  }
  /** @param key such as `C-c` */
  async press(key: string): Promise<void> {
    await this.#tmux("send-keys", key);
  }
  /** The lines on the screen. @param isColoured with the escape sequences of colours, and without line breaks of the terminal */
  async lines(isColoured = false): Promise<string[]> {
    const text = await this.#tmux("capture-pane", "-p", ...(isColoured ? ["-e", "-J"] : []));
    return text
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "" && line !== "$");
  }
  /** The screen as soon as it shows this. */
  async until(pattern: RegExp): Promise<string[]> {
    const end = Date.now() + 3 * 60_000;
    for (;;) {
      const lines = await this.lines();
      if (pattern.test(lines.join("\n"))) return lines;
      if (Date.now() > end) throw new Error(`the screen never showed ${pattern.source}:\n${lines.join("\n")}`);
      await setTimeout(200);
    }
  }
  async close(): Promise<void> {
    await this.#tmux("kill-server");
  }
}
