import { showConfiguration } from "../../config/read";
import { type ExitCode, exitCodes, type Request, wordsOf, type World } from "../command";

export async function run(request: Request, { terminal }: World): Promise<ExitCode> {
  const [file = ""] = wordsOf(request, "FILE");
  terminal.print(showConfiguration(file));
  return Promise.resolve(exitCodes.fine);
}
