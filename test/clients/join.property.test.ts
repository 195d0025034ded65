import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { interfacesOf, parseNetworks } from '../../fn/clients/networks-annotation.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/yaml/parse.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';
import { blockMetadata, json, NETWORKS, short, some } from './annotation-forms.ts';

const spec = (name: string) => `{subnets: [10.9.0.0/24], clients: [{names: [${name}], guard: Disabled}]}`;
const VPN = planOf(spec('w'));
const SCAN = planOf(spec('w'), { name: 'scan', namespace: 'apps' });
const NOBODY = [VPN, SCAN].map(({ name, namespace }) => planOf(spec('x'), { name, namespace }));

interface Parts {
  readonly head: string;
  readonly metadata: string;
  readonly tail: string;
}

const HEAD =
  '# before\napiVersion: apps/v1\nkind: Deployment # k\nmetadata:\n  name: w\n  namespace: apps\n  annotations: {x: "0755"}\nspec:\n  replicas: 0x1\n  template:\n';
const TAIL = '    spec: # s\n      on: "yes"\n      mode:   0755\n      list: [ a,b ]\n';

const inBlock: fc.Arbitrary<Parts> = fc
  .tuple(blockMetadata(4), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([metadata, isLast, isCRLF, isCut]) => {
    const lines = metadata === '' ? '' : `${metadata}\n`;
    const parts =
      isLast && metadata !== ''
        ? { head: HEAD + TAIL, metadata: lines, tail: '' }
        : { head: HEAD, metadata: lines, tail: TAIL };
    const cut = isCut
      ? { ...parts, ...(parts.tail === '' ? { metadata: parts.metadata.slice(0, -1) } : { tail: TAIL.slice(0, -1) }) }
      : parts;
    if (!isCRLF) return cut;
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    return { head: crlf(cut.head), metadata: crlf(cut.metadata), tail: crlf(cut.tail) };
  });

const inJson: fc.Arbitrary<Parts> = fc
  .tuple(
    fc.oneof(
      some(
        undefined,
        null,
        {},
        { annotations: {} },
        { annotations: null },
        { labels: {} },
        { annotations: { [NETWORKS]: '' } },
      ),
      fc.oneof(short, json).map((text) => ({ annotations: { [NETWORKS]: text } })),
      fc.oneof(short, json).map((text) => ({ annotations: { a: 'b', [NETWORKS]: text, z: '1' } })),
    ),
    some<string | number | undefined>(undefined, 2, '\t'),
  )
  .map(([metadata, indent]) => ({
    head: '',
    metadata: JSON.stringify(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'w', namespace: 'apps' },
        spec: { template: { metadata, spec: { n: 1 } } },
      },
      undefined,
      indent,
    ),
    tail: '',
  }));

function run(text: string, plans: readonly NetworkPlan[]) {
  const { input } = read(text);
  const { edited, problems } = joinClients(input, plans);
  return { text: [...edited.values()][0] ?? text, errors: problems.filter(({ severity }) => severity === 'error') };
}

interface Pod {
  spec: { template: { metadata?: { annotations?: Record<string, unknown> | null } | null } };
}

/** The object without the annotations of its pods, and those of them that are not ours. */
function foreign(text: string) {
  const value = structuredClone(parse(text).value) as Pod;
  const { metadata } = value.spec.template;
  const { [NETWORKS]: networks, ...annotations } = metadata?.annotations ?? {};
  delete annotations['gatewaynetwork.dev/client-of'];
  const { annotations: _, ...rest } = metadata ?? {};
  const template = { ...value.spec.template, metadata: rest };
  return {
    rest: { ...value, spec: { ...value.spec, template } },
    annotations,
    networks: typeof networks === 'string' ? networks : '',
  };
}

const marked = (text: string) => text.includes('gatewaynetwork.dev/');

test('a client joins beside its own networks, stays, moves, and leaves with what is its own', () => {
  let joinedAny = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: inBlock }, { weight: 1, arbitrary: inJson }),
      ({ head, metadata, tail }) => {
        const text = head + metadata + tail;
        // The header of an empty block, and then no line end: its line end stays.
        fc.pre(!text.endsWith('|-') && parse(text).failure === undefined);
        const before = foreign(text);
        const own = parseNetworks(before.networks);
        fc.pre(own !== undefined);

        const joined = run(text, [VPN]);
        expect(joined.errors).toEqual([]);
        joinedAny += 1;
        // Nothing but the pod's metadata is touched.
        expect(joined.text.startsWith(head)).toBe(true);
        if (metadata === '') expect(joined.text.startsWith(text)).toBe(true);
        else expect(joined.text.endsWith(tail)).toBe(true);
        const after = foreign(joined.text);
        expect([after.rest, after.annotations]).toEqual([before.rest, before.annotations]);
        // Our entry is the last, the others are what they were, and it shares no interface.
        const now = parseNetworks(after.networks) ?? [];
        expect(now.slice(0, -1)).toEqual(own);
        expect(now.at(-1)).toMatchObject({ name: 'vpn', namespace: 'egress' });
        expect(interfacesOf(own ?? [])).not.toContain(interfacesOf(now).at(-1));

        expect(run(joined.text, [VPN]).text).toBe(joined.text);
        const left = run(joined.text, NOBODY).text;
        expect([foreign(left).rest, foreign(left).annotations]).toEqual([before.rest, before.annotations]);
        expect(parseNetworks(foreign(left).networks)).toEqual(own);
        expect([marked(left), run(left, NOBODY).text]).toEqual([false, left]);
        const moved = foreign(run(joined.text, [SCAN, NOBODY[0] as NetworkPlan]).text);
        expect(parseNetworks(moved.networks)).toEqual(parseNetworks(foreign(run(text, [SCAN]).text).networks));
      },
    ),
    { numRuns: 800 },
  );
  expect(joinedAny).toBeGreaterThan(600);
}, 120_000);
