import { type Settings, settingsOf } from '../../../fn/node/router/settings.ts';
import { routerData } from '../../../fn/render/router-data.ts';
import { planOf } from '../../plan/network.ts';

/** What the first router of a network does. */
export function settingsFor(spec: string): Settings {
  const settings = settingsOf(routerData(planOf(spec)), '0');
  if (!settings) throw new Error('there is no router');
  return settings;
}

/** A network of both families whose egress is another network, and one whose egress is a tunnel. */
export const NETWORK = settingsFor(
  '{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, gateway: {egress: {type: Network, network: {attachment: {name: vlan99}, addresses: [10.99.0.11/24, "fd00:99::11/64"], gateways: [10.99.0.1, "fd00:99::1"]}}}}',
);
export const VPN = settingsFor(
  '{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, clients: [{names: [a], dns: Gateway}], gateway: {dns: {upstreams: [203.0.113.53, "2001:db8::53"]}, egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: keys}}}}}',
);
