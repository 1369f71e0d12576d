import { isIP } from "node:net";
import { shellWord } from "../../format/shell-word";
import type { AddedFile } from "../family";
import { scriptFile } from "./hand-over";
import type { NetworkInterface } from "./network";

/** What the answers can't say is added to the keyfile that the installer has written. */
export interface KeyfileAdditions {
  /** The id of the connection, or the name of its interface. */
  readonly connection: string;
  readonly method6?: "auto" | "disabled" | undefined;
  readonly routes: NetworkInterface["routes"];
}

/**
 * Runs in the new system, before the user's own scripts. A keyfile may have a section twice: NetworkManager reads both, and
 * of a key the last value.
 */
export function keyfileScript(all: readonly KeyfileAdditions[]): AddedFile[] {
  const lines = all.flatMap(({ connection, ...additions }) => {
    const text = sectionsOf(additions);
    return text === "" ? [] : [`add ${shellWord(connection)} <<'END'\n${text}END`];
  });
  return lines.length === 0 ? [] : [scriptFile("new-system/after/000-network", `${head}${lines.join("\n")}\n`)];
}

export const keyfiles = "/etc/NetworkManager/system-connections";

const head = String.raw`set -e
# add CONNECTION: what is read goes to the end of its keyfile
add() {
	file=$(grep -lxF -e "id=$1" -e "interface-name=$1" ${keyfiles}/*.nmconnection | head -n 1)
	[ "$file" ] || { echo "NetworkManager has no connection $1" >&2 && exit 1; }
	cat >>"$file"
}
`;

function sectionsOf({ method6, routes }: Omit<KeyfileAdditions, "connection">): string {
  const of = (family: number) =>
    routes
      .filter(({ via }) => isIP(via) === family)
      .map(({ to, via, metric }, index) => `route${100 + index}=${[to, via, metric ?? []].flat().join(",")}\n`);
  const ipv6 = [...(method6 === undefined ? [] : [`method=${method6}\n`]), ...of(6)];
  return [...section("ipv4", of(4)), ...section("ipv6", ipv6)].join("");
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`\n[${name}]\n`, ...lines];
}
