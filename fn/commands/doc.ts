import { print } from './output.ts';

/** The description that function catalogues read (`--doc` of the KRM functions SDK: krm-functions-sdk go/fn). */
export async function printDoc(): Promise<void> {
  const doc = {
    short: 'Expand GatewayNetworks into the manifests of gateway networks',
    long:
      'Expands each GatewayNetwork among the items or in the functionConfig into a node agent (bridge and VXLAN on every node), ' +
      'NetworkAttachmentDefinitions and router pods, and annotates the workloads that are its clients. Rendering again updates the ' +
      'objects in place and removes those that are no longer wanted.',
    examples: 'kpt fn eval --exec gateway-network-fn',
    description: 'Pods leave the cluster by one gateway, and never around it',
    tags: ['mutator', 'generator', 'networking'],
    license: 'Apache-2.0',
    hidden: false,
  };
  await print(`${JSON.stringify(doc, null, 2)}\n`);
}
