import { MINIMUM_MTU } from '../../net/mtu.ts';
import { fault, type Fault } from '../fault.ts';
import { DEFAULTS } from '../generated/fields.ts';
import type { GatewayNetwork, Underlay } from '../generated/gateway-network.ts';
import { capacity } from '../overlay.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

/** The MTU fits into the underlay's, given or derived, and is large enough for the IP families of the network. */
export const mtu: Rule = {
  reads: ['spec.subnets', 'spec.unservedFamily', 'spec.mtu', 'spec.overlay.underlay'],
  checkNetwork: (network) => {
    const { overlay, mtu: given } = network.spec;
    const least = leastMTU(network);
    const small = overlay === undefined ? [] : underlayFaults(overlay.underlay, least);
    if (small.length > 0 || given === undefined) return small;
    if (given < least.bytes) {
      return [fault('InvalidMTU', 'spec.mtu', given, `be at least ${least.bytes}`, { because: least.because })];
    }
    return overlay === undefined ? [] : tooLarge(given, overlay.underlay);
  },
};

interface Least {
  readonly bytes: number;
  readonly because: string;
}

/** Linux has no IPv6 on an interface whose MTU is below that of RFC 8200, so not even the routes that block it. */
function leastMTU(network: GatewayNetwork): Least {
  const served = subnetsOf(network).find(({ cidr }) => cidr.family === 'IPv6');
  if (served !== undefined) {
    return { bytes: MINIMUM_MTU.IPv6, because: `${quote(served.text)} is IPv6, which needs 1280 bytes (RFC 8200)` };
  }
  if ((network.spec.unservedFamily ?? DEFAULTS['spec.unservedFamily']) === 'Bypass') {
    return { bytes: MINIMUM_MTU.IPv4, because: 'IPv4 needs 68 bytes (RFC 791)' };
  }
  const because = 'IPv6 is routed into the network to be blocked there, which needs 1280 bytes (RFC 8200)';
  return { bytes: MINIMUM_MTU.IPv6, because };
}

function underlayFaults(underlay: Underlay | undefined, least: Least): readonly Fault[] {
  const { bytes, family, overhead } = capacity(underlay);
  if (bytes - overhead >= least.bytes) return [];
  const because = `VXLAN over ${family} takes ${overhead} bytes of it, and ${least.because}`;
  const path = 'spec.overlay.underlay.mtu';
  return [fault('InvalidMTU', path, bytes, `be at least ${least.bytes + overhead}`, { because })];
}

function tooLarge(given: number, underlay: Underlay | undefined): readonly Fault[] {
  const { bytes, family, overhead } = capacity(underlay);
  const largest = bytes - overhead;
  if (given <= largest) return [];
  const because = `\`spec.overlay.underlay.mtu\` is ${bytes}, less ${overhead} bytes for VXLAN over ${family}`;
  return [fault('InvalidMTU', 'spec.mtu', given, `be at most ${largest}`, { because, proposed: largest })];
}
