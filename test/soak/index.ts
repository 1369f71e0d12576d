/** npm run soak -- NAME [OPTION...]: what takes too long for `npm test`. */
import { killsEach } from "./kills-each";

const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  "kills-each": killsEach,
};

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const soak = soaks[name];
  if (soak === undefined) {
    console.error(`usage: npm run soak -- ${Object.keys(soaks).join("|")} [OPTION...]`);
    return 2;
  }
  return (await soak(args)) ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
