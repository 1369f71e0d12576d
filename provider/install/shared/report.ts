/** Tells what is wrong with the option at the path, below the options that are being checked. */
export type Report = (path: (string | number)[], message: string) => void;
