// Copies what the compiler leaves behind (templates, tables) from provider/ to the same place below dist/provider/.
import { cpSync, statSync } from "node:fs";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const ASSETS = new Set([".hbs", ".yaml", ".json"]);

cpSync(path.join(root, "provider"), path.join(root, "dist/provider"), {
  recursive: true,
  filter: (source) => statSync(source).isDirectory() || ASSETS.has(path.extname(source)),
});
