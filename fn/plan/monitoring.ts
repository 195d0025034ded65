import { METRICS_PORT } from '../api/monitoring.ts';
import type { Network } from '../api/network.ts';
import type { Address, Family } from '../net/address.ts';
import { metricsDirectory, dashboardId } from './names.ts';
import type { SubnetPlan } from './network-plan.ts';

/** How metrics are read. */
export type MonitoringPlan =
  | { readonly type: 'None' }
  | {
      readonly type: 'PrometheusOperator';
      readonly labels: Readonly<Record<string, string>>;
      /** The TCP port of a pod that serves metrics. */
      readonly port: number;
      /** The directory of a node where the agent of this network writes its metrics. */
      readonly directory: string;
      /** By which Grafana knows the dashboard. */
      readonly dashboard: string;
      /** Of how many clients a router counts the traffic at once, at most, of each family. */
      readonly counted: Readonly<Record<Family, number>>;
    };

/** More clients would make more time series than are of use: two of each. */
const COUNTED = 1000n;

/** A router counts the traffic of as many addresses as clients can have. */
export function planMonitoring(
  { name, namespace, monitoring }: Network,
  subnets: readonly SubnetPlan[],
  fixed: readonly Address[],
): MonitoringPlan {
  if (monitoring.type === 'None') return monitoring;
  const counted = (family: Family) => {
    const pool = subnets.flatMap((subnet) => (subnet.family === family ? subnet.pool : []));
    const sizes = pool.map(({ first, last }) => last - first + 1n);
    const own = BigInt(fixed.filter((address) => address.family === family).length);
    const all = sizes.reduce((sum, size) => sum + size, own);
    return Number(all < COUNTED ? all : COUNTED);
  };
  return {
    ...monitoring,
    port: METRICS_PORT,
    directory: metricsDirectory(name, namespace),
    dashboard: dashboardId(name, namespace),
    counted: { IPv4: counted('IPv4'), IPv6: counted('IPv6') },
  };
}
