import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatProblem } from '../fn/files/format-problem.ts';
import { expand } from '../fn/index.ts';
import { mutate, mutation } from './krm/mutation.ts';
import { cpuTime } from './cpu-time.ts';

const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata:
  name: vpn
  namespace: egress
  annotations:
    internal.config.kubernetes.io/path: 'net/vpn.yaml'
spec:
  subnets: [192.168.50.0/24, "fd00:50::/64"]
  overlay: {vni: 1000, underlay: {interface: eth0}, flooding: {type: Multicast, multicast: {group: 224.0.0.88}}}
  clients:
  - selector: {matchLabels: {egress: vpn}}
    namespaces: [apps]
`;
const CLIENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: apps}
spec:
  template:
    metadata:
      labels:
        egress: vpn # a client
`;
const OWNED = `apiVersion: v1
kind: ConfigMap
metadata:
  name: vpn-router
  namespace: egress
  labels: {gatewaynetwork.dev/network: vpn}
data:
  rules.nft: |
    old
`;
const item = (text: string) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`;
const SEEDS = [
  `${NETWORK}---\n${CLIENT}---\n${OWNED}`,
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${item(NETWORK)}${item(CLIENT)}${item(OWNED)}`,
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  ${NETWORK.trimEnd().replaceAll('\n', '\n  ')}\nitems: []\n`,
];

test('a damaged input ends in manifests or in problems of one line, soon, and never in a fault of ours', () => {
  let [rendered, refused] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.array(mutation, { minLength: 1, maxLength: 3 }), (seed, mutations) => {
      const start = cpuTime();
      const { text, problems } = expand(mutations.reduce(mutate, seed));
      for (const problem of problems) expect(formatProblem(problem)).toMatch(/^(?:error|warning|info): [^\n]{8,}$/);
      if (problems.some(({ severity }) => severity === 'error')) refused += 1;
      else {
        rendered += 1;
        expect(text).toContain('DaemonSet');
      }
      expect(cpuTime() - start).toBeLessThan(3000);
    }),
    { numRuns: 10_000, seed: 20_261_123 },
  );
  expect(rendered).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(500);
}, 300_000);
