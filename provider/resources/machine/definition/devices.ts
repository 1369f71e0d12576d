import { at, filled, type Place } from "../../../format/place";
import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { always, append, optional, type Part } from "./part";

type Tpm = NonNullable<MachineInputs["tpm"]>;

const modelOf = ({ attributes }: Element) => attributes["model"];

export const tpm: Part<Tpm | undefined> = {
  ...optional<Tpm>({
    write: (devices, { model }) =>
      append(devices, el("tpm", { model }, el("backend", { type: "emulator", version: "2.0" }))),
    read: filled<Tpm>("tpm", { model: at("@model") }).read,
  }),
  known: { tpm: { kind: modelOf } },
};

/** Without one a fresh guest waits long for randomness, for example to make keys. */
export const rng: Part<string> = always(
  {
    write: (devices, source) =>
      source === "none"
        ? devices
        : append(devices, el("rng", { model: "virtio" }, el("backend", { model: "random" }, source))),
    read: at("rng/backend").read,
  },
  "none",
);

export const sound: Part<MachineInputs["sound"]> = {
  ...optional(at<NonNullable<MachineInputs["sound"]>>("sound/@model")),
  known: { sound: { kind: modelOf } },
};

const agentName = "org.qemu.guest_agent.0";
const nameOf = (channel: Element) => attributeOf(channel, "target", "name");

const agent: Place<boolean> = {
  write: (devices, isThere) =>
    isThere
      ? append(devices, el("channel", { type: "unix" }, el("target", { type: "virtio", name: agentName })))
      : devices,
  read: (devices) => childrenOf(devices, "channel").some((channel) => nameOf(channel) === agentName),
};

export const guestAgent: Part<boolean> = { ...always(agent, false), known: { channel: { key: nameOf } } };
