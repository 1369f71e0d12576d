import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { inputSchemas } from "../../provider/config/kinds";
import { parseConfiguration } from "../../provider/config/schema";
import { shown } from "../../provider/config/show";
import { loadDocument } from "../../provider/format/yaml/load";
import { readTextSync } from "../../provider/host/program-files";
import { root } from "../site";
import { load, parse } from "./compact";

describe("a configuration that is shown", () => {
  const show = (text: string) => shown(load(text), inputSchemas);

  it("means the same", () => {
    for (const name of ["example2", "example3", "fedora-kickstart"]) {
      const document = loadDocument(path.join(root, `examples/${name}/${name}.yaml`), { read: readTextSync });
      const text = shown(document, inputSchemas).replaceAll('"[hidden]"', "change this passphrase");
      const again = parse(text);
      const { data, ...others } = parseConfiguration(document, inputSchemas, () => true);
      const scripts = (installers: object) =>
        JSON.stringify(installers).replaceAll("dnf --assumeyes upgrade", "change this passphrase");
      assert.deepEqual(
        { ...again, installers: scripts(again.installers), data },
        { ...others, installers: scripts(others.installers), data },
      );
    }
  });

  it("says where each value comes from", () => {
    const text = show("machines:\n  web: { install: debian:13, disk: 8GiB }");
    assert.match(text, /^ {4}size: "8GiB" {2}# c\.yaml:2:36$/m);
    assert.match(text, /^ {4}pool: default {2}# default of machines\.web\.disk, c\.yaml:2:36$/m);
    assert.match(text, /^ {6}hostname: web {2}# follows from machines\.web, c\.yaml:2:8$/m);
  });

  it("hides what is always kept secret, and names secrets of the stack", () => {
    const text = show(
      'data: { a: [hunter2] }\nmachines: { web: { install: debian:13, system: { rootPassword: !secret r, proxy: "http://u:hunter2@p:1", users: [{ name: ann, password: hunter2 }] } } }',
    );
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /rootPassword: !secret r /);
    assert.match(text, /name: ann/);
  });

  it("stays YAML whatever the keys are", () => {
    const text = show('volumes: { "a: #\\nb": { name: a, size: 1GiB }, "no": { name: n, size: 1GiB } }');
    assert.deepEqual(Object.keys(parse(text).volumes), ["a: #\nb", "no"]);
  });
});
