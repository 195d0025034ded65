import { attempt } from '../system/command.ts';
import { readLine } from '../system/files.ts';
import { boundBridge, createBridge, diffBridge, settle } from './bridge.ts';
import type { Journal } from './journal.ts';
import type { Link } from './link.ts';
import { foreignMark } from './names.ts';
import type { NodeState } from './node.ts';
import type { Settings } from './settings.ts';
import type { Tenure } from './tenure.ts';

/** Makes the network's bridge, or sets what differs of it. Whether it is as it has to be. */
export function keepBridge({ names, config }: Settings, node: NodeState, journal: Journal, tenure: Tenure): boolean {
  if (tenure.isOver(names)) return false;
  const bridge = node.link(names.bridge) ?? made(names.bridge, 'bridge created', node, journal);
  if (bridge === undefined || tenure.isOver(names)) return false;
  if (!journal.changeAll(diffBridge(bridge, config.mtu, names.mark))) return false;
  tenure.claimed = true;
  bound(bridge);
  return keepMac(bridge, journal);
}

/**
 * Makes the bridge that CNI plugins attach pods to, which leads nowhere, or sets what differs of it. Whether it is as
 * it has to be.
 */
export function keepEntry({ names, config }: Settings, node: NodeState, journal: Journal): boolean {
  if (names.entry === undefined) return true;
  const entry = node.link(names.entry) ?? made(names.entry, 'bridge for new pods created', node, journal);
  if (entry === undefined) return false;
  const fault =
    entry.kind === 'bridge' ? foreignMark(entry, names) : `${entry.name} exists and is no bridge: left alone`;
  if (fault !== undefined) {
    journal.fault(fault);
    return false;
  }
  bound(entry);
  return journal.changeAll(settle(entry, config.mtu, names.mark, [], entry.addresses.length > 0));
}

function made(name: string, what: string, node: NodeState, journal: Journal): Link | undefined {
  return journal.change(createBridge(name, what)) ? node.link(name) : undefined;
}

/** Where that cannot be set, the bridge learns as much as comes: that keeps no node from being ready. */
function bound(bridge: Link): void {
  const command = boundBridge(bridge);
  if (command !== undefined) attempt(command);
}

/**
 * Has the bridge keep its MAC address, once it was set by somebody (kernel: NET_ADDR_SET). By itself it takes the least
 * of its ports', and with each change the kernel forgets the bridge's neighbours (answer.ts).
 */
function keepMac({ name }: Link, journal: Journal): boolean {
  const assigned = readLine(`/sys/class/net/${name}/addr_assign_type`) ?? '3';
  if (assigned === '3') return true;
  const address = readLine(`/sys/class/net/${name}/address`) ?? '';
  const { succeeded } = attempt(['ip', 'link', 'set', 'dev', name, 'address', address]);
  if (!succeeded) journal.fault(`${name}: its MAC address cannot be set`);
  return succeeded;
}
