import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../iso/host";
import { cleartext, newKey } from "../releases/signing";
import { quickSource } from "../resources/machine/quick-source";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt, directories } = host;
const folder = scratchFolder();
const { path: image, sha256 } = quickSource(folder, "quick");
const port = 18_471;

/** The distribution's server, in the network of the provider. */
const server = `
  require("node:http").createServer((request, response) => {
    const file = require("node:fs").createReadStream(${JSON.stringify(folder)} + request.url);
    file.on("error", () => response.writeHead(404).end());
    file.on("open", () => file.pipe(response));
  }).listen(${port}, "127.0.0.1", () => console.log("listening"));
`;

const program = (hostname: string) => `
  const iso = new kvm.InstallerIso("moved-iso", {
    source: "own:1", catalogue: ${JSON.stringify(path.join(folder, "catalogue.yaml"))}, system: { hostname: "${hostname}" },
  });
  const volume = new kvm.Volume("moved-root", { size: "1GiB" });
  const machine = new kvm.Machine("moved", {
    memory: "512MiB", shutdownTimeout: "1s", disks: [{ volume: volume.id }], installer: iso.id,
  });
  Object.assign(exports, { iso: iso.urn, uuid: machine.uuid });
`;

describe("an image of a release by name that its distribution has removed", () => {
  let stack: TestStack;
  let distribution: ChildProcess;
  let key: Awaited<ReturnType<typeof newKey>>;
  let outputs: Record<string, unknown>;

  const publish = async (file: string) => {
    copyFileSync(image, path.join(folder, file));
    writeFileSync(path.join(folder, "SUMS"), await cleartext(`${sha256}  ${file}\n`, key.privateKey));
  };

  before(async () => {
    key = await newKey();
    writeFileSync(path.join(folder, "key"), key.publicKey);
    writeFileSync(
      path.join(folder, "catalogue.yaml"),
      `keys: { own: { fingerprint: ${key.fingerprint}, url: "http://127.0.0.1:${port}/key" } }
distributions:
  own:
    latest: "1"
    releases:
      "1": { family: debian, folder: "http://127.0.0.1:${port}/", iso: own-1.*.iso, sums: SUMS, keys: [own] }
`,
    );
    await publish("own-1.2.iso");
    const [command = "", ...args]: readonly string[] = [...enter, process.execPath, "-e", server];
    distribution = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    if (distribution.stdout !== null) await once(distribution.stdout, "data");
    stack = await createStack({ connection, enter });
    await stack.program(program("first"));
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    outputs = await stack.outputs();
  });
  after(async () => {
    distribution.kill();
    await stack.destroy();
    await stack.remove();
  });

  it("is an error that says how to look the name up again", async () => {
    rmSync(path.join(directories.downloads, `${sha256}.iso`));
    rmSync(path.join(folder, "own-1.2.iso"));
    await publish("own-1.3.iso");
    await stack.program(program("second"));
    const { ok, text } = await stack.up();
    assert.equal(ok, false, text);
    assert.ok(text.includes(`run \`pulumi up --replace '${String(outputs["iso"])}'\``), text);
  });

  it("is replaced so, and the machine stays as it is", async () => {
    const { ok, text, changes } = await stack.up("--replace", String(outputs["iso"]));
    assert.ok(ok, text);
    assert.equal(changes["replace"], 1, text);
    assert.deepEqual(await stack.outputs(), outputs);
    assert.equal((await libvirt.find("domain", "moved"))?.uuid, outputs["uuid"]);
    assert.match(await stack.state(), /own-1\.3\.iso/);
  });

  it("leaves nothing to do afterwards", async () => {
    const { ok, text, changes } = await stack.preview();
    assert.ok(ok, text);
    assert.deepEqual(changes, { same: 4 }, text);
  });
});
