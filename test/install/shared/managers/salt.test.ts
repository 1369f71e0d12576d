import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { z } from "zod";
import { handOver, takeOverOf } from "../../../../provider/install/shared/managers/index";
import { scratchFolder } from "../../../iso/host";
import { makeRsaPair } from "../rsa";

type Salt = NonNullable<z.input<typeof handOver>["salt"]>;

const isThere = ["salt-master", "salt-minion", "salt"].every(
  (program) => spawnSync(program, ["--version"]).error === undefined,
);
const skip = isThere ? false : "set-up could not get salt";

const master = makeRsaPair();
const minion = makeRsaPair();

/** A system's files below a directory of their own, which Salt takes for its root. */
function systemOf(salt: Salt): string {
  const root = scratchFolder();
  const settings = { root_dir: root, user: "root", file_roots: { base: [path.join(root, "srv/salt")] } };
  const config = { [salt.role ?? "minion"]: JSON.stringify(settings) };
  const takeOver = takeOverOf(handOver.parse({ salt: { ...salt, config } }));
  for (const { path: file, content, mode } of takeOver?.files ?? []) {
    const place = path.join(root, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, content, { mode });
  }
  return root;
}

/** Both daemons in a network of their own. Its end ends them, and so does that of the script. */
const script = String.raw`
ip link set lo up
salt-master -c "$1/etc/salt" -l warning >"$1/log" 2>&1 &
salt-minion -c "$2/etc/salt" -l warning >"$2/log" 2>&1 &
count=0
until salt -c "$1/etc/salt" --static --out=json -t 5 web.lab test.ping 2>/dev/null | grep -q true; do
	count=$((count + 1))
	[ $count -lt 60 ] || { cat "$1/log" "$2/log"; exit 1; }
	sleep 1
done
salt -c "$1/etc/salt" --static --out=json web.lab grains.item tier
salt -c "$1/etc/salt" --static --out=json web.lab state.show_sls web
salt-key -c "$1/etc/salt" --out=json -L
`;

describe("the files of the hand-over, read by a real Salt", { skip }, () => {
  it("let the master accept the minion at once, with its grains and the master's states", () => {
    const states = { "web.sls": "marker:\n  test.nop: []\n" };
    const one = systemOf({
      role: "master",
      key: master.privateKey,
      minions: { "web.lab": minion.publicKey },
      state: states,
    });
    const given: Salt = { master: "127.0.0.1", id: "web.lab", grains: { tier: "front" }, key: minion.privateKey };
    const other = systemOf({ ...given, masterKey: master.publicKey, masterFinger: fingerOf(master.publicKey) });
    const inside = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script, "sh", one, other];
    const output = execFileSync("unshare", inside, { encoding: "utf8", timeout: 480_000 });
    assert.match(output, /"tier": "front"/);
    assert.match(output, /"marker"/);
    assert.match(output, /"minions": \[\s*"web\.lab"\s*\]/);
    assert.match(output, /"minions_pre": \[\]/);
  });
});

/** As `salt-key -F` prints it: SHA-256 of the key's lines without the first and the last. */
function fingerOf(publicKey: string): string {
  const body = publicKey.match(/^[^-\n]+\n/gm)?.join("") ?? "";
  return (createHash("sha256").update(body).digest("hex").match(/../g) ?? []).join(":");
}
