import { parseYaml } from "../../format/yaml/load";
import { formatPath } from "../../resource/check";
import type { Finding, OwnAnswers } from "../family";
import { unknownLayout } from "./limits";
import { bootsByUefi, slipsInStorage } from "./slips";

/** What Ubuntu's installer would stumble over in a file of the user's own, which is one of its form. */
export function review({ rendered: { text }, release }: OwnAnswers): Finding[] {
  const yaml = parseYaml(text, "answers");
  const [prefix, storage] = storageIn(yaml.value);
  if (storage === undefined) return [];
  const at = (path: readonly (string | number)[]) => [...prefix, "storage", ...path];
  const findings: Finding[] = slipsInStorage(storage).map(({ path, message }) => ({
    line: yaml.positionOf(at(path)).line,
    message: `${formatPath(at(path))}: ${message}`,
  }));
  const reason = release === undefined ? undefined : unknownLayout(storage, release);
  const { line } = yaml.positionOf(at(["layout"]));
  if (reason !== undefined) findings.push({ line, message: `${formatPath(at(["layout"]))}: ${reason}` });
  if (!bootsByUefi(storage))
    findings.push({
      line: yaml.positionOf(at(["config"])).line,
      message: "no action mounts /boot/efi, which a machine with `firmware: uefi` can't boot without",
      isNotice: true,
    });
  return findings;
}

type Storage = Readonly<Record<string, unknown>>;

function storageIn(value: unknown): readonly [prefix: readonly string[], storage: Storage | undefined] {
  const { autoinstall, storage } = value as {
    readonly autoinstall?: { readonly storage?: Storage };
    readonly storage?: Storage;
  };
  return autoinstall === undefined ? [[], storage] : [["autoinstall"], autoinstall.storage];
}
