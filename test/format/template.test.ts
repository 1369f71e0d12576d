import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "../properties";
import { escapePreseed } from "../../provider/format/preseed";
import { renderTemplate } from "../../provider/format/template";

const data = {
  name: "web",
  port: 80,
  on: true,
  off: false,
  nothing: null,
  list: ["a", "b"],
  users: [{ login: "ann" }, { login: "bob" }],
  net: { address: "10.0.0.1" },
};

function filled(text: string, values: Readonly<Record<string, unknown>> = data): string {
  return renderTemplate({ path: "answers.hbs", text }, values, (value) => escapePreseed(value)).text;
}

describe("a template", () => {
  const cases = [
    { text: "{{name}} {{port}} {{on}}", result: "web 80 true" },
    { text: "<{{nothing}}>", result: "<>" },
    { text: "{{net.address}}", result: "10.0.0.1" },
    { text: '{{join list ", "}}', result: "a, b" },
    { text: "{{#if on}}yes{{else}}no{{/if}}{{#if off}}yes{{/if}}", result: "yes" },
    { text: "{{#unless nothing}}none{{/unless}}", result: "none" },
    { text: "{{#each users}}{{@index}}={{login}};{{/each}}", result: "0=ann;1=bob;" },
    { text: "{{#each users as |user|}}{{user.login}}{{../name}} {{/each}}", result: "annweb bobweb " },
    { text: "{{#each list}}{{this}}{{#unless @last}}+{{/unless}}{{/each}}", result: "a+b" },
    { text: "{{#each list}}{{this}}{{../name}} {{/each}}", result: "aweb bweb " },
    { text: "{{#with net}}{{address}}{{/with}}", result: "10.0.0.1" },
    { text: '{{#if (eq name "web")}}same{{/if}}', result: "same" },
    { text: "{{! a comment }}x", result: "x" },
    { text: "\\{{name}}", result: "{{name}}" },
    { text: "a\n{{#if on}}\nb\n{{/if}}\nc\n", result: "a\nb\nc\n" },
  ];
  for (const { text, result } of cases) {
    it(`${JSON.stringify(text)} gives ${JSON.stringify(result)}`, () => assert.equal(filled(text), result));
  }

  it("prints a value as it is, without the escapes of HTML", () => {
    assert.equal(filled("{{v}}", { v: `<a> & "b" 'c' =` }), `<a> & "b" 'c' =`);
  });
});

describe("a mistake in a template is reported with its place", () => {
  const cases = [
    {
      text: "ok\nhost {{nmae}}",
      message: 'answers.hbs:2:6: unknown variable "nmae"; known here: list, name, net, nothing, off, on, port, users',
    },
    { text: "{{net.adress}}", message: 'answers.hbs:1:1: unknown variable "net.adress"' },
    {
      text: "{{#each users}}{{lgin}}{{/each}}",
      message: 'answers.hbs:1:16: unknown variable "lgin"; known here: login',
    },
    { text: "{{#if hostnaem}}{{/if}}", message: 'answers.hbs:1:1: unknown variable "hostnaem"' },
    { text: '{{join lists " "}}', message: 'answers.hbs:1:1: unknown variable "lists"' },
    { text: '{{join name " "}}', message: 'name: is not a list; write {{join LIST " "}}' },
    { text: "{{list}}", message: "answers.hbs:1:1: list: is a list; use {{join …}} or {{#each …}}" },
    { text: "{{net}}", message: "answers.hbs:1:1: net: is a map; name one of its keys" },
    {
      text: "{{shout name}}",
      message: '"shout" is not a helper; the helpers are #if, #unless, #each, #with, join and eq',
    },
    { text: "{{#repeat 3}}{{/repeat}}", message: '"repeat" is not a helper' },
    { text: "{{#if on}}\nopen", message: "answers.hbs:2: Expecting" },
    { text: "a\nb {{name", message: "answers.hbs:2: " },
    { text: "{{#if on}}{{/each}}", message: "answers.hbs" },
  ];
  for (const { text, message } of cases) {
    it(JSON.stringify(text), () => {
      assert.throws(
        () => filled(text),
        (error: Error) => error.message.includes(message) || assert.fail(error.message),
      );
    });
  }
});

