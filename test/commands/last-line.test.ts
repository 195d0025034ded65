import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { renderTree } from '../../fn/flux/tree.ts';
import { command, NETWORK } from './command.ts';

/** Ends within a block scalar, and without a line end: for go-yaml there is none in its value. */
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: s, namespace: egress}
stringData:
  password: |
    hunter2`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gwn-last-line-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const passwords = (text: string) =>
  parseAllDocuments(text).flatMap((document) => {
    const { kind, stringData } = document.toJS() as { kind: string; stringData?: { password: string } };
    return kind === 'Secret' ? [stringData?.password] : [];
  });

/** What is printed of the Secret by a command, which succeeds. */
const printed = (args: readonly string[], input = '', within = folder) => {
  const { status, stdout, stderr } = command(args, input, within);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return passwords(stdout);
};

/** The files are read in the order of their names. */
describe.each(['a.yaml', 'z.yaml'])('a last line without an end in %s changes no value', (name) => {
  const directory = () => {
    const path = join(folder, 'in');
    mkdirSync(path);
    writeFileSync(join(path, 'gateway-network.yaml'), NETWORK);
    writeFileSync(join(path, name), SECRET);
    return path;
  };

  test('under render', () => expect(printed(['render', directory()])).toEqual(['hunter2']));

  test('under render -o', () => {
    expect(printed(['render', '-o', 'out', directory()])).toEqual([]);
    expect(passwords(readFileSync(join(folder, 'out/egress/secret_s.yaml'), 'utf8'))).toEqual(['hunter2']);
  });

  test('under argocd', () => expect(printed(['argocd'], '', directory())).toEqual(['hunter2']));

  test('under the controller for Flux', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const files = renderTree(
      new Map([
        ['gateway-network.yaml', bytes(NETWORK)],
        [name, bytes(SECRET)],
      ]),
      '.',
    ).files;
    expect(passwords(files.get('egress/secret_s.yaml') ?? '')).toEqual(['hunter2']);
  });
});

describe('a last line without an end on standard input changes no value', () => {
  test.each([
    ['as a function', []],
    ['under render', ['render', '-']],
  ])('%s', (_, args) => expect(printed(args, `${NETWORK}---\n${SECRET}`)).toEqual(['hunter2']));

  test('as a function, in a list', () => {
    const indented = (text: string) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}`;
    const list = (text: string) => `apiVersion: v1\nkind: List\nitems:\n${indented(NETWORK)}\n${indented(text)}`;
    expect(printed(['render', '-'], list(SECRET))).toEqual(['hunter2']);
    const { status, stdout } = command([], list(SECRET));
    expect(status).toBe(0);
    expect(stdout).toMatch(/hunter2/);
    expect(JSON.stringify(parseAllDocuments(stdout).map((one): unknown => one.toJS()))).toContain('"hunter2"');
  });
});
