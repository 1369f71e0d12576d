import { run } from "../../provider/host/run";
import type { EmbeddedLibvirt } from "../../tools/embedded/index";
import type { Figures } from "../index";
import { secondsFor, withLibvirt, withPair } from "../stacks";
import { median, rounded, secondsOf } from "../statistics";
import { makeTwin } from "../twin";

const counts = [1, 10, 50];
const rounds = 3;

/** What a program may change, each in one thing; a number makes it another value every time. */
interface Values {
  readonly title: number;
  readonly host: number;
  readonly mebibytes: number;
}
const changes = ["title", "host", "mebibytes"] as const satisfies readonly (keyof Values)[];

/** One change in a stack of machines that don't run: a machine's title, a network's DHCP host, a volume's size. */
export function changesFigures(log: (line: string) => void): Promise<Figures> {
  return withLibvirt(async (libvirt) => {
    const figures: Record<string, number> = {};
    for (const count of counts) Object.assign(figures, await figuresOf(libvirt, count, log));
    return figures;
  });
}

function figuresOf(libvirt: EmbeddedLibvirt, count: number, log: (line: string) => void): Promise<Figures> {
  return withPair(libvirt, async ({ ours, twin }) => {
    log(`${count}: making them`);
    let values: Values = { title: 1, host: 2, mebibytes: 1 };
    await ours.program(programOf(count, values));
    await secondsFor(ours, "up");
    await makeTwin(ours, twin);
    await secondsFor(twin, "up");
    const figures: Record<string, number> = {};
    for (const change of changes) {
      const times = { ours: [] as number[], twin: [] as number[], hand: [] as number[] };
      for (let round = 1; round <= rounds; round += 1) {
        log(`${count}: ${change}, ${round} of ${rounds}`);
        values = { ...values, [change]: values[change] + 1 };
        await ours.program(programOf(count, values));
        times.ours.push(await secondsFor(ours, "up", { update: 1 }));
        await makeTwin(ours, twin);
        times.twin.push(await secondsFor(twin, "up", { update: 1 }));
        times.hand.push(await secondsOf(() => byHand(libvirt.uri, change)));
      }
      figures[`${change}Of${count}Seconds`] = rounded(median(times.ours));
      figures[`${change}Of${count}ToNoOp`] = rounded(median(times.ours) / median(times.twin));
      figures[`${change}Of${count}ToByHand`] = rounded(median(times.ours) / median(times.hand));
    }
    await secondsFor(ours, "destroy");
    return figures;
  });
}

function programOf(count: number, { title, host, mebibytes }: Values): string {
  return `
    new kvm.Network("bench-net", {
      ipv4: { subnet: "10.250.90.0/24", dhcp: { hosts: [{ mac: "52:54:00:00:00:01", address: "10.250.90.${host}" }] } },
    });
    for (let index = 0; index < ${count}; index += 1) {
      const { id } = new kvm.Volume("bench-" + index, { size: index === 0 ? "${mebibytes}MiB" : "1MiB" });
      const title = index === 0 ? "Bench ${title}" : "Bench";
      new kvm.Machine("bench-" + index, { memory: "16MiB", running: false, title, disks: [{ volume: id }] });
    }`;
}

/** Each says what is so already: libvirt does as much for it, and the next round finds what it expects. */
const commands: Readonly<Record<keyof Values, string>> = {
  title: `virsh desc bench-0 --config --title --new-desc "$(virsh desc bench-0 --config --title)"`,
  host: `host=$(virsh net-dumpxml bench-net | sed -n "s|^ *\\(<host mac=\\)|\\1|p"); virsh net-update bench-net modify ip-dhcp-host "$host" --live --config`,
  mebibytes: `bytes=$(virsh vol-dumpxml bench-0 --pool default | sed -n 's|.*<capacity unit=.bytes.>\\(.*\\)</capacity>.*|\\1|p'); virsh vol-resize bench-0 "\${bytes}B" --pool default`,
};

async function byHand(uri: string, change: keyof Values): Promise<void> {
  await run("sh", ["-ec", commands[change]], { env: { LIBVIRT_DEFAULT_URI: uri } });
}
