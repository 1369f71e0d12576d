import { addressOf, systemOf } from "./system";
import { dataOf, pathIn } from "./facts";
import type { Old, OldSystem } from "./shape";
import { fail, lose, note, type Pair, pairNamed, type Path, type Tree, valuesIn } from "./tree";

type Inputs = Readonly<Record<string, unknown>>;

/** The preseed template of a configuration, with its table. */
export interface Preseed {
  readonly pair: Pair;
  /** The paths of the table's values, by their placeholders. */
  readonly paths: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, string>;
}

export interface Installer {
  readonly inputs: Inputs;
  readonly preseed: Preseed | undefined;
  readonly origins: readonly (readonly [to: Path, from: Path])[];
}

export function installerOf(tree: Tree, old: Old, key: string): Installer {
  const { type } = old.distro;
  const own = old.distro[type] ?? {};
  const at: Path = ["distro", type];
  const system = systemOf(tree, old, own);
  const preseed = type === "debian" ? preseedOf(tree, own, at) : undefined;
  const inputs =
    preseed === undefined
      ? { system: { ...namesOf(key), ...system, ...networkOf(tree, old) }, ubuntu: {} }
      : { system: { ...system, ...scriptsOf(tree, old) }, debian: {}, ...answersOf(tree, own, preseed) };
  if (type === "ubuntu" && own.preseed !== undefined) note(tree, [...at, "preseed"], noPreseed);
  const to = (...path: Path): Path => ["installers", key, ...path];
  return {
    inputs: { source: sourceOf(tree, old), ...inputs },
    preseed,
    origins: [
      [to(), ["distro"]],
      [to("source"), ["distro", "iso", "file"]],
      [to("source", "path"), ["distro", "iso", "path"]],
      [to("source", "url"), ["distro", "iso", "source"]],
      [to("source", "sha256"), ["distro", "iso", "sha256"]],
      [to("system"), at],
      [to("system", "hostname"), ["vm", "name"]],
      [to("system", "domain"), ["vm", "name"]],
      [to("system", "network"), ["vm", "nic"]],
      [to("system", "rootKeys"), [...at, "ssh", "access", "rsa", "pub"]],
      [to("system", "hostKeys"), [...at, "ssh", "server"]],
      [to("system", "handOver"), [...at, "salt"]],
      [to("template"), [...at, "preseed"]],
      [to("table"), [...at, "preseed"]],
    ],
  };
}

const noPreseed =
  "is not used: the installer of Ubuntu Server reads no preseed file any more. kvm-deploy's own answers install it, with the names, addresses and keys of this configuration; for more, set `system` in the new form";

function preseedOf(tree: Tree, { preseed }: OldSystem, at: Path): Preseed {
  if (preseed === undefined) return fail(tree, at, "preseed is missing: the name of a preseed template");
  const pair = pairNamed(tree, `distro/debian/preseed/${preseed}`);
  if (pair === undefined)
    return fail(tree, [...at, "preseed"], `there is no templates/distro/debian/preseed/${preseed}.template`);
  return { pair, ...valuesIn(tree, pair, dataOf(tree)) };
}

/** The template fills in values of the old configuration: only those are passed on. */
function answersOf(tree: Tree, { preseed = "" }: OldSystem, { paths }: Preseed): Inputs {
  const base = `templates/distro/debian/preseed/${preseed}`;
  const used = [...paths.values()].map(pathIn);
  const config = pruned(tree.document.value, used);
  return { template: `${base}.template`, table: `${base}.table`, ...(used.length === 0 ? {} : { data: { config } }) };
}

function pruned(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  const below = (key: string | number) => paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
  if (Array.isArray(value))
    return value.map((item, index) => (below(index).length === 0 ? {} : pruned(item, below(index))));
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, inner]) =>
      below(key).length === 0 ? [] : [[key, pruned(inner, below(key))]],
    ),
  );
}

function namesOf(name: string): Inputs {
  const [hostname = "", ...domain] = name.split(".");
  return { hostname, ...(domain.length === 0 ? {} : { domain: domain.join(".") }) };
}

/** The preseed file has the first NIC; the tool added the others to the new system. */
function scriptsOf(tree: Tree, old: Old): Inputs {
  const interfaces = old.vm.nic.slice(1).map((_, index) => {
    const name = `eth${index + 1}`;
    return `\nallow-hotplug ${name}\niface ${name} inet static\n\taddress ${addressOf(tree, old, index + 1)}\n`;
  });
  if (interfaces.length === 0) return {};
  return { scripts: { after: [`cat >> /etc/network/interfaces <<'END'\n${interfaces.join("")}END\n`] } };
}

function networkOf(tree: Tree, old: Old): Inputs {
  const interfaces = old.vm.nic.map(({ net }, index) => ({
    name: `eth${index}`,
    addresses: [addressOf(tree, old, index)],
    ...(index === 0 && net.gateway !== undefined ? { gateway: net.gateway } : {}),
    ...(index === 0 && net.dns !== undefined ? { dns: [net.dns] } : {}),
  }));
  return { network: { interfaces } };
}

const debianImage = /^debian-(\d+\.\d+)\.\d+-amd64-(netinst|DVD-1)\.iso$/;
const ubuntuImage = /^ubuntu-(\d+\.\d+)(?:\.\d+)?-(?:live-)?server-amd64\.iso$/;

/** kvm-deploy installs from no image without its sum; a distribution's own image has one that the distribution signs. */
function sourceOf(tree: Tree, { distro: { type, iso } }: Old): unknown {
  const { path, file, source, sha256 } = iso;
  const at: Path = ["distro", "iso", "file"];
  if (sha256 !== undefined) return source === undefined ? { path: `${path}/${file}`, sha256 } : { url: source, sha256 };
  const [, point, medium] = debianImage.exec(file) ?? [];
  const [, release] = ubuntuImage.exec(file) ?? [];
  const name =
    type === "debian"
      ? point && `debian:${point}${medium === "netinst" ? "" : "/dvd"}`
      : release && `ubuntu:${release}`;
  if (name === undefined) {
    lose(
      tree,
      at,
      `${file} has no known sum. Write it next to \`file\`, as sha256: "…"; \`sha256sum ${path}/${file}\` prints it`,
    );
    return { path: `${path}/${file}`, sha256: "0".repeat(64) };
  }
  note(
    tree,
    at,
    `is ${name}: the distribution's own image is downloaded, and its signature verified; path and source are not used`,
  );
  return name;
}
