import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { parseInstallation, installationPath } from "../../../provider/install/installation";
import { readIsoText } from "../../../provider/iso/inspect";
import type { Properties } from "../../../provider/resource/handler";
import { unknownValue } from "../../../provider/resource/known";
import { digestOf as keylessDigest } from "../../../provider/resources/installer-iso/digest";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { installerIsoInputs } from "../../../provider/resources/installer-iso/schema";
import { testContext } from "../../context";
import { makeKeyPair } from "../../install/shared/keys";
import { makeDebianIso } from "../../iso/debian-iso";
import { scratchFolder, scratchHost } from "../../iso/host";

const connection = "qemu:///session";
const folder = scratchFolder();
const host = scratchHost(path.join(folder, "host"));
const urn = "urn:pulumi:dev::lab::kvm::iso";
const context = { ...testContext(connection, urn), host: () => host };
const strangers = { ...testContext(connection, `${urn}-of-another`), host: () => host };

const sourcePath = path.join(folder, "debian.iso");
makeDebianIso(sourcePath);
const source = { path: sourcePath, sha256: sha256(sourcePath) };
const { privateKey, publicKey } = makeKeyPair("-t", "ed25519");
const inputs = {
  name: "web",
  source,
  system: { hostname: "web", rootKeys: [publicKey], hostKeys: { ed25519: privateKey } },
};
const template = path.join(folder, "own.hbs");
const table = path.join(folder, "own.yaml");

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

async function checked(news: Properties, olds: Properties = {}, by = context): Promise<Properties> {
  const { failures, inputs: result } = await installerIso.check(olds, news, by);
  assert.deepEqual(failures, []);
  return result;
}

