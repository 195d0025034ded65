import { assert, property, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachmentReference, cniName, interfaceName, portGroup, routerMac } from '../../fn/plan/names.ts';
import { planOf } from './network.ts';

const dnsLabel = (length: number) => stringMatching(new RegExp(`^[a-z0-9]([-a-z0-9]{0,${length - 2}}[a-z0-9])?$`));

describe('interface names', () => {
  test('show the network and where they come from', () => {
    expect(interfaceName('br', 'vpn', 'egress')).toMatch(/^br-vpn-[a-z0-9]{6}$/);
    expect(interfaceName('vx', 'vpn', 'egress')).toMatch(/^vx-vpn-[a-z0-9]{6}$/);
  });

  test('differ between namespaces', () => {
    expect(interfaceName('br', 'vpn', 'egress')).not.toBe(interfaceName('br', 'vpn', 'other'));
  });

  test('fit into 15 bytes whatever the network is called', () => {
    assert(
      property(dnsLabel(40), dnsLabel(63), (name, namespace) => {
        expect(interfaceName('br', name, namespace)).toMatch(/^br-[a-z0-9]([-a-z0-9]*[a-z0-9])?-[a-z0-9]{6}$/);
        expect(interfaceName('br', name, namespace).length).toBeLessThanOrEqual(15);
      }),
    );
  });

  test('are distinct for 2,000 networks of one namespace', () => {
    const names = Array.from({ length: 2000 }, (_, index) => interfaceName('br', `network-${index}`, 'egress'));
    expect(new Set(names).size).toBe(2000);
  });
});

test('object names stay DNS labels for the longest network name', () => {
  const { names, routers } = planOf('{subnets: [192.168.50.0/24]}', { name: 'n'.repeat(40), namespace: 'egress' });
  for (const name of [names.clientAttachment, names.agent, names.peers, names.router, routers[0]?.name ?? '']) {
    // Room for the hash of a ReplicaSet or a ControllerRevision.
    expect(name.length + 11).toBeLessThanOrEqual(63);
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  }
});

test('a router keeps its MAC, locally administered and unicast, and no two share one', () => {
  const mac = routerMac('vpn', 'egress', 0);
  expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(routerMac('vpn', 'egress', 0)).toBe(mac);
  expect(routerMac('vpn', 'egress', 1)).not.toBe(mac);
  expect(routerMac('vpn', 'other', 0)).not.toBe(mac);
});

test('the group of a network has eight digits and is its own', () => {
  const groups = Array.from({ length: 100 }, (_, index) => portGroup(`network-${index}`, 'egress'));
  expect(new Set([...groups, portGroup('network-0', 'other')]).size).toBe(101);
  for (const group of groups) expect(String(group)).toMatch(/^[1-9]\d{7}$/);
});

test('the files of metrics differ, since networks share the directory', () => {
  const file = (name: string, namespace?: string) =>
    planOf('{subnets: [10.0.0.0/24]}', { name, ...(namespace && { namespace }) }).names.metricsFile;
  expect(file('vpn', 'egress')).toBe('gateway_network_egress_vpn.prom');
  expect(file('vpn')).toBe('gateway_network_vpn.prom');
  expect(file('c', 'a-b')).not.toBe(file('b-c', 'a'));
});

test('a pod of the same namespace names the attachment alone', () => {
  expect(attachmentReference('vpn', 'egress', 'egress')).toBe('vpn');
  expect(attachmentReference('vpn', 'egress', 'apps')).toBe('egress/vpn');
});

test('CNI names are unique in the cluster and well-formed', () => {
  expect(cniName('egress', 'vpn')).toBe('egress.vpn');
  expect(cniName('', 'vpn')).toBe('vpn');
  expect(cniName('a', 'b-c')).not.toBe(cniName('a-b', 'c'));
});
