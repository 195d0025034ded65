import { formatAddress, parseAddress } from '../../net/address.ts';
import { refusal } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { clashes, type Rule } from './rule.ts';

const PATH = 'spec.gateway.egress.network';

/** An address that a network takes on an attachment. */
interface Claim {
  readonly id: string;
  readonly path: string;
  readonly text: string;
}

/** An address on the network of an egress belongs to the routers of one network. */
export const egressAddresses: Rule = {
  reads: ['metadata.namespace', PATH],
  checkAll: (subjects) =>
    clashes(subjects, claimsOf, ({ path, text }, owner) => {
      const because = `${owner.label} has it on the same attachment, and two routers would answer for it`;
      return refusal('Collision', path, text, 'be an address that no other network has', { because });
    }),
};

function claimsOf({ metadata, spec }: GatewayNetwork): readonly Claim[] {
  const settings = spec.gateway?.egress?.network;
  if (settings === undefined) return [];
  const { attachment, addresses, snatAddresses = [] } = settings;
  const where = `${attachment.namespace ?? metadata.namespace ?? ''}/${attachment.name}`;
  return [
    ...addresses.map((text, index) => ({ path: `${PATH}.addresses[${index}]`, text })),
    ...snatAddresses.map((text, index) => ({ path: `${PATH}.snatAddresses[${index}]`, text })),
  ].flatMap(({ path, text }) => {
    const address = parseAddress(text.replace(/\/.*/s, ''));
    return address === undefined ? [] : [{ id: `${where} ${formatAddress(address)}`, path, text }];
  });
}
