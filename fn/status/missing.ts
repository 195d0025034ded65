import type { Observation } from '../cluster/observation.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../yaml/fields.ts';
import { configMapOf } from './member.ts';
import { componentOf, type NetworkId, ownedBy } from './owner.ts';

/** What a network has to have and is not there: what is gone cannot say that it is not well. */
export function missingObjects(network: NetworkId, observation: Observation): readonly string[] {
  const { attachments, daemonSets } = observation;
  const deployments = ownedBy(network, observation.deployments).filter((one) => componentOf(one) === 'router');
  const present = new Set(deployments.map(({ metadata }) => metadata?.name));
  // A network without any router is told elsewhere.
  const { hasAgents, routers } = deployments.length === 0 ? {} : routerConfig(network, observation);
  const lost = listOf(routers)
    .map(({ name }) => textOf(name))
    .filter((name) => name !== '' && !present.has(name));
  return [
    ...(ownedBy(network, attachments).some((one) => componentOf(one) === 'network')
      ? []
      : [
          'it has no NetworkAttachmentDefinition, without which no pod joins: apply all manifests; Multus brings the kind',
        ]),
    ...(hasAgents === true && ownedBy(network, daemonSets).length === 0
      ? ['it has no DaemonSet of agents, without which nothing holds clients to the gateway: apply all manifests']
      : []),
    ...lost.map((name) => `the Deployment ${network.namespace}/${name} is not there: apply all manifests`),
  ];
}

/** What the routers are told, as far as it can be read. */
function routerConfig(network: NetworkId, { deployments, configMaps }: Observation): Fields {
  const [router] = ownedBy(network, deployments).filter((one) => componentOf(one) === 'router');
  const name = configMapOf(router?.spec?.template.spec);
  const found = ownedBy(network, configMaps).find(({ metadata }) => metadata?.name === name);
  try {
    return fieldsOf(JSON.parse(textOf(found?.data?.['config.json'])));
  } catch {
    return {};
  }
}
