import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import { debian } from "../../../provider/install/debian/index";
import { expectGolden } from "../../golden/expect";
import { root } from "../../site";
import { makeKeyPair } from "../shared/keys";
import { type Given, hash, optionsOf } from "./options";

function shipped(name: "template" | "table") {
  const file = path.join("provider/install/debian", debian.shipped[name]);
  return { path: file, text: readFileSync(path.join(root, file), "utf8"), isOwn: false };
}

function answersTo(
  options: Given,
  { template, table, data = {} }: { template?: string; table?: string; data?: object } = {},
) {
  const pair = {
    template: template === undefined ? shipped("template") : { path: "own.hbs", text: template, isOwn: true },
    table: table === undefined ? shipped("table") : { path: "own.yaml", text: table, isOwn: true },
  };
  return debian.answers({ ...optionsOf(options), data: { ...data }, pair, mark: "mark" });
}

function preseedOf(...args: Parameters<typeof answersTo>): string {
  return String(answersTo(...args).initrd.find(({ path: file }) => file === "preseed.cfg")?.content);
}

/** What ends each own preseed file that says nothing of it. */
const added = "\n# What kvm-deploy adds, so that the installation ends.\nd-i finish-install/reboot_in_progress note\n";

/** debconf's own reader: it knows nothing of the questions, but tells a line that isn't one. */
function requireReadable(preseed: string): void {
  const { status, stderr } = spawnSync("debconf-set-selections", ["-c"], { input: preseed, encoding: "utf8" });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
}

describe("the shipped template", () => {
  const goldens = globSync("test/golden/debian/*.in.yaml", { cwd: root }).sort();
  assert.ok(goldens.length >= 4);
  for (const file of goldens) {
    const name = path.basename(file, ".in.yaml");
    it(`makes of ${name} what debconf can read`, () => {
      const options = parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Given;
      const preseed = preseedOf(options);
      expectGolden(`debian/${name}.preseed.cfg`, preseed);
      requireReadable(preseed);
    });
  }

  it("is one answer a line, each question once", () => {
    const lines = preseedOf({})
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    for (const line of lines)
      assert.match(line, /^(d-i|tasksel) [a-z/_-]+ (string|select|multiselect|boolean|password|note)( |$)/);
    assert.equal(new Set(lines.map((line) => line.split(" ")[1])).size, lines.length);
  });

  it("holds no key and no user's password: they travel in files", () => {
    const { publicKey, privateKey } = makeKeyPair("-t", "ed25519");
    const preseed = preseedOf({
      rootKeys: [publicKey],
      users: [{ name: "ann", password: hash }],
      hostKeys: { ed25519: privateKey },
      debian: { lateCommands: ["echo hunter2"] },
    });
    assert.equal(preseed, preseedOf({}));
  });
});

describe("an own template", () => {
  it("reaches the data by the table's variables and by their own names", () => {
    const pair = {
      template: "d-i a string {{address}}\nd-i b string {{site.name}}\nd-i c string {{system.hostname}}\n",
      table: "address: site.nics[0].address\n",
      data: { site: { name: "lab", nics: [{ address: "10.0.0.1" }] } },
    };
    const expected = `d-i a string 10.0.0.1\nd-i b string lab\nd-i c string web\n${added}`;
    assert.equal(preseedOf({ hostname: "web" }, pair), expected);
  });

  it("goes with the shipped table, and an own table with the shipped template", () => {
    assert.equal(
      preseedOf({ hostname: "web" }, { template: "d-i x string {{hostname}}\n" }),
      `d-i x string web\n${added}`,
    );
    const table = shipped("table").text.replace(/^hostname: .*$/m, "hostname: site.name");
    assert.match(preseedOf({}, { table, data: { site: { name: "lab" } } }), /netcfg\/hostname string lab\n/);
  });

  it("gets what it leaves open at the installation's end, and what runs the scripts before it", () => {
    const own = "d-i debian-installer/exit/halt boolean true\nd-i finish-install/reboot_in_progress note";
    const text = preseedOf({ scripts: { before: ["true"] } }, { template: own });
    assert.match(
      text,
      /note\n\n#.*\nd-i debian-installer\/exit\/halt boolean false\nd-i partman\/early_command string sh \/kvm/,
    );
    requireReadable(text);
    assert.equal(preseedOf({ scripts: { before: ["true"] } }, { template: text }), text);
  });

  const wrong = [
    {
      pair: { template: "d-i x string {{hostnaem}}\n" },
      message: /^template: own\.hbs:1:14: unknown variable "hostnaem"; known here: .*hostname, /,
    },
    {
      pair: { table: "zone: system.timezoen\n" },
      message: /^table: own\.yaml:1:7: zone: there is no system\.timezoen; did you mean "timezone"\?/,
    },
    {
      pair: { template: "d-i x string {{v}}\n", table: "v: v\n", data: { v: "a\nd-i preseed/early_command string x" } },
      message: /^template: own\.hbs:1:14: v: has a line break, which would start another answer; give one line$/,
    },
  ];
  for (const { pair, message } of wrong) {
    it(`is refused: ${message.source}`, () => {
      assert.throws(
        () => preseedOf({}, pair),
        (error: Error) => message.test(error.message) || assert.fail(error.message),
      );
    });
  }
});

describe("the boot arguments", () => {
  it("give the new system its consoles", () => {
    assert.deepEqual(answersTo({}).bootArguments, [
      "auto=true",
      "priority=critical",
      "panic=10",
      "---",
      "console=tty0",
      "console=ttyS0,115200",
    ]);
  });
  it("leave it out where the user names a console", () => {
    const { bootArguments } = answersTo({ kernelArguments: ["console=tty0", "quiet"] });
    assert.deepEqual(bootArguments.slice(4), ["console=tty0", "quiet"]);
  });
});
