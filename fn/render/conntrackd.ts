import type { NetworkPlan } from '../plan/network-plan.ts';
import { type Program, programCommand } from './pod.ts';

/** The program that copies connections to the other routers, where they must survive a failover. */
export function conntrackdPrograms({ failover, resources }: NetworkPlan): readonly Program[] {
  if (failover.type === 'None' || !failover.synchronised) return [];
  return [{ container: 'connections', command: programCommand('connections'), resources: resources.router, env: [] }];
}
