import { promptsOf } from "../shared/prompts";

/** A pop-up's buttons. While it works, YaST has only those to go back, to abort and for help. */
export const promptOf = promptsOf([
  { line: /\[(?:OK|Yes|No|Retry|Skip|Continue|Cancel)\]/, what: () => "YaST shows a pop-up" },
  { line: /^>$/, isLast: true, what: () => "linuxrc asks a question" },
]);

/** After it stands a part of the profile. */
export const quotesAnswers = /control file|XML parser|\bprofile\b/i;
