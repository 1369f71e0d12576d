import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CommandFailed,
  Conflict,
  KvmError,
  lastLines,
  messageOf,
  NotFound,
  PartiallyCreated,
  reportOf,
} from "../../provider/values/errors";

describe("an error for users", () => {
  it("says property, what happened and what to do, and keeps the cause", () => {
    const cause = new Error("inner");
    const error = new KvmError("no-space", "no room", { property: "disks[0].volume", remedy: "Free some", cause });
    assert.equal(error.message, "disks[0].volume: no room. Free some");
    assert.equal(error.reason, "no room. Free some");
    assert.equal(error.cause, cause);
  });

  it("says no more than it knows", () => {
    assert.equal(new KvmError("timeout", "too late").message, "too late");
  });

  it("has a code by its kind", () => {
    assert.deepEqual([new Conflict("x").code, new NotFound("x").code], ["conflict", "not-found"]);
  });

  it("of a program says its name, exit code and last lines, and carries the rest", () => {
    const stderr = "one\n\ntwo\nthree\nfour\n  five\nsix\n";
    const failed = new CommandFailed({
      command: ["/usr/bin/xorriso", "-indev", "/a"],
      exitCode: 1,
      stdout: "",
      stderr,
    });
    assert.equal(failed.message, "xorriso failed with exit code 1: two; three; four; five; six");
    assert.equal(failed.failure.stderr, stderr);
    assert.deepEqual(failed.failure.command, ["/usr/bin/xorriso", "-indev", "/a"]);
  });

  it("of a program that was ended says so", () => {
    const failed = new CommandFailed({
      command: ["sleep"],
      exitCode: undefined,
      stdout: "",
      stderr: "",
      remedy: "Wait",
    });
    assert.equal(failed.message, "sleep was ended. Wait");
  });

  it("of a half-done create has the cause's code and message, and what exists", () => {
    const partial = new PartiallyCreated("id", { name: "a" }, new KvmError("timeout", "too late"));
    assert.deepEqual(
      [partial.code, partial.message, partial.id, partial.outputs],
      ["timeout", "too late", "id", { name: "a" }],
    );
    assert.equal(new PartiallyCreated("id", {}, "text").code, "command-failed");
  });
});

describe("what a user sees of what was thrown", () => {
  it("is the one line of a failure, also of one that a create was stopped by", () => {
    const failure = new KvmError("timeout", "too late", { property: "wait" });
    for (const thrown of [failure, new PartiallyCreated("id", {}, failure)])
      assert.equal(reportOf(thrown), "wait: too late");
  });

  it("is the stack of a bug, also of one that a create was stopped by", () => {
    const bug = new TypeError("no such thing");
    for (const thrown of [bug, new PartiallyCreated("id", {}, bug)])
      assert.match(
        reportOf(thrown),
        /^this is a bug of kvm-deploy; please report it, .*: TypeError: no such thing\n +at /,
      );
    assert.match(reportOf("a text"), /please report it, .*: a text$/);
  });
});

describe("words out of what was thrown or printed", () => {
  it("whatever is thrown has a message", () => {
    assert.deepEqual([messageOf(new Error("a")), messageOf("b"), messageOf(undefined)], ["a", "b", "undefined"]);
  });

  it("the last lines are those that say something", () => {
    assert.equal(lastLines("a\n b \n\n", 1), "b");
    assert.equal(lastLines("", 3), "");
  });
});
