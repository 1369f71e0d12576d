import type { Clock } from "../host/clock";
import type { Directories } from "../host/environment";
import type { Fetch } from "../host/fetch";
import type { Files } from "../host/files";
import type { Ledger } from "../host/ledger";
import type { Lock } from "../host/lock";
import type { Run } from "../host/run";
import type { OpenSession } from "../host/session";
import type { Libvirt } from "../libvirt/client";

/** A KVM machine that runs libvirtd: the only place with effects. Every path is a path on it. */
export interface Host {
  /** The libvirt connection URI, in its first spelling. */
  readonly connection: string;
  /** The same text for every spelling of the URI. */
  readonly canonical: string;
  readonly libvirt: Libvirt;
  readonly run: Run;
  readonly openSession: OpenSession;
  readonly files: Files;
  readonly fetch: Fetch;
  readonly lock: Lock;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly directories: Directories;
  /** A new random text. */
  readonly newSecret: () => string;
}
