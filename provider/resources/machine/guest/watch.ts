import type { Family } from "../../../install/family";
import type { Installation } from "../../../install/installation";

/** A running installation, and what is waited for. */
export interface InstallationWatch {
  readonly uuid: string;
  readonly name: string;
  /** The installer's log. */
  readonly log: string;
  /** The log of the console that shows the installer. */
  readonly consoleLog: string;
  /** The file for a picture of the display. */
  readonly picture: string;
  readonly installation: Installation;
  readonly family: Pick<Family, "stageOf" | "problemOf" | "promptOf" | "percentOf" | "quotesAnswers">;
  readonly timeoutSeconds: number;
  /** Time without progress after which the installation counts as standing still. */
  readonly stallSeconds: number;
  /** Whether another program has made the machine ready meanwhile. */
  readonly isReady: () => Promise<boolean>;
}
