import { fault, type Fault } from '../fault.ts';
import type { Client } from '../generated/gateway-network.ts';
import type { Rule } from './rule.ts';

/** What a policy can do to a pod without knowing the workload that creates it, and what policies need. */
export const admission: Rule = {
  reads: ['metadata.namespace', 'spec.clients', 'spec.admissionCheck'],
  checkNetwork: ({ metadata: { namespace }, spec: { clients = [], admissionCheck } }) => {
    const index = clients.findIndex(({ join }) => join === 'Admission');
    const needing = admissionCheck === 'Enabled' ? ['spec.admissionCheck', 'Enabled'] : [joinOf(index), 'Admission'];
    const homeless = namespace === undefined && (index >= 0 || admissionCheck === 'Enabled');
    return [
      ...(homeless ? [withoutNamespace(needing)] : []),
      ...clients.flatMap((client, at) => (client.join === 'Admission' ? clientFaults(at, client) : [])),
    ];
  },
};

const joinOf = (index: number) => `spec.clients[${index}].join`;

function withoutNamespace([path = '', value = '']: readonly string[]): Fault {
  const because = 'policies are for the whole cluster, and name the attachments of the network with their namespace';
  return fault('MissingField', 'metadata.namespace', undefined, `be set when \`${path}\` is "${value}"`, { because });
}

/** Fields that only `Render` can do, and why. */
const RENDERED: readonly (readonly [keyof Client, string])[] = [
  ['names', 'a policy sees the pod, and not the name of the workload that creates it'],
  ['workloads', 'a policy sees the pod, and not the kind of the workload that creates it'],
  ['addresses', 'they are for one pod, and a policy does not know how many there are'],
  ['preserveInbound', 'its init container is privileged, and is only added where a review shows it'],
];

function clientFaults(index: number, client: Client): readonly Fault[] {
  return RENDERED.flatMap(([field, because]) => {
    const value = client[field];
    if (value === undefined || value === 'Disabled') return [];
    const requirement = `be ${field === 'preserveInbound' ? '"Disabled"' : 'absent'} when \`${joinOf(index)}\` is "Admission"`;
    return [fault('Unsupported', `spec.clients[${index}].${field}`, value, requirement, { because })];
  });
}
