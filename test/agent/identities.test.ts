import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { attach, createGuarded, ENTRY, give, type Given, guarding, isOpen, noted, ROUTER } from './guarded.ts';
import { run } from './namespace.ts';
import { createSuccessor, link } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

describeInNamespaces('a port', () => {
  it('is closed until it is known whose it is, and then holds its pod to what was given to it', async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth1');
    await eventually(() => expect(agent.log()).not.toContain('failed'));
    expect(link(node, 'veth1')).toContain(` master ${ENTRY} `);
    give(node, 'veth1');
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    const table = run(node.namespace, 'nft -s list table bridge gwn_vpn_ports');
    for (const rule of [
      'iifname . ether saddr != { "veth1" . 02:00:00:00:00:11 } counter drop',
      'iifname "veth1" iifname . ip saddr != { "veth1" . 192.168.50.16 } counter drop',
      'iifgroup 10000007 jump given',
    ]) {
      expect(table).toContain(rule);
    }
  });

  it('is whose the file with its MAC address says, where a file has outlived its pod', async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    for (let index = 0; index < 20; index++) {
      const stale = noted('veth1', { addresses: [`192.168.50.${100 + index}/24`], mac: '02:00:00:00:00:99' });
      writeFileSync(
        `${node.results}/egress.vpn-gone${index}-net1`,
        stale.replace('0a:00:00:00:00:01', '0a:00:00:00:00:02'),
      );
    }
    give(node, 'veth1');
    attach(node, 'veth1');
    run(node.namespace, 'ip link set veth1 address 0a:00:00:00:00:01');
    await eventually(() =>
      expect(run(node.namespace, 'nft -s list table bridge gwn_vpn_ports')).toContain(
        '{ "veth1" . 02:00:00:00:00:11 }',
      ),
    );
  });

  it('is closed where a configuration of one plugin asks for a MAC address', async () => {
    const node = createGuarded();
    using agent = start(node);
    const alone = { cniVersion: '1.0.0', name: 'own', type: 'bridge', args: { cni: { mac: '02:00:00:00:00:11' } } };
    const given = JSON.parse(noted('veth1', { network: 'own', addresses: ['192.168.50.210/24'] }));
    given.config = Buffer.from(JSON.stringify(alone)).toString('base64');
    writeFileSync(`${node.results}/own-veth1-net1`, JSON.stringify(given));
    attach(node, 'veth1');
    await eventually(() =>
      expect(agent.log()).toContain('apps/pod-veth1: it asks for a MAC address by cni-args (veth1)'),
    );
    expect(isOpen(node, 'veth1')).toBe(false);
  });

  it('stays as it is when the agent is another, and closed while there is none', async () => {
    const node = createGuarded();
    attach(node, 'veth1');
    give(node, 'veth1');
    {
      using agent = start(node);
      await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
      await untilReady(agent);
      await agent.stop('SIGKILL');
    }
    attach(node, 'veth2');
    give(node, 'veth2', { mac: '02:00:00:00:00:12', addresses: ['192.168.50.17/24'] });
    const table = run(node.namespace, 'nft list table bridge gwn_vpn_ports');
    expect([isOpen(node, 'veth1'), isOpen(node, 'veth2')]).toEqual([true, false]);
    const next = createSuccessor(node, 'agent-b', guarding(node.results));
    using successor = start(next);
    await eventually(() => expect(isOpen(node, 'veth2')).toBe(true));
    expect(successor.log()).not.toMatch(/veth1: (taken|attached)/);
    expect(run(node.namespace, 'nft list table bridge gwn_vpn_ports')).not.toBe(table);
  });

  it('that is on the bridge and nobody knows is taken off it', async () => {
    const node = createGuarded({ FILE_GRACE: '1' });
    attach(node, 'veth1');
    give(node, 'veth1');
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth2', 'gwvpn');
    await eventually(() => expect(link(node, 'veth2')).toContain(` master ${ENTRY} `));
    await untilReady(agent, /^ready; no file in .* says whose the port veth2 is: it stays closed; is that the cniDir/);
    expect(isOpen(node, 'veth1')).toBe(true);
  });

  it('is told of where the folder is another: the agent is not ready then', async () => {
    const node = createGuarded({ FILE_GRACE: '1' });
    rmSync(node.results, { recursive: true });
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth1');
    await untilReady(agent, /^not ready: no file in .* whose the port veth1 is.*spec\.agent\.daemonSet\.cniDir/);
    mkdirSync(node.results);
    give(node, 'veth1');
    await untilReady(agent);
  });

  it('stays on the network where the files of all are gone, and the agent is not ready', async () => {
    const node = createGuarded({ FILE_GRACE: '1' });
    attach(node, 'veth1');
    give(node, 'veth1');
    using agent = start(node);
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    await untilReady(agent);
    const table = run(node.namespace, 'nft -s list table bridge gwn_vpn_ports');
    await agent.stop('SIGKILL');
    rmSync(node.results, { recursive: true });
    const next = createSuccessor(node, 'agent-b', guarding(node.results));
    using successor = start(next);
    await untilReady(successor, /^not ready: no file in .* says whose any port is: those on the network stay/);
    attach(node, 'veth2');
    await setTimeout(2000);
    expect([isOpen(node, 'veth1'), isOpen(node, 'veth2')]).toEqual([true, false]);
    expect(run(node.namespace, 'nft -s list table bridge gwn_vpn_ports')).toBe(table);
    mkdirSync(node.results);
    give(node, 'veth1');
    give(node, 'veth2', { mac: '02:00:00:00:00:12', addresses: ['192.168.50.17/24'] });
    await untilReady(successor);
    expect([isOpen(node, 'veth1'), isOpen(node, 'veth2')]).toEqual([true, true]);
  });

  it('is read of when its file is there as a whole', async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth1');
    writeFileSync(`${node.results}/half`, noted('veth1').slice(0, -2));
    await untilReady(agent);
    expect(isOpen(node, 'veth1')).toBe(false);
    give(node, 'veth1');
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
  });

  it.each<readonly [string, Given]>([
    ['it asks for a MAC address by cni-args', { args: { mac: '02:00:00:00:00:11' } }],
    ['it asks for a MAC address by cni-args', { args: { MAC: '02:00:00:00:00:11' } }],
    [`it has the MAC address of a router, ${ROUTER}`, { mac: ROUTER }],
    ['its address 203.0.113.10 is outside 192.168.50.0/24 and fd00:50::/64', { addresses: ['203.0.113.10/32'] }],
    ['its address fd00:50:0:1::16 is outside', { addresses: ['192.168.50.16/24', 'fd00:50:0:1::16/64'] }],
    ['its address fd00:50::1 is that of a router', { addresses: ['192.168.50.16/24', 'fd00:50::1/64'] }],
    ['it was given no address', { addresses: [] }],
    [
      'its address 192.168.50.16 is given by the network, and the attachment egress.other is none of it',
      { network: 'egress.other' },
    ],
    ['its address 192.168.50.202 is given by the network', { network: 'own', addresses: ['192.168.50.202/24'] }],
    ['its address 192.168.50.1 is that of a router', { network: 'own', addresses: ['192.168.50.1/24'] }],
    [
      'only pods of egress can be the router, by the attachment egress.vpn-router-0',
      { network: 'egress.vpn-router-0' },
    ],
    ['it has the MAC address of another pod, 02:00:00:00:00:99', { mac: '02:00:00:00:00:99' }],
    ['its address 192.168.50.99 is that of another pod', { addresses: ['192.168.50.99/24'] }],
  ])('stays closed: %s', async (reason, given) => {
    const node = createGuarded();
    attach(node, 'veth9');
    give(node, 'veth9', { mac: '02:00:00:00:00:99', addresses: ['192.168.50.99/24'] });
    attach(node, 'veth1');
    give(node, 'veth1', given);
    using agent = start(node);
    await eventually(() => expect(isOpen(node, 'veth9')).toBe(true));
    const pod = `${given.namespace ?? 'apps'}/pod-veth1`;
    await eventually(() => expect(agent.log()).toContain(`ready; closed: ${pod}: ${reason}`));
    expect(isOpen(node, 'veth1')).toBe(false);
  });

  it('may be of an attachment of the user, with an address that the network gives to nobody', async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    attach(node, 'veth1', 'gwvpn');
    give(node, 'veth1', { network: 'own', addresses: ['192.168.50.201/24'] });
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
  });

  it("is a router's for one pod of the network's namespace at a time", async () => {
    const node = createGuarded();
    using agent = start(node);
    await untilReady(agent);
    const router = { network: 'egress.vpn-router-0', namespace: 'egress', addresses: [] };
    for (const port of ['veth1', 'veth2']) {
      attach(node, port);
      give(node, port, router);
      await eventually(() => expect(agent.log()).toMatch(port === 'veth1' ? /attached to the network/ : /closed/));
    }
    expect([isOpen(node, 'veth1'), isOpen(node, 'veth2')]).toEqual([true, false]);
    run(node.namespace, 'ip link del veth1');
    await eventually(() => expect(isOpen(node, 'veth2')).toBe(true));
  });
});
