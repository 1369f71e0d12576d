import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { meantBy } from "../../provider/cli/commands/machine";
import { configurationFile } from "../../provider/cli/configuration-file";
import { root } from "../site";
import { testTerminal, testWorld } from "./terminal";

describe("kvm-deploy MACHINE", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-machine-"));
  const [directory, configurations] = ["here", "etc"].map((name) => path.join(folder, name)) as [string, string];
  const host = () => assert.fail("no host is needed");
  const plain = testWorld(testTerminal(), { host });
  const world = { ...plain, surroundings: { ...plain.surroundings, directory, configurations } };
  const meant = async (word: string) => {
    const { file, machine } = await meantBy({ command: "", options: [], arguments: { MACHINE: [word] } }, world);
    return [path.relative(folder, file), machine];
  };
  before(() => {
    mkdirSync(directory);
    cpSync(path.join(root, "test/config/kvm-deploy-2014/etc"), configurations, { recursive: true });
    rmSync(path.join(configurations, "router.yaml"));
    cpSync(path.join(configurations, "web.yaml"), path.join(configurations, "old.yaml"));
    writeFileSync(path.join(configurations, "own.yaml"), "machines: { other: { memory: 1GiB } }\n");
    writeFileSync(path.join(directory, "lab.yaml"), "machines: { db: { memory: 1GiB } }\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("finds the machine's own file, also one of 2014", async () => {
    assert.deepEqual(await meant("web"), ["etc/web.yaml", "web"]);
  });
  it("takes the name of a file of 2014 for its machine", async () => {
    assert.deepEqual(await meant("old"), ["etc/old.yaml", "web"]);
  });
  it("finds it in the only configuration of the directory", async () => {
    assert.deepEqual(await meant("db"), ["here/lab.yaml", "db"]);
  });
  it("takes no other machine of a file of today", async () => {
    await assert.rejects(meant("own"), /no machine "own": .*etc\/own\.yaml has none of that name; its machines: other/);
  });
  it("says that a command is missing before a file", async () => {
    await assert.rejects(meant("lab.yaml"), /a command is missing before lab\.yaml, such as `kvm-deploy up lab\.yaml`/);
  });
  it("without a word, the only configuration may be one of 2014", async () => {
    const only = path.join(folder, "only");
    mkdirSync(only);
    cpSync(path.join(configurations, "web.yaml"), path.join(only, "web.yaml"));
    const elsewhere = { ...world, surroundings: { ...world.surroundings, directory: only } };
    const file = await configurationFile({ command: "up", options: [], arguments: {} }, elsewhere);
    assert.equal(file, path.join(only, "web.yaml"));
  });
});
