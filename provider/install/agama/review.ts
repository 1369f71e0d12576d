import { parseYaml } from "../../format/yaml/load";
import { formatPath } from "../../resource/check";
import type { Finding, OwnAnswers } from "../family";
import { slipsInStorage } from "./slips";

/** What Agama would stumble over in a profile of the user's own, which is JSON. */
export function review({ rendered: { text } }: OwnAnswers): Finding[] {
  const json = parseYaml(text, "answers");
  const { storage } = json.value as { readonly storage?: Readonly<Record<string, unknown>> };
  return slipsInStorage(storage ?? {}).map(({ path, message }) => {
    const at = ["storage", ...path];
    return { line: json.positionOf(at).line, message: `${formatPath(at)}: ${message}` };
  });
}
