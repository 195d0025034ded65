import { destinations } from './entries.ts';
import { type Lookup, lookUp } from './lookup.ts';
import { formerLinks, isOurs } from './names.ts';
import type { NodeState } from './node.ts';
import type { Settings } from './settings.ts';

/** Looks the peers up where they are discovered. Begins with what the kernel sends to: what an earlier agent knew. */
export function discoverPeers(
  { names, hostIp, config }: Settings,
  node: NodeState,
  underlay: () => string | undefined,
  onChange: () => void,
): Lookup | undefined {
  const { overlay } = config;
  if (overlay?.flooding.type !== 'Discovered') return undefined;
  const links = node.links();
  const current = links.filter((link) => link.name === names.vxlan && isOurs(link, names));
  const devices = [...current, ...formerLinks(links, names)].filter(({ kind }) => kind === 'vxlan');
  const remembered = devices.flatMap(({ name }) => destinations(node.entries(name, false)));
  // Kubernetes knows the node by HOST_IP, and by one more of the other family.
  const own = () => {
    if (hostIp.includes(':') === (overlay.family === 'IPv6')) return [hostIp];
    const addresses = node.link(underlay())?.addresses ?? [];
    return addresses.filter(({ isLocal }) => !isLocal).map(({ address }) => address);
  };
  return lookUp(overlay.flooding.service, overlay.family, remembered, own, onChange);
}