async function failuresOf(news: Properties, olds: Properties = {}, by = context): Promise<string[]> {
  const { failures } = await installerIso.check(olds, news, by);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

async function digestOf(news: Properties): Promise<unknown> {
  return (await checked(news))["digest"];
}

describe("the inputs of an InstallerIso", () => {
  const wrong: [change: Properties, failure: RegExp][] = [
    [{ source: { sha256: source.sha256 } }, /^source: must have either `path` or `url`$/],
    [{ source: { ...source, url: "https://example.org/a.iso" } }, /^source: must have either `path` or `url`$/],
    [
      { source: { url: "ftp://example.org/a.iso", sha256: source.sha256 } },
      /^source\.url: is not a URL; write it like/,
    ],
    [
      { source: { url: "https://me:secret@example.org/a.iso", sha256: source.sha256 } },
      /^source\.url: contains a login, which is not supported; download the file yourself and give its `path`$/,
    ],
    [{ source: { path: sourcePath } }, /^source\.sha256: is missing/],
    [{ source: { ...source, sha256: "abc" } }, /^source\.sha256: /],
    [{ source: { ...source, path: "debian.iso" } }, /^source\.path: /],
    [{ source: { ...source, path: "/no/such.iso" } }, /^source\.path: there is no file \/no\/such\.iso on the host/],
    [{ source: { ...source, path: folder } }, /^source\.path: .* is not a file/],
    [{ source: { ...source, path: __filename } }, /handler\.test\.ts is not an ISO 9660 image/],
    [{ system: { hostname: "a b" } }, /^system\.hostname: "a b" is not a host name/],
    [{ debian: { suite: "A" } }, /^debian\.suite: "A" is not a suite/],
    [{ debian: { hostname: "web" } }, /^debian\.hostname: there is no such key/],
    [{ system: { kernelArguments: ["a b"] } }, /^system\.kernelArguments\[0\]: "a b" can't be handed on by Debian's/],
    [{ name: "a/b" }, /^name: "a\/b" is not a name/],
    [{ directory: "isos" }, /^directory: /],
    [
      { template: "/no/such.hbs" },
      /^template: the file \/no\/such\.hbs does not exist\. Give the path of an existing one/,
    ],
    [{ table: "/no/such.yaml" }, /^table: the file \/no\/such\.yaml does not exist/],
    [{ tmplate: "x" }, /^tmplate: there is no such key; did you mean "template"\?/],
  ];
  for (const [change, failure] of wrong) {
    it(`are refused: ${failure.source}`, async () => {
      const failures = await failuresOf({ ...inputs, ...change });
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", failure);
    });
  }

  it("of another distribution's ISO are refused at preview", async () => {
    const other = path.join(folder, "other.iso");
    makeDebianIso(other, { files: { ".disk/info": "Other 1.0" } });
    const failures = await failuresOf({ ...inputs, source: { ...source, path: other } });
    assert.match(
      failures.join(),
      /^source: .*other\.iso \("Debian 13\.2\.0 amd64 n"\) is not an installer that is known/,
    );
  });

  it("are looked at again when the source changes, not else", async () => {
    const olds = await checked(inputs);
    const moved = { ...inputs, source: { ...source, path: "/no/such.iso" } };
    assert.match((await failuresOf(moved, olds)).join(), /^source\.path: there is no file/);
    assert.deepEqual(await failuresOf(moved, { ...olds, source: moved.source }), []);
  });

  it("say the family if the ISO is on the host, and need a key if it isn't yet", async () => {
    const download = { url: "https://example.org/debian.iso", sha256: source.sha256 };
    const [failure] = await failuresOf({ ...inputs, source: download });
    assert.match(failure ?? "", /^source: is not on the host yet, .* such as `debian: \{\}`\. The families are debian/);
    const named = await checked({ ...inputs, source: download, debian: {} });
    const seen = await checked(inputs);
    assert.deepEqual([named["family"], seen["family"]], ["debian", "debian"]);
    assert.equal(named["digest"], seen["digest"]);
  });

  it("keep the family of the last deployment while the source is the same", async () => {
    const gone = { ...(await checked(inputs)), source: { ...source, path: "/no/such.iso" } };
    assert.equal((await checked({ ...inputs, source: gone.source }, gone))["family"], "debian");
  });

  it("may be unknown at preview", async () => {
    const { failures, inputs: kept } = await installerIso.check(
      {},
      { ...inputs, system: { hostname: unknownValue } },
      context,
    );
    assert.deepEqual(failures, []);
    assert.equal(kept["digest"], undefined);
  });
});

describe("an own template and table", () => {
  const system = { hostKeys: false };
  const own = { name: "own", source, system, template, table, data: { site: { name: "lab" } } };
  before(() => {
    writeFileSync(template, "d-i netcfg/hostname string {{hostname}}\n");
    writeFileSync(table, "hostname: site.name\n");
  });

  it("need no options", async () => assert.deepEqual(await failuresOf(own), []));

  it("are reported at preview with file and line when they don't fit", async () => {
    const mistaken = path.join(folder, "mistaken.hbs");
    writeFileSync(mistaken, "\nd-i x string {{hostnaem}}\n");
    const [failure] = await failuresOf({ ...own, template: mistaken });
    assert.match(
      failure ?? "",
      /^template: .*mistaken\.hbs:2:14: unknown variable "hostnaem"; known here: debian, hostname, site, system$/,
    );
  });

  it("are read by the installer's own means before anything boots, once for each change", async () => {
    const broken = path.join(folder, "broken.hbs");
    writeFileSync(broken, "# {{hostname}}\nd-i x\n");
    const news = { ...own, template: broken };
    assert.deepEqual(await failuresOf(news), [`template: ${broken}:2: is no answer; write OWNER QUESTION TYPE VALUE`]);
    const { digest } = await checked({ ...own, template });
    writeFileSync(broken, "d-i netcfg/hostname string {{hostname}}\n");
    assert.equal((await checked(news))["digest"], digest);
  });

  it("make another digest when the files on disk change", async () => {
    const first = await digestOf(own);
    writeFileSync(template, "d-i netcfg/hostname string {{hostname}}-2\n");
    const second = await digestOf(own);
    writeFileSync(table, "hostname: { path: site.other, default: db }\n");
    assert.equal(new Set([first, second, await digestOf(own)]).size, 3);
  });

  it("make no other digest when only data change that nothing uses", async () => {
    assert.equal(await digestOf(own), await digestOf({ ...own, data: { ...own.data, more: 1 } }));
  });
});

describe("the digest, which stands in the state in plain text,", () => {
  let secrets = 0;
  const other = { ...context, host: () => ({ ...host, newSecret: () => `secret ${(secrets += 1)}` }) };
  const withoutKey = { ...inputs, family: "debian" as const };
  const keyless = () => keylessDigest(installerIsoInputs.parse(withoutKey), "debian");

  it("can't be made by who knows all but its key", async () => {
    const [one, two] = [await checked(inputs, {}, other), await checked(inputs, {}, other)];
    assert.notEqual(one["digest"], two["digest"]);
    for (const { digest, digestKey } of [one, two]) {
      assert.match(String(digestKey), /^secret \d$/);
      assert.notEqual(digest, keyless());
    }
  });

  it("stays the same, with its key, whatever the program gives for one", async () => {
    const first = await checked({ ...inputs, digestKey: "" }, {}, other);
    assert.deepEqual(await checked({ ...inputs, digestKey: "" }, first, other), first);
  });

  it("of an earlier release stays until the ISO is written again", async () => {
    const earlier = { ...withoutKey, digest: keyless() };
    const same = await checked({ ...inputs, digestKey: "" }, earlier, other);
    assert.deepEqual([same["digest"], same["digestKey"]], [keyless(), undefined]);
    const changed = await checked({ ...inputs, system: { ...inputs.system, hostname: "db" } }, earlier, other);
    assert.match(String(changed["digestKey"]), /^secret/);
  });
});

describe("a difference", () => {
  const diff = async (change: Properties) => {
    const olds = await checked(inputs);
    return installerIso.diff(
      "id",
      { ...olds, __urn: urn, path: "x" },
      await checked({ ...inputs, ...change }, olds),
      context,
    );
  };
  const note = "digest: writes the ISO again; the next installation uses it";

  it("is none without a change", async () =>
    assert.deepEqual(await diff({}), { changes: false, replaces: [], notes: [] }));
  it("is what changes the ISO's content", async () => {
    assert.deepEqual(await diff({ system: { ...inputs.system, hostname: "db" } }), {
      changes: true,
      replaces: [],
      notes: [note],
    });
  });
  it("is no data that nothing uses, and no other place of the same source", async () => {
    const moved = path.join(folder, "moved.iso");
    copyFileSync(sourcePath, moved);
    assert.equal((await diff({ data: { unused: 1 } })).changes, false);
    assert.equal((await diff({ source: { ...source, path: moved } })).changes, false);
  });
  for (const [field, value] of [
    ["name", "db"],
    ["directory", "/srv/isos"],
  ] as const) {
    it(`of ${field} needs a new ISO`, async () => assert.deepEqual((await diff({ [field]: value })).replaces, [field]));
  }
});

describe("an InstallerIso", () => {
  const iso = path.join(host.directories.isos, "web.iso");
  let state: Properties = {};

  it("is created with all that a machine has to know, and no secret, in it", async () => {
    const { id, outputs } = await installerIso.create(await checked(inputs), context);
    state = outputs;
    assert.equal(id, iso);
    assert.equal(outputs["release"], 'Debian GNU/Linux 13.2.0 "Trixie"');
    const { owner, mark, login, hostKeys, digest } = parseInstallation(
      (await readIsoText(iso, installationPath, host)) ?? "",
      iso,
    );
    assert.deepEqual({ owner, login, digest }, { owner: urn, login: "root", digest: outputs["digest"] });
    assert.equal(mark, `kvm-deploy: installed ${digest.slice(0, 16)}`);
    assert.deepEqual(hostKeys, [publicKey.replace(" ann@example", "")]);
    assert.equal(statSync(iso).mode & 0o777, 0o600);
    assert.equal(statSync(host.directories.isos).mode & 0o777, 0o711);
  });

  it("is read as it is, and the next preview shows no change", async () => {
    const read = await installerIso.read(iso, state, context);
    assert.ok(read);
    assert.equal(
      (await installerIso.diff(iso, read.outputs, await checked(inputs, read.inputs), context)).changes,
      false,
    );
  });

  it("is written again in its place", async () => {
    const before = sha256(iso);
    const news = await checked({ ...inputs, system: { ...inputs.system, hostname: "db" } }, state);
    const outputs = await installerIso.update(iso, state, news, context);
    assert.notEqual(sha256(iso), before);
    assert.notEqual(outputs["digest"], state["digest"]);
    const back = await installerIso.update(iso, outputs, await checked(inputs, outputs), context);
    assert.equal(sha256(iso), before, "the same inputs give the same bytes");
    state = back;
  });

  it("with a wrong sum is not written, and both sums are reported", async () => {
    const wrong = await checked({ ...inputs, name: "wrong", source: { ...source, sha256: "0".repeat(64) } });
    await assert.rejects(
      installerIso.create(wrong, context),
      new RegExp(`source.sha256: .*${source.sha256}, not 0{64}`),
    );
    assert.deepEqual(readdirSync(host.directories.isos), ["web.iso"]);
  });

  it("of another resource is neither overwritten nor removed", async () => {
    assert.match(
      (await failuresOf(inputs, {}, strangers)).join(),
      /^name: .*web\.iso exists already, and this resource did not create it/,
    );
    await assert.rejects(installerIso.create(state, strangers), /exists already/);
    await installerIso.delete(iso, state, strangers);
    assert.ok(existsSync(iso));
    assert.match(strangers.said.at(-1) ?? "", /web\.iso stays on the host, because this resource did not create it/);
  });

  it("that was replaced differs at refresh, and is not changed", async () => {
    const kept = readFileSync(iso);
    copyFileSync(sourcePath, iso);
    const read = await installerIso.read(iso, state, context);
    assert.equal(
      (await installerIso.diff(iso, read?.outputs ?? {}, await checked(inputs, state), context)).changes,
      true,
    );
    await assert.rejects(installerIso.update(iso, state, await checked(inputs, state), context), /exists already/);
    writeFileSync(iso, kept);
  });

  it("that no longer exists is read as missing", async () => {
    await installerIso.delete(iso, state, context);
    assert.equal(await installerIso.read(iso, state, context), undefined);
    await installerIso.delete(iso, state, context);
  });

  it("leaves nothing on the host when it is deleted", () => {
    const files = readdirSync(path.join(folder, "host"), { recursive: true });
    assert.deepEqual(files, []);
  });

  it("in a directory of the user's leaves that directory", async () => {
    const directory = path.join(folder, "theirs");
    mkdirSync(directory);
    const { id, outputs } = await installerIso.create(await checked({ ...inputs, directory }), context);
    assert.equal(id, path.join(directory, "web.iso"));
    await installerIso.delete(id, outputs, context);
    assert.deepEqual(readdirSync(directory), []);
  });
});
