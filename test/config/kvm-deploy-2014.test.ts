import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { run as migrate } from "../../provider/cli/commands/migrate";
import { openSshKey } from "../../provider/config/kvm-deploy-2014/open-ssh-key";
import { readConfiguration } from "../../provider/config/read";
import { escapePreseed } from "../../provider/format/preseed";
import { renderAnswers } from "../../provider/install/shared/render";
import { parsePrivateKey } from "../../provider/install/shared/ssh-keys";
import { systemOptions } from "../../provider/install/shared/system";
import { KvmError } from "../../provider/values/errors";
import { testTerminal, testWorld } from "../cli/terminal";

const tree = path.relative("", path.join(__dirname, "kvm-deploy-2014/etc"));
const machines = ["router", "ubuntu", "web"];

type Installer = Readonly<Record<"template" | "table", string>> & { readonly data: Record<string, unknown> };

/** The answers that an installer of a loaded configuration gets. */
function answersOf(installer: Readonly<Record<string, unknown>>): string {
  const { template, table, data } = installer as Installer;
  const pair = {
    template: { path: template, text: readFileSync(template, "utf8"), isOwn: true },
    table: { path: table, text: readFileSync(table, "utf8"), isOwn: true },
  };
  const request = { system: systemOptions.parse({}), own: {}, data, pair, mark: "" };
  return renderAnswers("debian", request, {}, escapePreseed).text;
}

describe("configurations of kvm-deploy 2014", () => {
  for (const name of machines) {
    it(`${name} loads`, () => {
      const golden = path.join(tree, `../${name}.out.json`);
      const text = `${JSON.stringify(readConfiguration(`${tree}/${name}.yaml`), null, 2)}\n`;
      if (process.env["UPDATE"] === "1") writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, "utf8"));
    });
  }

  it("have the preseed file that the tool of 2014 made", () => {
    const { installers } = readConfiguration(`${tree}/router.yaml`);
    assert.equal(
      `${answersOf(installers["router"] ?? {})}\n`,
      readFileSync(path.join(tree, "../router.out.cfg"), "utf8"),
    );
  });
});

describe("host keys in PEM, as ssh-keygen wrote them in 2014", () => {
  it("become OpenSSH's own with the same public half", () => {
    const text = readFileSync(`${tree}/includes/distro/debian/includes/ssh.yaml`, "utf8").replaceAll(/^ +/gm, "");
    const keys = text.match(/-----BEGIN (?:RSA|EC) PRIVATE KEY-----[^]*?-----END [^\n]*/g) ?? [];
    const types = keys.map((key) => parsePrivateKey(openSshKey(key)).type);
    assert.deepEqual(types, ["ssh-rsa", "ssh-rsa", "ecdsa-sha2-nistp256"]);
    const [, , publicKey] = /^server:\nrsa:\n[^]*?\npub: \|\n(\S+ (\S+))/m.exec(text) ?? [];
    assert.equal(parsePrivateKey(openSshKey(keys[1] ?? "")).publicKey.split(" ")[1], publicKey);
  });
});

/** A copy of the tree in which texts of one file are replaced. */
function changed(directory: string, file: string, from: string | RegExp, to: string): void {
  cpSync(tree, directory, { recursive: true });
  const place = path.join(directory, file);
  const text = readFileSync(place, "utf8");
  assert.match(text, typeof from === "string" ? new RegExp(from.replaceAll(/[[\]().*+$|\\]/g, String.raw`\$&`)) : from);
  writeFileSync(place, text.replace(from, to));
}

