import type { RouterConfig } from '../../fn/node/config/router-config.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { planOf } from '../plan/network.ts';

const BOTH = 'subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}';
const SHARED =
  'egress: {type: Network, network: {attachment: {name: lan}, addresses: [10.9.0.11/24, 10.9.0.12/24, "fd00:9::11/64", "fd00:9::12/64"], gateways: [10.9.0.1, "fd00:9::1"], snatAddresses: [10.9.0.50, "fd00:9::50"]}}';

/** Networks with several routers. */
export const THREE = routerData(planOf(`{${BOTH}, gateway: {replicas: 3}}`));
export const SYNCHRONISED = routerData(planOf(`{${BOTH}, gateway: {replicas: 2, ${SHARED}}}`));
export const IPV6 = routerData(planOf('{subnets: ["fd00:50::/64"], overlay: {vni: 7}, gateway: {replicas: 2}}'));

/** One of the routers. */
export function router(config: RouterConfig, index: number): RouterConfig['routers'][number] {
  const found = config.routers[index];
  if (found === undefined) throw new Error(`there is no router ${index}`);
  return found;
}
