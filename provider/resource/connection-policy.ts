import { isSameConnection } from "../values/connection";
import type { Depends } from "./policy";

/** The effect of a changed connection: another spelling of the same connection changes nothing. */
export function connectionPolicy(otherwise: "replace" | "refuse"): Depends<{ readonly connection: string }> {
  return {
    kind: "depends",
    text: `${texts[otherwise]}; another spelling of the same connection changes nothing`,
    most: otherwise,
    decide: (olds, news) => (isSameConnection(olds.connection, news.connection) ? "digested" : otherwise),
  };
}

const texts = { replace: "a new one replaces the old one", refuse: "refused" } as const;
