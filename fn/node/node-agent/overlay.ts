import type { Change } from '../change.ts';
import type { Overlay } from '../config/agent-config.ts';
import { say } from '../system/process.ts';
import { diffAnswer } from './answer.ts';
import { destinations, type Entry } from './entries.ts';
import { type Allowed, guardRules, leaversOf, networksOf } from './guard.ts';
import type { Journal } from './journal.ts';
import { latest } from './latest.ts';
import type { Lookup } from './lookup.ts';
import type { NodeState } from './node.ts';
import { diffPeers, without } from './peers.ts';
import type { RuleSets } from './rule-sets.ts';
import type { Settings } from './settings.ts';
import { findUnderlay, type Underlay, underlayDevice } from './underlay.ts';
import {
  createVxlan,
  deleteVxlan,
  diffVxlan,
  replaceVxlan,
  settleVxlan,
  takenFault,
  vxlanFault,
  type WantedVxlan,
} from './vxlan.ts';

/** Keeps the VXLAN, whom it takes packets from, and whom it sends to. */
export class OverlayKeeper {
  /** The interface that carries the VXLAN, as far as that was ever known. */
  device: string | undefined;
  peerCount = 0;
  private allowed: Allowed = [];
  private wanted: readonly string[] = [];
  private readonly others = latest<readonly string[]>();
  private readonly sources = latest<Allowed>();
  private readonly guard = latest<string>();
  private readonly changes = latest<readonly Change[]>();
  private expected: readonly string[] | undefined;
  private unlisted: string | undefined;

  private readonly node: NodeState;
  private readonly journal: Journal;
  private readonly rules: RuleSets;
  private readonly lookup: Lookup | undefined;

  constructor(node: NodeState, journal: Journal, rules: RuleSets, lookup: Lookup | undefined) {
    this.node = node;
    this.journal = journal;
    this.rules = rules;
    this.lookup = lookup;
  }

  /**
   * Says what the rules of the overlay have to be; nothing where it cannot be told yet. A VXLAN that has to be another
   * goes first: the rules are about the one that is wanted.
   */
  plan(settings: Settings, overlay: Overlay): WantedVxlan | undefined {
    const { config, hostIp, names, portGroup } = settings;
    const known = overlay.flooding.type === 'Listed' ? (config.peers ?? []) : (this.lookup?.known() ?? []);
    const links = this.node.links();
    const own = links.flatMap(({ addresses }) =>
      addresses.flatMap(({ address, isLocal }) => (isLocal ? [] : [address])),
    );
    this.wanted = this.others([known, own.join(' ')], () => without(known, own));
    const carried = { overlay, mtu: config.mtu, hostIp, known };
    this.device = underlayDevice(links, carried) ?? this.device;
    const underlay = findUnderlay(links, carried);
    if ('fault' in underlay) return this.refuse(underlay.fault);
    const wanted = { overlay, underlay, mtu: config.mtu, ttl: config.ttl, portGroup };
    const link = this.node.link(overlay.device);
    // Our rules would drop the packets of another network of the same VNI.
    const fault = takenFault(links, names, overlay) ?? (link && vxlanFault(link, names));
    if (fault !== undefined) return this.refuse(fault);
    if (link && !this.journal.changeAll(replaceVxlan(link, wanted))) return undefined;
    const allowed = this.whom(overlay, underlay, known, config.ttl);
    if (allowed === undefined) return undefined;
    this.allowed = allowed;
    const table = `${this.rules.name()}_overlay`;
    const text = this.guard([table, overlay, underlay.device, underlay.source, allowed], () =>
      guardRules({ table, overlay, underlay, hostIp, allowed }),
    );
    this.rules.want('overlay', text);
    return wanted;
  }

  private refuse(fault: string): undefined {
    this.journal.fault(fault);
  }

