/** npm run soak -- NAME [OPTION...]: what takes too long for `npm test`. What is random prints its seed, and takes it back. */
import { kills } from "./kills";
import { killsEach } from "./kills-each";
import { properties } from "./properties";
import { rivals } from "./rivals";
import { usedDisks } from "./used-disks";

const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  kills,
  "kills-each": killsEach,
  rivals,
  properties,
  "used-disks": usedDisks,
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
