import { expect, it, test } from 'vitest';
import { messages, proposals } from '../networks.ts';

test('any port that no CNI uses is fine, also for two networks', () => {
  expect(messages('overlay: {vni: 7, port: 5000}', 'overlay: {vni: 8, port: 5000}')).toEqual([]);
});

it.each([
  [4789, 'Calico and Open vSwitch (the VXLAN port of IANA)'],
  [6081, 'OVN-Kubernetes and Antrea (the Geneve port of IANA)'],
  [8472, 'flannel and Cilium'],
])('%i is the port of %s', (port, owner) => {
  const spec = `overlay: {vni: 7, port: ${port}}`;
  expect(messages(spec)).toEqual([
    `\`spec.overlay.port\` is "${port}" and must not be 4789, 6081 or 8472: this is the port of ${owner}`,
  ]);
  expect(proposals(spec)).toEqual({ 'spec.overlay.port': 4799 });
});