  /** The sources that packets are taken from. A peer that goes stays among them as long as the kernel sends to it. */
  private whom(
    overlay: Overlay,
    underlay: Underlay,
    known: readonly string[],
    ttl: number | undefined,
  ): Allowed | undefined {
    const { type } = overlay.flooding;
    if (type === 'Multicast') return (ttl ?? 1) > 1 ? 'any' : this.networks(overlay, underlay);
    const leavers = leaversOf(this.allowed, this.wanted, () => destinations(this.entries(overlay)));
    let networks: readonly string[] | undefined = [];
    if (known.length > 0 && !known.includes(underlay.source)) {
      // The name tells the nodes' addresses on another network: those on the underlay are known to nobody.
      if (type === 'Discovered') networks = this.networks(overlay, underlay);
      else this.tellUnlisted(underlay.source);
    }
    if (networks === undefined) return undefined;
    const all = [...leavers, ...networks];
    return this.sources([this.wanted, all.join(' ')], () => [...new Set([...this.wanted, ...all])].toSorted());
  }

  private tellUnlisted(source: string): void {
    if (this.unlisted === source) return;
    this.unlisted = source;
    say(`this node's address ${source} is not among peers: nodes that have the same list take nothing from it`);
  }

  private networks({ family }: Overlay, { device }: Underlay): readonly string[] | undefined {
    const networks = networksOf(this.node.routes(device, family));
    if (networks.length > 0) return networks;
    return this.refuse(`the underlay ${device} is on no ${family} network: whose packets to take is not known`);
  }

  /** Makes the VXLAN, or sets what differs of it, of its peers and of the bridge's answer. */
  keep(settings: Settings, wanted: WantedVxlan): void {
    if (!this.keepVxlan(settings, wanted)) return;
    const { node, journal } = this;
    const { names } = settings;
    const { device } = wanted.overlay;
    const link = node.link(device);
    if (link === undefined) return;
    for (const change of diffAnswer(names.bridge, link, this.entries(wanted.overlay), node.neighbours()))
      journal.change(change);
    this.keepPeers(wanted);
  }

  private entries({ device, flooding }: Overlay): readonly Entry[] {
    return this.node.entries(device, flooding.type === 'Multicast');
  }

  private keepVxlan({ names }: Settings, wanted: WantedVxlan): boolean {
    const { node, journal } = this;
    const { device } = wanted.overlay;
    const before = node.link(device);
    const fault = before && vxlanFault(before, names);
    if (fault !== undefined) return this.refuse(fault) ?? false;
    const isKept = before !== undefined && journal.changeAll(diffVxlan(before, wanted));
    if (before !== undefined && !isKept && !journal.change(deleteVxlan(before, wanted))) return false;
    if (!isKept && !journal.change(createVxlan(wanted))) return false;
    const link = node.link(device);
    return link !== undefined && journal.changeAll(settleVxlan(link, wanted, names));
  }

  private keepPeers({ overlay, underlay }: WantedVxlan): void {
    const { flooding, device } = overlay;
    if (flooding.type === 'Discovered' && !this.arePeersKnown(flooding.service, overlay)) return;
    const wanted = flooding.type === 'Multicast' ? [`${flooding.group}%${underlay.device}`] : this.wanted;
    this.peerCount = wanted.length;
    // What was not wanted before is no repair.
    const isDue = this.journal.due || this.expected === undefined || !isSame(this.expected, wanted);
    this.expected = wanted;
    const actual = this.entries(overlay);
    const changes = this.changes([wanted, actual], () => diffPeers(device, destinations(actual), wanted));
    for (const change of changes) this.journal.change(change, isDue);
  }

  /**
   * Fails where the peers are not known. A remembered peer may be one that nobody has told of yet, and there may be
   * others.
   */
  private arePeersKnown(service: string, { family }: Overlay): boolean {
    const { journal, lookup, wanted } = this;
    const problem = lookup?.problem();
    const reason = problem ?? `${service} has not resolved to an ${family} address yet`;
    if (lookup?.isBelieved()) {
      if (problem !== undefined) journal.note(`${reason}: the known peers are kept`);
      if (wanted.length === 0) journal.note('this node is alone: there is no agent of the network on another');
    } else if (wanted.length > 0) {
      journal.note(`${reason}: the peers that the kernel remembers are kept`);
    } else {
      journal.fault(`the peers are not known: ${reason}`);
      return false;
    }
    return true;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]));
}
