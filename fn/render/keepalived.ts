import type { NetworkPlan } from '../plan/network-plan.ts';
import { type Program, programCommand } from './pod.ts';

/** The program that moves the gateway's addresses, where there are several routers. */
export function keepalivedPrograms({ failover, resources }: NetworkPlan): readonly Program[] {
  if (failover.type === 'None') return [];
  return [
    {
      container: 'keepalived',
      command: programCommand('vrrp'),
      resources: resources.router,
      env: [],
      // VRRP is a protocol of its own, for which there are only raw sockets.
      capabilities: ['NET_ADMIN', 'NET_RAW'],
    },
  ];
}
