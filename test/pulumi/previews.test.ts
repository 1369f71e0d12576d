import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../site";
import { late } from "./programs";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt } = host;

describe("what the engine tells of a machine", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await program({});
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const program = ({ when = 1, title = "a" }) =>
    stack.program(`${late}
      const upstream = new Late("late", "sure", ${when});
      const machine = new kvm.Machine("sure", {
        name: upstream.out, memory: "64MiB", shutdownTimeout: "1s", forceOff: true, title: "${title}", domainType: "qemu",
      });
      Object.assign(exports, { ssh: machine.sshCommand, release: machine.release, uuid: machine.uuid });
    `);
  const uuid = async () => (await libvirt.find("domain", "sure"))?.uuid ?? "";
  const domainId = async () => / id='(\d+)'/.exec((await libvirt.liveDefinition("domain", await uuid())) ?? "")?.[1];

  it("the preview after `up` is empty, with outputs that have no value, too", async () => {
    const { changes, text } = await stack.preview();
    assert.deepEqual(changes, { same: 3 });
    assert.doesNotMatch(text, /unknown/);
  });

  it("a name that is unknown while its source is made anew deletes no machine", async () => {
    const id = await domainId();
    assert.match(id ?? "", /^\d+$/);
    await program({ when: 2 });
    const preview = await stack.preview();
    assert.match(preview.text, /sure: name: may change, which takes a restart; known when it is applied/);
    assert.deepEqual(preview.changes, { update: 1, replace: 1 });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(up.changes, { replace: 1, same: 2 });
    assert.doesNotMatch(up.text, /warning: sure/, "what the engine asked itself is told as a change");
    assert.equal(await domainId(), id);
  });

  it("a machine that was turned off by hand is told to be started", async () => {
    await program({ when: 2, title: "b" });
    await libvirt.stop("domain", await uuid());
    const { text } = await stack.preview();
    assert.match(text, /sure: title: in force when sure starts/);
    assert.match(text, /sure: running: starts sure, which is off/);
  });

  it("a refresh tells of no change that it doesn't make", async () => {
    const { ok, changes, text } = await stack.refresh();
    assert.ok(ok, text);
    assert.equal(changes["update"], 1, text);
    assert.doesNotMatch(text, /warning: sure/);
  });

  it("with --refresh, what follows is told once, by the step that does it", async () => {
    const up = await stack.up("--refresh");
    assert.ok(up.ok, up.text);
    assert.match(up.text, /sure: running: starts sure/);
    assert.doesNotMatch(up.text, /shuts sure down/);
  });

  it("a connection of the stack's configuration is refused with its place, and without its password", async () => {
    await stack.configure({ "kvm:connection": "qemu+ssh://admin:s3cret@kvm1/system" });
    const { ok, text } = await stack.preview();
    await stack.pulumi("config", "rm", "kvm:connection");
    assert.ok(!ok);
    assert.match(
      text,
      /connection: "qemu\+ssh:\/\/admin:\[hidden\]@kvm1.* It comes from kvm:connection of the stack's/,
    );
    assert.doesNotMatch(text, /s3cret/);
    assert.doesNotMatch(await stack.state(), /__configured/);
  });
});
