import { parseCidr, type Cidr } from '../net/cidr.ts';
import type { GatewayNetwork } from './generated/gateway-network.ts';

/** A subnet of a network that reads as one. */
export interface Subnet {
  readonly path: string;
  readonly text: string;
  readonly cidr: Cidr;
}

/** The subnets of a network; those that do not read as CIDR are left out. */
export function subnetsOf({ spec }: GatewayNetwork): readonly Subnet[] {
  return spec.subnets.flatMap((text, index) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [{ path: `spec.subnets[${index}]`, text, cidr }];
  });
}
