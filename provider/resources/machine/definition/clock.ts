import { at, each, inside, object, yesNo } from "../../../format/place";
import type { MachineInputs } from "../schema/machine";
import { always, type Part } from "./part";

type Clock = MachineInputs["clock"];

const place = inside<Clock>("clock", {
  offset: at("@offset"),
  timezone: at("@timezone"),
  timers: each(
    "timer",
    object<Clock["timers"][number]>({
      name: at("@name"),
      present: at("@present", yesNo),
      tickPolicy: at("@tickpolicy"),
    }),
  ),
});

export const clock: Part<Clock> = {
  ...always(place, { offset: "utc", timers: [] }),
  known: {
    clock: { kind: ({ attributes }) => attributes["offset"] },
    timer: { key: ({ attributes }) => attributes["name"] },
  },
};
