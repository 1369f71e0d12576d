import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planCreate, planGrowth, planRemove } from "../../../provider/resources/volume/plan";
import { volumeInputs } from "../../../provider/resources/volume/schema";

const MiB = 2 ** 20;
const inputsOf = (given: object) => volumeInputs.parse({ connection: "qemu:///system", name: "a", ...given });
const kindsOf = (steps: readonly { readonly kind: string }[]) => steps.map(({ kind }) => kind);

describe("the plan of a volume", () => {
  const ofDirectory = { keepsSizes: false, givesAllSpace: false };
  const empty = { kind: "empty", backing: undefined } as const;
  const file = { kind: "file", file: "/a.img", bytes: MiB, stamp: "" } as const;
  const raw = inputsOf({ format: "raw", size: "4MiB", source: { path: "/a.img" } });

  it("starts with the note that it isn't complete, after what an earlier create has left is removed", () => {
    assert.deepEqual(kindsOf(planCreate(inputsOf({ size: "1MiB" }), empty, ofDirectory, false)), ["begin", "create"]);
    assert.deepEqual(kindsOf(planCreate(inputsOf({ size: "1MiB" }), empty, ofDirectory, true)), [
      "delete",
      "begin",
      "create",
    ]);
  });

  it("grows after it has its content, but where it can't grow, it has its size at once", () => {
    assert.deepEqual(kindsOf(planCreate(raw, file, ofDirectory, false)), ["begin", "create", "upload", "grow"]);
    const fixed = planCreate(raw, file, { keepsSizes: true, givesAllSpace: true }, false);
    assert.deepEqual(kindsOf(fixed), ["begin", "create", "upload"]);
    assert.match(fixed[1]?.kind === "create" ? fixed[1].xml : "", /<allocation unit="bytes">4194304</);
  });

  it("is refused where the content is larger", () => {
    const small = inputsOf({ format: "raw", size: "1KiB", source: { path: "/a.img" } });
    assert.throws(() => planCreate(small, file, ofDirectory, false), /1KiB is less than the 1MiB of the source/);
  });

  it("grows it by each machine that has it open, else by itself", () => {
    const openers = ["one", "two"].map((domainUuid) => ({ domainUuid, path: "/a" }));
    assert.deepEqual(planGrowth(4 * MiB, raw, openers), []);
    assert.deepEqual(planGrowth(MiB, raw, []), [{ kind: "grow", bytes: 4 * MiB }]);
    assert.deepEqual(
      planGrowth(MiB, raw, openers),
      openers.map((opener) => ({ kind: "grow-online", ...opener, bytes: 4 * MiB })),
    );
  });

  it("of a removal releases it last", () => {
    assert.deepEqual(kindsOf(planRemove(true)), ["delete", "release"]);
    assert.deepEqual(kindsOf(planRemove(false)), ["release"]);
  });
});