const wrong: readonly (readonly [what: string, file: string, from: string | RegExp, to: string, error: RegExp])[] = [
  [
    "an expression of Python",
    "templates/distro/debian/preseed/server.table",
    "config.vm.nic[0].ip",
    "config.vm.name.split('.')[0]",
    /server\.table:4:14: "config\.vm\.name\.split\('\.'\)\[0\]" is not a path; write one such as config\.vm\.nic\[0\]\.ip\./,
  ],
  [
    "a sum in an expression",
    "templates/virsh/vm.table",
    "config.vm.mem",
    "config.vm.mem * 1024",
    /vm\.table:2:9: "config\.vm\.mem \* 1024" is not a path/,
  ],
  [
    "a path that leads nowhere",
    "templates/virsh/network/isolated.table",
    "net.name",
    "net.nam",
    /isolated\.table:1:12: there is no config\.vm\.nic\[1\]\.net\.nam; did you mean "name"\?/,
  ],
  [
    "a path to a list",
    "templates/distro/debian/preseed/server.table",
    "config.vm.nic[0].ip",
    "config.vm.nic",
    /server\.table:4:14: config\.vm\.nic is a list; name one of its items/,
  ],
  [
    "a line without a path",
    "templates/distro/debian/preseed/server.table",
    /^%%NAME%% .*/,
    "%%NAME%%",
    /server\.table:1:1: the path of the value is missing/,
  ],
  [
    "a name that is no placeholder",
    "templates/distro/debian/preseed/server.table",
    "%%NAME%%",
    "NAME",
    /server\.table:1:1: NAME is not a placeholder/,
  ],
  [
    "an option of virt-install",
    "templates/virsh/vm.template",
    "--autostart",
    "--cpu host",
    /vm\.template:9:1: --cpu host can't be carried over; remove it here/,
  ],
  [
    "an element of a network",
    "templates/virsh/network/isolated.template",
    "  <bridge",
    "  <bandwidth/>\n  <bridge",
    /isolated\.template:3:1: network\/bandwidth of a network can't be carried over/,
  ],
  [
    "a network that isn't XML",
    "templates/virsh/network/isolated.template",
    "<network>",
    "network",
    /router\.yaml|virbrXiso1\.yaml:2:11: vm\.nic\[1\]\.net\.template: .*isolated\.template/,
  ],
  [
    "a missing template",
    "includes/net/virbrXiso1.yaml",
    "isolated",
    "nowhere",
    /virbrXiso1\.yaml:2:11: vm\.nic\[1\]\.net\.template: there is no templates\/virsh\/network\/nowhere\.template/,
  ],
  [
    "an image without a known sum",
    "includes/distro/debian/router.yaml",
    "debian-13.2.0-amd64-netinst.iso",
    "mini.iso",
    /router\.yaml:4:9: distro\.iso\.file: mini\.iso has no known sum\. Write it next to `file`, as sha256: "…"; `sha256sum \/\S+\/mini\.iso` prints it$/m,
  ],
  [
    "an object of Python",
    "router.yaml",
    "name: router",
    "name: !!python/object/apply:os.system [id]",
    /router\.yaml:4:9: there is no such tag/,
  ],
  [
    "an include in a circle",
    "includes/net/virbrXiso1.yaml",
    "isolated",
    "!include ../includes/net/virbrXiso1.yaml",
    /includes itself: /,
  ],
  ["a missing section", "router.yaml", /^vm:[^]*/m, "", /vm: is missing/],
  [
    "a wrong address",
    "router.yaml",
    "172.16.1.1",
    "172.16.1.256",
    /router\.yaml:15:11: vm\.nic\[1\]\.ip: "172\.16\.1\.256" is not an IPv4 address/,
  ],
  [
    "a wrong memory",
    "router.yaml",
    "mem: 768",
    "mem: much",
    /router\.yaml:5:8: machines\.router\.memory: "muchMiB" is not a size/,
  ],
  [
    "a time where a text is meant",
    "router.yaml",
    "mem: 768",
    "mem: 2014-05-06 10:00:00",
    /router\.yaml:5:8: is a time to Python's YAML loader; write the text in quotes/,
  ],
];

describe("a configuration of kvm-deploy 2014 is refused with its place:", () => {
  let directory = "";
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-2014-"));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });
  for (const [index, [what, file, from, to, error]] of wrong.entries()) {
    it(what, () => {
      const place = path.join(directory, String(index));
      changed(place, file, from, to);
      assert.throws(
        () => readConfiguration(path.join(place, "router.yaml")),
        (thrown) => {
          assert.ok(thrown instanceof KvmError, String(thrown));
          assert.match(thrown.message, error);
          return true;
        },
      );
    });
  }
});

