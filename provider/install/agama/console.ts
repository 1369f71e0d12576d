import { promptsOf } from "../shared/prompts";

/** Agama shows its questions in a browser only, and reports them in its log. */
export const promptOf = promptsOf([]);
