import { z } from "zod";
import { exactlyOne, type Rule, rulesOf, within } from "../../../resource/rules";
import { KvmError } from "../../../values/errors";
import type { AddedFile } from "../../family";
import type { SystemUser } from "../accounts";
import { type Ansible, ansible, ansibleRule, ansibleTakeOver } from "./ansible";
import { type Chef, chef, chefTakeOver } from "./chef";
import { type CloudInit, cloudInit, cloudInitTakeOver } from "./cloud-init";
import { firstStart } from "./first-start";
import { openFile, rootFile, type TakeOver } from "./manager";
import { type Puppet, puppet, puppetRule, puppetTakeOver } from "./puppet";
import { type Repository, repository, repositoryFiles } from "./repository";
import { type Salt, salt, saltRule, saltTakeOver } from "./salt";
import { takeOverScript } from "./script";

const managers = ["salt", "ansible", "puppet", "chef", "cloudInit", "script"] as const;

interface Given {
  readonly salt?: Salt | undefined;
  readonly ansible?: Ansible | undefined;
  readonly puppet?: Puppet | undefined;
  readonly chef?: Chef | undefined;
  readonly cloudInit?: CloudInit | undefined;
  readonly script?: string | undefined;
  readonly repository?: Repository | undefined;
}

/** What manages the new system from its first start on. */
export const handOver = z
  .strictObject({
    salt: salt.optional().meta({ description: "A minion or master of Salt.", sets: "/etc/salt" }),
    ansible: ansible.optional().meta({
      description: "Ansible logs in: {} installs Python, and the machine's `ansibleInventory` says how.",
      sets: "python3",
    }),
    puppet: puppet.optional().meta({ description: "An agent of Puppet or OpenVox.", sets: "puppet.conf" }),
    chef: chef.optional().meta({ description: "A node of a Chef server.", sets: "/etc/chef" }),
    cloudInit: cloudInit
      .optional()
      .meta({ description: "User data for cloud-init, which carries it out at the first start.", sets: "NoCloud" }),
    script: z.string().min(1, { error: "is empty; leave it out" }).optional().meta({
      description:
        "A script that runs as root when the system has started for the first time and has a network, after those of `scripts.firstBoot`; at each further start, too, until it has succeeded.",
      sets: "a systemd unit",
      secret: true,
    }),
    repository: repository.optional().meta({
      description:
        "Where the packages come from, if not from the distribution. They are installed at the end of the installation, which needs a network then.",
      sets: "/etc/apt/sources.list.d, /etc/yum.repos.d, /etc/zypp/repos.d",
    }),
  })
  .superRefine(
    rulesOf<Given>(
      exactlyOne(managers, `must have one of ${managers.map((name) => `\`${name}\``).join(", ")}`),
      within("salt", saltRule),
      within("puppet", puppetRule),
      ({ script, ansible: toAnsible, repository: from }, report) => {
        if (from === undefined || (script === undefined && toAnsible === undefined)) return;
        report(["repository"], "is of no use to a script or to Ansible; leave it out");
      },
    ),
  );

export type HandOver = z.output<typeof handOver>;

interface Whole {
  readonly handOver?: HandOver | undefined;
  readonly rootKeys: readonly string[];
  readonly users: readonly SystemUser[];
}

/** What concerns the accounts, too. */
export const handOverRule: Rule<Whole> = ({ handOver: given, rootKeys, users }, report) => {
  if (given?.ansible === undefined) return;
  ansibleRule(given.ansible, (path, message) => report(["handOver", "ansible", ...path], message), { rootKeys, users });
};

export function takeOverOf({
  salt: toSalt,
  puppet: toPuppet,
  chef: toChef,
  ...others
}: HandOver): TakeOver | undefined {
  if (toSalt !== undefined) return saltTakeOver(toSalt);
  if (toPuppet !== undefined) return puppetTakeOver(toPuppet);
  if (toChef !== undefined) return chefTakeOver(toChef);
  if (others.ansible !== undefined) return ansibleTakeOver;
  if (others.cloudInit !== undefined) return cloudInitTakeOver(others.cloudInit);
  const { script } = others;
  return script === undefined ? undefined : { title: "the script", packages: [], ...firstStart("the script", script) };
}

/** What the installer installs; from a repository of its own the hand-over does. */
export function managerPackages(given: HandOver | undefined, kind: "apt" | "rpm"): readonly string[] {
  if (given === undefined || given.repository !== undefined) return [];
  const { packages = [], rpmPackages = packages } = takeOverOf(given) ?? {};
  return kind === "rpm" ? rpmPackages : packages;
}

/** The files of the hand-over, below the directory of its script. */
export function takeOverFiles(given: HandOver | undefined, proxy: string | undefined): AddedFile[] {
  const takeOver = given && takeOverOf(given);
  if (given === undefined || takeOver === undefined) return [];
  const { title, packages, program, commands, unit } = takeOver;
  const facts = Object.entries({ title, program, commands, unit });
  requireDistinct(takeOver.files);
  return [
    { path: scriptPath, content: takeOverScript, mode: 0o700 },
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [rootFile(`take-over/${name}`, value)])),
    ...[...takeOver.files, ...reportOf(unit)].map((file) => ({ ...file, path: `take-over/files/${file.path}` })),
    ...(given.repository === undefined ? [] : sourceFiles(given.repository, packages, proxy)),
  ];
}

/** A file of the user's own directory would be lost where an option writes another with its path. */
function requireDistinct(files: readonly AddedFile[]): void {
  const paths = files.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice === undefined) return;
  throw new KvmError("invalid-input", `the file /${twice} of its directory is also written by another option`, {
    property: "system.handOver",
    remedy: "Remove the file from the directory, or the option",
  });
}

/** Before the scripts of the user's own, which may change what it has set up. */
const scriptPath = "after/000-take-over";

function sourceFiles(from: Repository, packages: readonly string[], proxy: string | undefined): AddedFile[] {
  return [
    ...repositoryFiles(from).map((file) => ({ ...file, path: `take-over/repository/${file.path}` })),
    rootFile("take-over/packages", packages.join("\n")),
    ...(proxy === undefined ? [] : [rootFile("take-over/proxy", proxy)]),
  ];
}

/** A unit that fails says so on the consoles, whose log is on the host. */
function reportOf(unit: string | undefined): AddedFile[] {
  if (unit === undefined) return [];
  const report = "kvm-deploy-hand-over-failed.service";
  const words = `kvm-deploy: the hand-over has failed; journalctl -u ${unit} shows why`;
  return [
    openFile(`etc/systemd/system/${unit}.d/kvm-deploy.conf`, ["[Unit]", `OnFailure=${report}`]),
    openFile(`etc/systemd/system/${report}`, [
      "[Unit]",
      "Description=Report on the console that the hand-over has failed",
      "",
      "[Service]",
      "Type=oneshot",
      `ExecStart=/bin/sh -c 'echo "${words}" >/dev/console'`,
    ]),
  ];
}
