import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "../../provider/host/run";
import { site } from "../site";
import { type CommandSite, commandSite, smallLab } from "./command";

const { connection, host } = site();
const prefix = "cmd";

interface Result {
  readonly isOk: boolean;
  readonly resources: readonly {
    readonly name: string;
    readonly operation: string;
    readonly changes: readonly string[];
  }[];
}

/** What was done, without what was only looked at: `create cmd-net`. */
function done(out: string): string[] {
  const { resources } = JSON.parse(out) as Result;
  return resources
    .filter(({ operation }) => !["same", "refresh"].includes(operation))
    .map(({ name, operation, changes }) => [operation, name, ...changes].join(" "))
    .sort();
}

describe("the command deploys a configuration with the real engine", () => {
  let lab: CommandSite;
  before(() => {
    lab = commandSite(connection);
    lab.write(smallLab(prefix, ["web", "db"]));
  });
  after(async () => {
    await lab.run("destroy", "--yes");
    lab.remove();
  });
  const domains = async () =>
    (await host.libvirt.list("domain"))
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`${prefix}-`))
      .sort();

  it("says what is wrong with a configuration before the engine starts", async () => {
    lab.write(smallLab(prefix, ["web"]).replace("memory", "memry"));
    const { code, out, err } = await lab.run("preview");
    lab.write(smallLab(prefix, ["web", "db"]));
    assert.deepEqual([code, out], [2, ""]);
    assert.match(
      err,
      /^kvm-deploy: .*errors? in the configuration .*lab\.yaml\n[^]*lab\.yaml:6:14: machines\.cmd-web\.memry: there is no such key; did you mean "memory"\?/,
    );
  });

  it("a preview finds the changes, and makes none", async () => {
    const { code, out } = await lab.run("preview");
    assert.equal(code, 1, out);
    assert.match(out, /^machine cmd-web: to create$/m);
    assert.match(out, /^5 to create$/m);
    assert.deepEqual(await domains(), []);
  });

  it("up without a terminal needs --yes", async () => {
    const { code, err } = await lab.run("up");
    assert.deepEqual([code, /no terminal to ask for confirmation, so --yes is required/.test(err)], [2, true], err);
  });

  it("up of one machine makes it with all that it needs, and nothing else", async () => {
    const { code, out, err } = await lab.run("up", "cmd-web", "--yes", "--json");
    assert.equal(code, 0, out + err);
    assert.deepEqual(done(out), ["create cmd-net", "create cmd-web", "create cmd-web-root"]);
    assert.deepEqual(await domains(), ["cmd-web"]);
  });

  it("status shows each machine, also what is not deployed", async () => {
    const { code, out } = await lab.run("status");
    assert.equal(code, 1);
    assert.deepEqual(out.trimEnd().split("\n"), [
      "MACHINE  STATE           ADDRESS  RELEASE  PHASE  WAITS FOR A RESTART",
      "cmd-web  ○ shut off      -        -        -      -",
      "cmd-db   ○ not deployed  -        -        -      -",
    ]);
  });

  it("up makes the rest, and then there is nothing left to do", async () => {
    const up = await lab.run("up", "--yes", "--json");
    assert.deepEqual(done(up.out), ["create cmd-db", "create cmd-db-root"], up.err);
    const preview = await lab.run("preview");
    assert.deepEqual([preview.code, preview.out], [0, "5 unchanged\n"]);
    const status = await lab.run("status", "--json");
    assert.equal(status.code, 0, status.out);
  });

  it("a change names its inputs, and its effect", async () => {
    lab.write(smallLab(prefix, ["web", "db"], "20MiB"));
    const preview = await lab.run("preview", "cmd-db", "--json");
    assert.deepEqual([preview.code, done(preview.out)], [1, ["update cmd-db memory"]]);
    assert.match(preview.out, /cmd-db: memory: in force when cmd-db starts/);
    const up = await lab.run("up", "--yes");
    assert.match(up.out, /^machine cmd-db: changed \(0:\d\d\)$/m);
    assert.match(up.out, /^2 changed, 3 unchanged/m);
  });

  it("what another program has removed is found by a refresh, and made again", async () => {
    const entry = await host.libvirt.find("domain", "cmd-db");
    await host.libvirt.undefine("domain", entry?.uuid ?? "");
    const status = await lab.run("status", "cmd-db");
    assert.match(status.out, /^cmd-db +○ missing/m);
    const refresh = await lab.run("refresh", "--yes", "--json");
    assert.deepEqual([refresh.code, done(refresh.out)], [0, ["delete cmd-db"]], refresh.out);
    const up = await lab.run("up", "--yes", "--json");
    assert.deepEqual(done(up.out), ["create cmd-db"]);
  });

  it("a file of the same name elsewhere can't take the stack", async () => {
    lab.write(smallLab(prefix, ["web"]), "data/lab.yaml");
    const { code, err } = await lab.run("preview", "data/lab.yaml");
    assert.equal(code, 2);
    assert.match(
      err,
      /the stack lab belongs to .*\/lab\.yaml\. If it is the stack of .*data\/lab\.yaml, run this again with --stack lab/,
    );
    assert.deepEqual(await domains(), ["cmd-db", "cmd-web"]);
  });

  it("pulumi itself finds nothing to change in the same stack", async () => {
    const project = path.join(lab.directory, "data/kvm-deploy/project");
    const env = { ...lab.env, PULUMI_CONFIG_PASSPHRASE_FILE: "../passphrase", PULUMI_SKIP_UPDATE_CHECK: "true" };
    const args = ["preview", "--stack", "lab", "--non-interactive", "--expect-no-changes"];
    const { stdout } = await run("pulumi", args, { cwd: project, env, timeoutMs: 10 * 60_000 });
    assert.match(stdout, /7 unchanged/);
  });

  it("states, settings and passphrase are for their user alone", () => {
    const data = path.join(lab.directory, "data/kvm-deploy");
    assert.deepEqual(
      [data, path.join(data, "passphrase")].map((file) => statSync(file).mode & 0o777),
      [0o700, 0o600],
    );
    const passphrase = readFileSync(path.join(data, "passphrase"), "utf8");
    assert.ok(passphrase.length >= 32);
    const names = readdirSync(path.join(data, "project")).sort();
    assert.deepEqual(names, ["Pulumi.lab.yaml", "Pulumi.yaml", "index.js", "node_modules", "package.json"]);
  });

  it("pulumi runs on the stack, of which it needs no name", async () => {
    const { code, out } = await lab.run("pulumi", "lab.yaml", "--", "stack", "--show-name");
    assert.deepEqual([code, out], [0, "lab\n"]);
    const missing = await lab.run("pulumi", "no.yaml", "--", "stack");
    assert.match(missing.err, /nothing was deployed from .*no\.yaml, which does not exist/);
  });

  it("a secret that the stack does not have is an error at its place, with the command that sets it", async () => {
    const installer = `installers: { cmd-i: { source: { path: /a.iso, sha256: "${"0".repeat(64)}" }, debian: {}, system: { rootPassword: !secret word } } }`;
    lab.write(`${installer}\n`, "data/secrets.yaml");
    const { code, out } = await lab.run("preview", "data/secrets.yaml", "--json");
    assert.equal(code, 2);
    const { messages } = JSON.parse(out) as { messages: { text: string }[] };
    assert.match(
      messages.map(({ text }) => text).join(),
      /secrets\.yaml:1:\d+: the stack has no secret "word"; give it by `kvm-deploy pulumi data\/secrets\.yaml -- config set --secret word`$/,
    );
  });

  it("with another passphrase, what needs no secret works, and the rest says so", async () => {
    const other = { ...lab.env, PULUMI_CONFIG_PASSPHRASE: "another" };
    const status = await lab.with(other).run("status", "lab.yaml", "--json");
    assert.equal(status.code, 0, status.err);
    const preview = await lab.with(other).run("preview", "lab.yaml", "--json");
    assert.deepEqual([preview.code, preview.err], [2, ""]);
    assert.match(preview.out, /incorrect passphrase/);
  });

  it("destroy of one machine leaves the others, and what they need", async () => {
    const { code, out, err } = await lab.run("destroy", "cmd-db", "--yes", "--json");
    assert.deepEqual([code, done(out)], [0, ["delete cmd-db", "delete cmd-db-root"]], out + err);
    assert.deepEqual(await domains(), ["cmd-web"]);
  });

  it("destroy needs no valid configuration", async () => {
    lab.write("machines: [");
    const { code, out } = await lab.run("destroy", "lab.yaml", "--yes");
    assert.equal(code, 0, out);
    assert.match(out, /^3 deleted/m);
    assert.deepEqual(await domains(), []);
  });

  it("a lost passphrase is never replaced by another one", async () => {
    lab.write(smallLab(prefix, ["web"]));
    const passphrase = path.join(lab.directory, "data/kvm-deploy/passphrase");
    const kept = readFileSync(passphrase);
    rmSync(passphrase);
    const { code, err } = await lab.run("preview");
    assert.deepEqual([code, existsSync(passphrase)], [2, false]);
    assert.match(err, /the passphrase of your stacks, .*, is missing\. Restore it from a backup/);
    writeFileSync(passphrase, kept, { mode: 0o600 });
  });
});
