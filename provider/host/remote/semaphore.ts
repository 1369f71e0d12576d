/** Lets only so many works run at a time; the others wait in the order of their requests. */
export type Semaphore = <T>(work: () => Promise<T>) => Promise<T>;

export function semaphore(most: number): Semaphore {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
