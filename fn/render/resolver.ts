import type { NetworkPlan } from '../plan/network-plan.ts';
import { type Program, programCommand } from './pod.ts';

/**
 * The resolver, as a container of each router; none where no client asks it. It reads untrusted packets, so it has
 * almost no privileges.
 */
export function resolverPrograms({ resolver, resources }: NetworkPlan): readonly Program[] {
  if (resolver.type === 'None') return [];
  return [
    {
      container: 'resolver',
      command: programCommand('resolver'),
      resources: resources.resolver,
      env: [],
      capabilities: ['NET_BIND_SERVICE'],
    },
  ];
}