describe("kvm-deploy migrate", () => {
  let directory = "";
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-migrate-"));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const world = (terminal: ReturnType<typeof testTerminal>) =>
    testWorld(terminal, { host: () => assert.fail("no host is needed") });
  const ran = async (old: string, to: string) => {
    const terminal = testTerminal();
    const request = { command: "migrate", options: [], arguments: { OLD: [old], NEW: [to] } };
    // A failure may come before the promise.
    const code = await Promise.resolve().then(() => migrate(request, world(terminal)));
    return { code, printed: terminal.printed.join("\n") };
  };
  /** Without the new pairs, and with the other files' paths below the configuration's directory. */
  const withoutFiles = (configuration: ReturnType<typeof readConfiguration>, around: string) => ({
    ...configuration,
    installers: Object.fromEntries(
      Object.entries(configuration.installers).map(([key, entry]) => [
        key,
        JSON.parse(JSON.stringify({ ...entry, template: "", table: "" }).replaceAll(`"${around}/`, '"')) as unknown,
      ]),
    ),
  });

  it("writes configurations that are the same, and whose answers are the same", async () => {
    const to = path.join(directory, "new");
    const { code, printed } = await ran(tree, to);
    assert.equal(code, 0, printed);
    assert.match(printed, /ubuntu\/common\.yaml:7:12: distro\.ubuntu\.preseed: is not used: /);
    for (const name of machines) {
      const [was, is] = [`${tree}/${name}.yaml`, `${to}/${name}.yaml`].map((file) => readConfiguration(file));
      assert.ok(was !== undefined && is !== undefined);
      assert.deepEqual(withoutFiles(is, to), withoutFiles(was, tree));
      if (name === "ubuntu") continue;
      const [before, after] = [was, is].map(({ installers }) => answersOf(installers[name] ?? {}));
      assert.equal(after, before);
    }
    for (const file of ["", "web.yaml", "templates/web.preseed.hbs", "salt/conf/router/minion"])
      assert.equal(statSync(path.join(to, file)).mode & 0o077, 0, file);
  });

  it("overwrites nothing", async () => {
    await assert.rejects(ran(tree, directory), /exists already\. Give a directory that does not exist yet/);
    await assert.rejects(ran(`${tree}/web.yaml`, `${tree}/web.yaml`), /web\.yaml exists already/);
  });

  it("lists what it could not carry over, and writes the rest", async () => {
    const [old, to] = [path.join(directory, "old"), path.join(directory, "rest")];
    changed(old, "templates/virsh/vm.template", "--autostart", "--cpu host");
    changed(path.join(directory, "other"), "web.yaml", "name: web", 'name: "a\\nb"');
    const { code, printed } = await ran(`${old}/web.yaml`, to);
    assert.equal(code, 1);
    assert.match(printed, /Not carried over:\n {2}\S*vm\.template:9:1: --cpu host can't be carried over/);
    assert.deepEqual(Object.keys(readConfiguration(`${to}/web.yaml`).machines), ["web"]);
    const broken = await ran(path.join(directory, "other/web.yaml"), `${to}2`);
    assert.match(broken.printed, /web\.yaml:3:9: the value of %%NAME%% has a line break/);
  });

  it("lists Salt's directories that it can't copy", async () => {
    for (const [name, given, why] of [
      ["a", "nowhere", "the directory .*salt/conf/nowhere does not exist"],
      ["b", "../../../outside", "is not below the configuration's directory"],
    ] as const) {
      const old = path.join(directory, `salt-${name}`);
      changed(old, "includes/distro/debian/router.yaml", "config: router", `config: ${given}`);
      const { code, printed } = await ran(`${old}/router.yaml`, `${old}-new`);
      assert.equal(code, 1);
      assert.match(printed, new RegExp(`router\\.yaml:12:\\d+: salt: .*${why}`));
    }
  });

  it("takes only configurations of 2014", async () => {
    await assert.rejects(ran("examples/example2/example2.yaml", path.join(directory, "no")), /is no configuration of/);
    await assert.rejects(ran("examples", path.join(directory, "no")), /no file in examples is a configuration of/);
    await assert.rejects(ran("nowhere.yaml", path.join(directory, "no")), /"nowhere\.yaml" does not exist/);
  });
});
