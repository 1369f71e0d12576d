import { exitCodes, type Request, wordsOf, type World } from "../command";
import { completionsFor, type Shell } from "../texts/completions";

export function run(request: Request, { terminal, table }: World): Promise<number> {
  const [shell = "bash"] = wordsOf(request, "SHELL");
  terminal.print(completionsFor(shell as Shell, table).trimEnd());
  return Promise.resolve(exitCodes.fine);
}
