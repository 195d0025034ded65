import { refusal, type Fault } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { clashes, type Rule } from './rule.ts';

const BRIDGE = 'spec.interfaces.bridge';
const VXLAN = 'spec.interfaces.vxlan';
const UNDERLAY = 'spec.overlay.underlay.interface';

/** Names of interfaces have no special meaning in Linux, are distinct, and belong to one network. */
export const interfaceNames: Rule = {
  reads: [BRIDGE, VXLAN, UNDERLAY],
  checkNetwork: (network) => {
    const names = namesOf(network);
    return names.flatMap((entry, index) => {
      const earlier = names.slice(0, index).find(({ name }) => name === entry.name);
      if (earlier !== undefined) return [same(entry, `\`${earlier.path}\``)];
      return meaning(entry);
    });
  },
  checkAll: (subjects) => [
    ...clashes(subjects, ownNames, (claim, owner) => same(claim, `that of an interface of ${owner.label}`)),
    ...subjects.flatMap((subject) =>
      namesOf(subject.network)
        .filter(({ path }) => path === UNDERLAY)
        .flatMap((entry) => {
          const builder = subjects.find(
            (other) => other.key !== subject.key && ownNames(other.network).some(({ name }) => name === entry.name),
          );
          const whose = builder && `that of an interface which ${builder.label} builds`;
          return whose === undefined ? [] : [{ subject, fault: same(entry, whose) }];
        }),
    ),
  ],
};

interface NamedInterface {
  /** The name, as what {@link clashes} compares. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/** The names in the spec. */
function namesOf({ spec }: GatewayNetwork): readonly NamedInterface[] {
  const names = [
    [UNDERLAY, spec.overlay?.underlay?.interface],
    [BRIDGE, spec.interfaces?.bridge],
    [VXLAN, spec.interfaces?.vxlan],
  ] as const;
  return names.flatMap(([path, name]) => (name === undefined ? [] : [{ id: name, name, path }]));
}

/** The names of interfaces that the network builds; networks may share an underlay. */
function ownNames(network: GatewayNetwork): readonly NamedInterface[] {
  return namesOf(network).filter(({ path }) => path !== UNDERLAY);
}

/** Directories of /proc/sys/net/ipv{4,6}/conf, and the interface that every node has. */
const TAKEN: ReadonlySet<string> = new Set(['.', '..', 'all', 'default', 'lo']);

function meaning({ path, name }: NamedInterface): readonly Fault[] {
  if (!TAKEN.has(name)) return [];
  return [refusal('InvalidName', path, name, 'be another name', { because: 'it has a special meaning in Linux' })];
}

function same({ path, name }: NamedInterface, other: string): Fault {
  return refusal('Collision', path, name, `differ from ${other}`);
}
