import { expect, test } from 'vitest';
import { tunnelPorts } from '../../../fn/node/node-agent/tunnels.ts';
import { port } from './given.ts';

test('the ports are those of VXLANs and Geneve, each once', () => {
  const links = [
    port('flannel.1', { kind: 'vxlan', details: { id: 1, port: 8472 } }),
    port('genev_sys_6081', { kind: 'geneve', details: { external: true, port: 6081 } }),
    port('gwvpn-vx', { kind: 'vxlan', details: { id: 1000, port: 4799 } }),
    port('gwlan-vx', { kind: 'vxlan', details: { id: 1001, port: 4799 } }),
    port('veth1', { kind: 'veth' }),
    port('br0', { kind: 'bridge', details: { port: 7 } }),
    port('gone', { kind: 'vxlan' }),
  ];
  expect(tunnelPorts(links)).toEqual([4799, 6081, 8472]);
});
