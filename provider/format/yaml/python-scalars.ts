/**
 * The text that Python prints of a scalar that is written without quotes, as Python's YAML loader (PyYAML, YAML 1.1) reads
 * it: `yes` is `True`, `0644` is `420`. @throws Error that says what to write
 */
export function pythonText(source: string): string {
  const [, text] = readers.find(([pattern]) => pattern.test(source)) ?? [];
  return text === undefined ? source : text(source);
}

type Reader = readonly [pattern: RegExp, text: (source: string) => string];

const integer = (digits: (source: string) => string): Reader[1] => {
  return (source) => {
    const isNegative = source.startsWith("-");
    const value = BigInt(digits(source.replaceAll("_", "").replace(/^[-+]/, "")));
    return String(isNegative ? -value : value);
  };
};

const decimalNumber = /^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/;

const readers: readonly Reader[] = [
  [/^(?:~|null|Null|NULL|)$/, () => "None"],
  [/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => "True"],
  [/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => "False"],
  [/^[-+]?0b[01_]+$/, integer((digits) => digits)],
  [/^[-+]?0x[0-9a-fA-F_]+$/, integer((digits) => digits)],
  [/^[-+]?0[0-7_]+$/, integer((digits) => `0o${digits.slice(1)}`)],
  [/^[-+]?(?:0|[1-9][\d_]*)$/, integer((digits) => digits)],
  [/^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/, integer(fromSixties)],
  [decimalNumber, (source) => decimal(Number(source.replaceAll("_", "")))],
  [/^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/, refuse("a number in base 60")],
  [/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/, refuse("no number")],
  [/^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d/, refuse("a time")],
];

/** `1:30` is 90. */
function fromSixties(source: string): string {
  return String(source.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n));
}

/** Python 2 prints twelve digits, and a point in any case. */
function decimal(value: number): string {
  const text = String(Number(value.toPrecision(12)));
  if (/e/.test(text) || Math.abs(value) >= 1e11 || (value !== 0 && Math.abs(value) < 1e-4))
    throw new Error("is a number that Python prints in another form; write the text in quotes");
  return text.includes(".") ? text : `${text}.0`;
}

function refuse(what: string): Reader[1] {
  return () => {
    throw new Error(`is ${what} to Python's YAML loader; write the text in quotes`);
  };
}
