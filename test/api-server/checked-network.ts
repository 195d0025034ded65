import { afterAll, beforeAll } from 'vitest';
import { stringify } from 'yaml';
import { guardContainer, guardVolume } from '../../fn/plan/guard.ts';
import { render } from '../../fn/render/render.ts';
import { NETWORKS } from '../clients/annotation-forms.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { etcd, kubeApiserver } from '../engines/tool.ts';
import { planOf } from '../plan/network.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { applied } from './apply.ts';
import { type PodDraft, refused, until } from './policies.ts';

/** Pods in `apps` become clients when they are created; those with the label have to be made clients by others. */
export const CHECKED = planOf(`
subnets: [192.168.50.0/24]
overlay: {vni: 1000}
gateway: {replicas: 2}
admissionCheck: Enabled
clients:
  - {join: Admission, namespaces: [apps]}
  - {selector: {matchLabels: {egress: vpn}}}
  - {names: [server], addresses: [192.168.50.200]}
`);
export const GUARDED = { initContainers: [guardContainer(CHECKED)], volumes: [guardVolume()] };
/** A pod that others have to make a client. */
export const SELECTED = { namespace: 'other', labels: { egress: 'vpn' }, spec: GUARDED };

export const annotated = (value: string, draft: PodDraft = { namespace: 'other' }) => ({
  ...draft,
  annotations: { [NETWORKS]: value },
});

export const MESSAGES = {
  node: /GatewayNetwork egress\/vpn chooses this pod, and a pod on the node's network cannot use it: remove hostNetwork/,
  missing:
    /GatewayNetwork egress\/vpn chooses this pod, but it does not request the network: add egress\/vpn to the annotation/,
  guard:
    /GatewayNetwork egress\/vpn chooses this pod, but its first init container is not the guard gateway-network-guard/,
  own: /a pod has the addresses that GatewayNetwork egress\/vpn gives it: remove cni-args, ips and mac from its entry/,
  router:
    /requests the attachment of a router of GatewayNetwork egress\/vpn, which is for that router alone: request egress\/vpn/,
  unreadable:
    /cannot be checked: write a list of objects, with each key once and in lower case, and without backslashes/,
  default: /remove the annotation v1\.multus-cni\.io\/default-network/,
  /** Of two policies that refuse a pod, the API server tells of either. */
  missingOrUnreadable: /does not request the network|cannot be checked/,
};

/**
 * A suite with an API server that checks pods by the policies of {@link CHECKED}; to be asked for within tests only.
 */
export function describeChecks(body: (server: () => ApiServer) => void): void {
  describeWith([kubeApiserver(), etcd()], (program = '', storage = '') => {
    let server: ApiServer | undefined;
    beforeAll(async () => {
      server = await startCheckingServer(storage, program);
    }, 180_000);
    afterAll(async () => server?.stop());
    body(() => {
      if (server === undefined) throw new Error('the API server runs within tests only');
      return server;
    });
  });
}

export async function startCheckingServer(storage: string, program: string): Promise<ApiServer> {
  const server = await startApiServer(storage, program);
  for (const name of ['apps', 'egress', 'other'])
    await applied(server, stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const policies = render(CHECKED).filter(({ kind = '' }) => kind.includes('AdmissionPolicy'));
  for (const policy of policies) await applied(server, stringify(policy));
  for (const draft of [SELECTED, annotated('egress/vpn-router-0'), { spec: { hostNetwork: true } }])
    await until(async () => (await refused(server, draft)) !== undefined);
  return server;
}
