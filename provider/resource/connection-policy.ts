import { isSameConnection } from "../values/connection";
import type { Depends } from "./policy";

/** What a change of the connection does: another spelling of the same one is no difference. */
export function connectionPolicy(otherwise: "replace" | "refuse"): Depends<{ readonly connection: string }> {
  return {
    kind: "depends",
    text: `${texts[otherwise]}; another spelling of the same one is no difference`,
    most: otherwise,
    decide: (olds, news) => (isSameConnection(olds.connection, news.connection) ? "digested" : otherwise),
  };
}

const texts = { replace: "a new one takes the place of the old one", refuse: "refused" } as const;
