import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { expand } from '../fn/index.ts';

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
/** A good value nearly always, and a bad one now and then. */
const mostly = <T>(good: fc.Arbitrary<T>, ...bad: readonly unknown[]) =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: some(...(bad as T[])) });
/** An optional part, given now and then. */
const maybe = <T>(part: fc.Arbitrary<T>) => fc.option(part, { nil: undefined, freq: 2 });

const number = (good: fc.Arbitrary<number>) => mostly(good, -1, 0, 70_000, 16_777_216, '7', 1.5);
const label = mostly(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/),
  '',
  'UPPER',
  'a.b',
  '../x',
  'n'.repeat(64),
);
const selector = fc.oneof(
  fc.record({ matchLabels: fc.dictionary(label, label, { minKeys: 1, maxKeys: 2 }) }),
  fc.record({
    matchExpressions: fc.array(
      fc.record({ key: label, operator: mostly(some('Exists', 'DoesNotExist'), 'In', 'Like') }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);
const subnets = mostly(
  fc
    .tuple(fc.nat(255), fc.nat(255), some(24, 25, 28))
    .chain(([a, b, length]) =>
      some(
        [`10.${a}.${b}.0/${length}`],
        [`fd00:${a.toString(16)}:${b.toString(16)}::/64`],
        [`fd00:${b.toString(16)}::/64`, `10.${b}.${a}.0/${length}`],
      ),
    ),
  ['192.168.50.7/24'],
  ['::/0'],
  ['10.0.0.0/24', '10.1.0.0/24'],
  ['nonsense'],
  [],
);
const overlay = fc.record({
  vni: number(fc.integer({ min: 5000, max: 16_777_215 })),
  port: maybe(number(some(4799, 4800))),
  underlay: maybe(
    fc.record({
      family: maybe(some('IPv4', 'IPv6')),
      interface: maybe(mostly(some('eth0', 'ens3'), 'lo', 'a/b')),
      mtu: maybe(number(some(1500, 9000))),
    }),
  ),
  flooding: maybe(
    mostly(
      some(
        { type: 'Unicast' },
        { type: 'Unicast', unicast: { peers: ['172.18.0.2', '172.18.0.3'] } },
        { type: 'Multicast', multicast: { group: '224.0.0.88', ttl: 4 } },
      ),
      { type: 'Multicast' },
      { type: 'Unicast', unicast: { peers: ['fd00::1'] } },
    ),
  ),
});

/** Specs that are right nearly always, and now and then anything at all. */
const spec = fc.oneof(
  {
    weight: 19,
    arbitrary: fc.record({
      subnets,
      gatewayAddresses: maybe(mostly(some([]), ['10.0.0.1'], ['nonsense'])),
      mtu: maybe(number(some(1400, 1430))),
      unservedFamily: maybe(some('Block', 'Bypass')),
      overlay: maybe(overlay),
      interfaces: maybe(fc.record({ bridge: mostly(fc.stringMatching(/^[a-z]{5}[0-9]{1,9}$/), 'lo', 'a b') })),
      nodes: maybe(
        fc.record({ selector, tolerations: maybe(fc.array(fc.record({ key: label, operator: some('Exists') }))) }),
      ),
      ipam: maybe(mostly(some({ type: 'Whereabouts' }), { type: 'HostLocal' })),
      cluster: maybe(
        fc.record({ cidrs: mostly(some(['172.16.0.0/12'], ['172.18.0.0/16', '2001:db8::/48']), ['10.0.0.0/8']) }),
      ),
      clients: maybe(
        fc.array(
          fc.record({
            selector: maybe(selector),
            names: maybe(fc.array(label, { minLength: 1, maxLength: 2 })),
            namespaces: fc.array(label, { minLength: 1, maxLength: 2 }),
            workloads: maybe(
              mostly(
                some(
                  [{ kind: 'Pod' }, { kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1' }],
                  [{ kind: 'Fleet', apiVersion: 'a.b/v1', templatePath: 'spec.x' }],
                ),
                [{ kind: 'Fleet' }],
                [{ kind: 'Fleet', apiVersion: 'a.b/v1', templatePath: 'spec.x[0]' }],
              ),
            ),
            attachment: maybe(mostly(some('Shared', 'PerNamespace'), 'None')),
          }),
          { maxLength: 2 },
        ),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.anything() },
);

const network = fc
  .record({ name: label, namespace: label, spec })
  .map(({ spec: given, ...metadata }) =>
    stringify(
      plain({ apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork', metadata, spec: plain(given) }),
      { aliasDuplicateObjects: false },
    ),
  );
const networks = fc.array(network, { minLength: 1, maxLength: 3 });

/** What JSON can hold. */
function plain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return null;
  }
}

function resourceList(texts: readonly string[]): string {
  const items = texts.map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`);
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}`;
}

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly config?: string };
}

describe('whatever the networks are', () => {
  test('a run ends in manifests or in errors that say what to do, the same each time, and a second one changes nothing', () => {
    let rendered = 0;
    fc.assert(
      fc.property(networks, (texts) => {
        const input = resourceList(texts);
        const { text, problems } = expand(input);
        expect(expand(input)).toEqual({ text, problems });
        const errors = problems.filter(({ severity }) => severity === 'error');
        for (const { message, code } of errors) expect(`${code}: ${message}`).toMatch(/must|cannot|is there|renders/);
        if (errors.length > 0) {
          expect(text.startsWith(input)).toBe(true);
          return;
        }
        rendered += 1;
        const { items } = parse(text) as { items: readonly Rendered[] };
        for (const { kind, metadata, spec: object } of items.filter((item) => item.kind !== 'GatewayNetwork')) {
          expect(metadata.name, kind).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
          expect(metadata.name.length).toBeLessThanOrEqual(63);
          if (object?.config !== undefined)
            expect(JSON.parse(object.config).plugins[0].bridge).toMatch(/^[^\s/]{1,15}$/);
        }
        expect((parse(expand(text).text) as { items: unknown }).items).toEqual(items);
        expect(expand(text).text.slice(0, text.indexOf('results:'))).toBe(text.slice(0, text.indexOf('results:')));
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(rendered).toBeGreaterThan(50);
  }, 120_000);
});
