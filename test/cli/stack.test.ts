import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Configuration } from "../../provider/config/configuration";
import { sshArguments } from "../../provider/cli/commands/ssh";
import { placesIn, projectFiles, stackNameOf } from "../../provider/cli/stack/names";
import { reinstalled } from "../../provider/cli/stack/program";
import { isAtLeast } from "../../provider/cli/stack/pulumi-command";
import { goingWith, resourcesIn, type StateResource } from "../../provider/cli/stack/state";
import { targetsOf } from "../../provider/cli/stack/targets";

const configuration: Configuration = {
  networks: { lab: {}, other: {} },
  pools: { fast: {} },
  volumes: { root: { pool: "fast", backing: { volume: "base" } }, base: {}, alone: {} },
  installers: { iso: {} },
  machines: {
    web: { disks: [{ volume: "root" }], nics: [{ network: "lab" }, { network: "hosts-own" }], installer: "iso" },
    db: { disks: [{ volume: "default/existing" }] },
  },
  data: {},
};

describe("a stack's name is that of its file", () => {
  for (const [file, name] of [
    ["/home/ann/lab.yaml", "lab"],
    ["/x/site.prod.yml", "site.prod"],
    ["/x/Büro 2.yaml", "B-ro-2"],
    ["/x/.yaml", "stack"],
  ] as const)
    it(file, () => assert.equal(stackNameOf(file), name));
});

describe("targets", () => {
  const names = (machines: readonly string[]) =>
    targetsOf(machines, configuration, "lab").map((urn) => urn.replace(/.*kvm:/, "").replace("index:", ""));
  it("are the machine and everything that it needs", () => {
    assert.deepEqual(names(["web"]), ["Deployment::lab", "Machine::web", "Volume::root", "StoragePool::fast", "Volume::base", "Network::lab", "InstallerIso::iso"]); // prettier-ignore
    assert.deepEqual(names(["db"]), ["Deployment::lab", "Machine::db"]);
  });
  it("are none for all machines", () => assert.deepEqual(names([]), []));
  it("an unknown machine is an error that names the others", () => {
    assert.throws(() => names(["wed"]), /there is no machine "wed"; did you mean "web"\? The machines: web, db/);
    assert.throws(() => names(["toString"]), /there is no machine "toString"/);
  });
});

const resource = (kind: string, name: string, dependencies: readonly string[] = [], outputs = {}): StateResource => ({
  ...{ kind, name, outputs, dependencies },
  urn: `${kind}::${name}`,
});

describe("with a machine go the volumes and installers that nothing else uses", () => {
  const resources = [
    resource("Network", "lab"),
    resource("Volume", "base"),
    resource("Volume", "root", ["Volume::base"]),
    resource("Volume", "shared"),
    resource("Volume", "unused"),
    resource("InstallerIso", "iso"),
    resource("Machine", "web", ["Volume::root", "Volume::shared", "InstallerIso::iso", "Network::lab"]),
    resource("Machine", "db", ["Volume::shared", "Network::lab"]),
  ];
  for (const [machines, going] of [
    [["web"], ["Machine::web", "Volume::root", "Volume::base", "InstallerIso::iso"]],
    [["db"], ["Machine::db"]],
    [
      ["web", "db"],
      ["Machine::web", "Machine::db", "Volume::root", "Volume::base", "Volume::shared", "InstallerIso::iso"],
    ],
  ] as const)
    it(machines.join(" and "), () => assert.deepEqual(goingWith(machines, resources).sort(), [...going].sort()));
});

it("a state's resources are those of kvm-deploy that are not to be deleted, and null is no value", () => {
  const type = "pulumi-nodejs:dynamic/kvm:Machine";
  const found = resourcesIn({
    resources: [
      { urn: "urn:pulumi:lab::kvm-deploy::pulumi:pulumi:Stack::lab", type: "pulumi:pulumi:Stack" },
      { urn: "a::web", type, outputs: { uuid: "1", release: null } },
      { urn: "a::old", type, delete: true },
    ],
  });
  assert.deepEqual(found, [{ urn: "a::web", kind: "Machine", name: "web", outputs: { uuid: "1" }, dependencies: [] }]);
  assert.deepEqual(resourcesIn(undefined), []);
});

describe("a requested reinstallation", () => {
  const texts = (own: string | undefined, forced: Record<string, string>) => {
    const web = own === undefined ? {} : { reinstall: own };
    return reinstalled({ ...configuration, machines: { web } }, forced).machines["web"]?.["reinstall"];
  };
  it("is the file's text and that of --force, so that a change of either counts", () => {
    assert.deepEqual(
      [
        texts(undefined, {}),
        texts("a", {}),
        texts(undefined, { web: "b" }),
        texts("a", { web: "b" }),
        texts("a", { db: "b" }),
      ],
      [undefined, "a", "b", "a, b", "a"],
    );
  });
});

it("a Pulumi CLI is new enough from the SDK's minor on", () => {
  const found = [
    [3, 269],
    [3, 270],
    [4, 0],
    [2, 999],
  ].map(([major = 0, minor = 0]) => isAtLeast({ major, minor }, "3.270"));
  assert.deepEqual(found, [false, true, true, false]);
});

it("the project names its backend only where the states are the user's own", () => {
  const { data, project } = placesIn("/home/ann/.local/share/kvm-deploy");
  assert.equal(project, `${data}/project`);
  assert.match(projectFiles(`file://${data}`)["Pulumi.yaml"] ?? "", /backend:\n {2}url: "file:/);
  assert.doesNotMatch(projectFiles(undefined)["Pulumi.yaml"] ?? "", /backend/);
});

describe("ssh", () => {
  const installed = { login: "ann", release: "Debian 13", hostKeys: ["ssh-rsa AAA", "ssh-ed25519 BBB"] };
  it("logs in as the installed account, and accepts the machine's own key alone", () => {
    const args = sshArguments(resource("Machine", "web", [], installed), "192.0.2.1", "qemu:///system", [
      "uptime",
      "-p",
    ]);
    assert.deepEqual(
      args.filter((arg) => arg !== "-o"),
      [
        "KnownHostsCommand=/bin/echo 192.0.2.1 ssh-ed25519 BBB",
        "UserKnownHostsFile=/dev/null",
        "GlobalKnownHostsFile=/dev/null",
        "StrictHostKeyChecking=yes",
        "HostKeyAlgorithms=ssh-ed25519",
        "ann@192.0.2.1",
        "uptime",
        "-p",
      ],
    );
  });
  it("takes root where kvm-deploy has not installed the system", () => {
    assert.deepEqual(sshArguments(resource("Machine", "web"), "192.0.2.1", "qemu:///system", []), ["root@192.0.2.1"]);
  });
  it("says what is missing where no account can log in", () => {
    const closed = resource("Machine", "web", [], { release: "Debian 13" });
    assert.throws(
      () => sshArguments(closed, "192.0.2.1", "qemu:///system", []),
      /no account of machine "web" can log in by SSH\. Give/,
    );
  });
});