describe("nothing goes round the escaper", () => {
  const cases = [
    { text: "{{{name}}}", message: "{{{…}}} and {{&…}} are not possible" },
    { text: "{{&name}}", message: "{{{…}}} and {{&…}} are not possible" },
    { text: "{{> other}}", message: "{{>…}} is not possible" },
    { text: "{{#> other}}{{/other}}", message: "{{#>…}} is not possible" },
    { text: '{{#*inline "x"}}{{/inline}}', message: "{{#*…}} is not possible" },
    { text: "{{* other}}", message: "{{*…}} is not possible" },
    { text: "{{lookup net name}}", message: '"lookup" is not a helper' },
    { text: "{{log name}}", message: '"log" is not a helper' },
    { text: "{{constructor}}", message: 'unknown variable "constructor"' },
    { text: "{{net.__proto__}}", message: "net.__proto__" },
    { text: "{{print value}}", message: '"print" is not a helper' },
  ];
  for (const { text, message } of cases) {
    it(text, () => {
      assert.throws(
        () => filled(text),
        (error: Error) => error.message.includes(message) || assert.fail(error.message),
      );
    });
  }

  it("a value that would start another answer is refused, and isn't repeated", () => {
    const values = { password: "secret\nd-i preseed/late_command string reboot" };
    assert.throws(
      () => filled("d-i x string {{password}}", values),
      (error: Error) =>
        error.message.startsWith("answers.hbs:1:14: password: has a line break") && !error.message.includes("secret"),
    );
  });

  it("a joined list neither", () => {
    assert.throws(() => filled('{{join list " "}}', { list: ["a", "b\nc"] }), /has a line break/);
  });

  it("whatever the value, the result has as many lines as the template", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\\", " ", "{", "}", "\0"), maxLength: 8 });
    fc.assert(
      fc.property(texts, (value) => {
        const result = attempt(() => filled("one {{value}}\ntwo\n", { value }));
        if (result !== undefined) assert.equal(result, `one ${value}\ntwo\n`);
        if (result !== undefined) assert.equal(result.split(/\r|\n/).length, 3);
      }),
    );
  });
});

function attempt(work: () => string): string | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

describe("a line of what a template made", () => {
  const text =
    "a\n{{#if off}}\nb\n{{/if}}\n{{name}}\n{{#each list}}\n  c {{this}}\n  d\n{{/each}}\n{{#unless off}}\ne\n{{/unless}}\nf\n";

  it("leads to the template's line", () => {
    const made = renderTemplate({ path: "answers.hbs", text }, data, (value) => value);
    assert.equal(made.text, "a\nweb\n  c a\n  d\n  c b\n  d\ne\nf\n");
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map(made.originOf), [1, 5, 7, 8, 7, 8, 11, 13]);
  });

  it("is reported with the variables that the template uses", () => {
    const { variables } = renderTemplate(
      { path: "answers.hbs", text: "{{#if on}}{{join list net.address}}{{/if}}{{name}}" },
      data,
      (value) => value,
    );
    assert.deepEqual(
      ["on", "list", "net", "name", "off"].map((name) => variables.has(name)),
      [true, true, true, true, false],
    );
  });
});

describe("a format with lists and maps", () => {
  it("prints any value as one of its own", () => {
    const structured = (value: unknown) => JSON.stringify(value);
    const { text } = renderTemplate({ path: "answers.hbs", text: "{{list}} {{net}} {{on}} {{name}}" }, data, {
      structured,
    });
    assert.equal(text, '["a","b"] {"address":"10.0.0.1"} true "web"');
  });
});
