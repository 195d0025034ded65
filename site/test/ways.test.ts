import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES } from '../examples.ts';
import { changesOf, evaluate, type Result } from '../playground/evaluate.ts';
import { placed } from '../playground/problem-place.ts';
import { waysOf } from '../playground/ways.ts';

const MULTI_NODE = EXAMPLES.find(({ name }) => name === 'multi-node')?.text ?? '';

function resultOf(text: string): Result {
  const { problems, result } = evaluate(text);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return result as Result;
}

const shown = (text: string) =>
  waysOf(resultOf(text)).map(({ clients, rows }) => [
    clients.join(', '),
    ...rows.map(({ to, by }) => `${to.replace(/: .*|,.*/, '')} -> ${by}`),
  ]);

test('says of each client what leaves by eth0', () =>
  expect(shown(MULTI_NODE)).toEqual([
    [
      'Deployment apps/client',
      '10.0.0.0/8 -> eth0',
      '172.16.0.0/12 -> eth0',
      '192.168.0.0/16 -> eth0',
      '169.254.169.254 -> eth0',
      'fc00::/7 -> eth0',
      'fe80::1 -> eth0',
      'names (DNS) -> eth0',
      '192.168.50.0/24 -> the network',
      'any other IPv4 address -> the gateway',
      'any other IPv6 address -> nothing',
    ],
  ]));

test('says what options and ranges of the cluster change', () => {
  const text = MULTI_NODE.replace(
    'spec:\n  subnets',
    'spec:\n  unservedFamily: Bypass\n  cluster: {cidrs: [100.64.0.0/10]}\n  subnets',
  ).replace('- selector', '- dns: Gateway\n      preserveInbound: Enabled\n      namespaces: [apps]\n      selector');
  const [[, ...rows] = []] = shown(text);
  expect(rows).toEqual(
    expect.arrayContaining([
      '100.64.0.0/10 -> eth0',
      'any other IPv6 address -> eth0',
      'names (DNS) -> the gateway',
      'replies to connections that came in by eth0 -> eth0',
    ]),
  );
  expect(rows).not.toContain('10.0.0.0/8 -> eth0');
});

test('of a network without a workload in the text, says it of any client', () =>
  expect(shown(MULTI_NODE.slice(0, MULTI_NODE.indexOf('---')))[0]?.[0]).toBe('any client of egress/vpn'));

test.each(EXAMPLES.map(({ name, text }) => [name, text]))('%s is rendered, with a picture and ways', (name, text) => {
  const result = resultOf(text);
  expect(result.picture.svg).toContain('<svg');
  expect(waysOf(result).length).toBeGreaterThan(0);
  const expected = readFileSync(join(import.meta.dirname, '../../examples', name, '.expected/rendered.yaml'), 'utf8');
  for (const { text: document } of result.documents) expect(expected).toContain(document.trim());
});

test('says what a change does', () => {
  const before = resultOf(MULTI_NODE).side;
  const after = resultOf(MULTI_NODE.replace('vni: 1000', 'vni: 1001')).side;
  expect(changesOf(before, after)).toMatchObject([
    { name: 'vpn', change: 'changed', fields: [{ field: 'spec.overlay.vni' }] },
  ]);
  expect(changesOf(before, before)).toMatchObject([{ change: 'none' }]);
});

test('problems are at their lines', () => {
  expect(placed(evaluate(MULTI_NODE.replace('vni: 1000', 'vni: -1')).problems)).toMatchObject([
    { severity: 'error', line: 9, column: 5 },
  ]);
  // What YAML cannot be read names its line in the message alone.
  expect(placed(evaluate('kind: GatewayNetwork\napiVersion: [').problems)[0]).toMatchObject({ line: 2 });
});
