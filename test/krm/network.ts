import type { Input, KubernetesObject, Owner } from '../../fn/krm/input.ts';
import { identityOf, type Item } from '../../fn/krm/item.ts';
import type { Wanted } from '../../fn/ownership/reconcile.ts';

export const VPN: Owner = { name: 'vpn', namespace: 'egress' };

/** A GatewayNetwork as YAML, with any lines in its annotations. */
export function networkText({ name, namespace }: Owner, annotations: readonly string[] = []): string {
  const head = `apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
  const lines = annotations.length === 0 ? '' : `  annotations:\n    ${annotations.join('\n    ')}\n`;
  return `${head}${lines}spec:\n  subnets: [192.168.50.0/24] # one\n`;
}

/** An object that a network renders. */
export function configMap(owner: Owner, name: string, value = 'a'): KubernetesObject & { data: object } {
  const labels = { 'gatewaynetwork.dev/network': owner.name };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: owner.namespace, labels },
    data: { key: value },
  };
}

export function configMapText(owner: Owner, name: string, value = 'a'): string {
  return (
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${owner.namespace}\n` +
    `  labels:\n    gatewaynetwork.dev/network: ${owner.name}\ndata:\n  key: ${value} # why\n`
  );
}

/** A ResourceList of objects, each given as YAML. */
export function resourceList(...texts: readonly string[]): string {
  const items = texts.map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`);
  return `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}`;
}

/** What each of the networks wants, given by name. */
export function wants(input: Input, owner: Owner, objects: readonly KubernetesObject[]): Wanted {
  return { owner, home: homeOf(input, owner), objects };
}

function homeOf(input: Input, owner: Owner): Item {
  const home = input.items.find((item) => {
    const identity = identityOf(item);
    return (
      identity?.kind === 'GatewayNetwork' && identity.name === owner.name && identity.namespace === owner.namespace
    );
  });
  if (!home) throw new Error(`no GatewayNetwork ${owner.name}`);
  return home;
}
