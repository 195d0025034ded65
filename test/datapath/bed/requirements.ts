import { afterAll } from 'vitest';
import { removeNamespaces } from '../../agent/namespace.ts';
import { missingRights } from '../../agent/requirements.ts';
import { describeWith } from '../../engines/describe-tools.ts';
import { cniPlugins, command, nodeImage, type Tool } from '../../engines/tool.ts';
import { removeContainers } from '../image/container.ts';

const COMMANDS = [
  'ip',
  'bridge',
  'nft',
  'iptables-nft',
  'iptables-legacy',
  'runc',
  'dnsmasq',
  'ping',
  'busybox',
  'ethtool',
];

const VPN_COMMANDS = ['wg', 'wireguard-go', 'openvpn', 'openssl'];

/** How long, in milliseconds, it may take to remove what all tests of a suite have made. */
const CLEANING = 60_000;

/**
 * A suite of tests that run one after another, each in a cluster of network namespaces. Skipped by
 * name where there can be none.
 */
export function describeDatapath(title: string, body: () => void): void {
  describeWithCommands(title, COMMANDS, body);
}

/** The same with VPN servers, for which the machine needs more programs. */
export function describeVpn(title: string, body: () => void): void {
  describeWithCommands(title, [...COMMANDS, ...VPN_COMMANDS], body);
}

function describeWithCommands(title: string, commands: readonly string[], body: () => void): void {
  const rights = missingRights().map((right): Tool => ({ title: right }));
  describeWith([{ title, path: '/' }, nodeImage(), ...cniPlugins(), ...commands.map(command), ...rights], () => {
    afterAll(removeNamespaces, CLEANING);
    afterAll(removeContainers, CLEANING);
    body();
  });
}
