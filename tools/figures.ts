/**
 * npm run figures [-- ROOT]: prints the figures of the code, of this checkout or of another one, as Markdown. They come from the
 * sources alone: the same files give the same figures.
 */
import path from "node:path";
import { reportOf } from "./figures/report";
import { readTree } from "./figures/tree";

const [root = path.resolve(__dirname, "..")] = process.argv.slice(2);
console.log(reportOf(readTree(path.resolve(root))));
