import { configurationSchema } from "../../config/read";
import { type ExitCode, exitCodes, type Request, type World } from "../command";

export async function run(_request: Request, { terminal }: World): Promise<ExitCode> {
  terminal.print(configurationSchema());
  return Promise.resolve(exitCodes.fine);
}
