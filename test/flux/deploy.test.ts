import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { applied } from '../api-server/apply.ts';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { request } from '../api-server/request.ts';
import { blocksOf, read } from '../documents/page.ts';
import { output } from '../engines/program.ts';
import { readerOf } from '../engines/reader.ts';
import { kubectls, kustomizes, type Tool } from '../engines/tool.ts';
import { call, type Any } from './kube.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy/flux');
const USER = 'system:serviceaccount:flux-system:gateway-network-flux';

describeWithApiServer(
  [kustomizes().at(-1) as Tool, kubectls().at(-1) as Tool],
  (cluster, kustomize = '', kubectl = '') => {
    const objects: Any[] = parseAllDocuments(output(kustomize, ['build', DEPLOY])).map((document) => document.toJS());
    const find = (kind: string): Any => objects.find((object) => object.kind === kind);
    const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    beforeAll(async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system', labels: RESTRICTED } };
      await applied(cluster(), JSON.stringify(namespace));
    });

    test('`kubectl apply -k` is accepted with strict validation, and a second time changes nothing', async () => {
      expect(objects.map(({ kind }) => kind)).toContain('CustomResourceDefinition');
      for (const object of objects) {
        const { metadata } = await applied(cluster(), JSON.stringify(object));
        expect((await applied(cluster(), JSON.stringify(object))).metadata.resourceVersion).toBe(
          metadata.resourceVersion,
        );
      }
    });

    test.each(['examples/flux/README.md', 'docs/flux.md'])('%s installs it, and has it look at once', async (page) => {
      const reader = readerOf(page, { kubectl }, cluster());
      const blocks = blocksOf(read(page)).filter(({ marks }) => marks['run by'] === 'test/flux/deploy.test.ts');
      expect(blocks.length).toBeGreaterThan(0);
      for (const block of blocks) {
        // The image is built elsewhere.
        const text = block.text.replace(/^docker build .*\n/, '');
        expect(await reader.run({ ...block, text })).toMatchObject({ status: 0 });
      }
    });

    test('the pod is admitted by the level `restricted`, which refuses one with a privilege more', async () => {
      const { metadata, spec } = find('Deployment').spec.template;
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata, name: 'x', namespace: 'flux-system' },
        spec,
      };
      const create = async (object: object) =>
        request(cluster(), 'POST', '/api/v1/namespaces/flux-system/pods?dryRun=All&fieldValidation=Strict', {
          type: 'application/json',
          text: JSON.stringify(object),
        });
      expect(await create(pod)).toMatchObject({ status: 201, warnings: [] });
      const [container] = spec.containers;
      const more = { ...container.securityContext, allowPrivilegeEscalation: true };
      const weaker = { ...pod, spec: { ...spec, containers: [{ ...container, securityContext: more }] } };
      expect((await create(weaker)).text).toContain('violates PodSecurity');
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    });

    test('Service, NetworkPolicy and probes speak of ports that the container has', () => {
      const [container] = find('Deployment').spec.template.spec.containers;
      const names: string[] = container.ports.map(({ name }: Any) => name);
      const { ingress } = find('NetworkPolicy').spec;
      const used = [
        ...find('Service').spec.ports.map(({ targetPort }: Any) => targetPort),
        ...ingress.flatMap(({ ports }: Any) => ports.map(({ port }: Any) => port)),
        container.livenessProbe.httpGet.port,
        container.readinessProbe.httpGet.port,
      ];
      expect(used.filter((port) => !names.includes(port))).toEqual([]);
      const { labels } = find('Deployment').spec.template.metadata;
      for (const selector of [find('Service').spec.selector, find('NetworkPolicy').spec.podSelector.matchLabels]) {
        expect(labels).toMatchObject(selector);
      }
    });

    describe('the ServiceAccount', () => {
      const may = async (verb: string, resource: string, group = '', namespace = 'default', name?: string) => {
        const [plural, subresource] = resource.split('/');
        const resourceAttributes = { verb, group, resource: plural, subresource, namespace, name };
        const review = {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { user: USER, groups: ['system:serviceaccounts', 'system:authenticated'], resourceAttributes },
        };
        const { status } = await call(cluster(), 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
        return status.allowed as boolean;
      };

      test.for([
        ['list', 'gatewaynetworkrenders', 'gatewaynetwork.dev'],
        ['watch', 'gitrepositories', 'source.toolkit.fluxcd.io'],
        ['patch', 'externalartifacts/status', 'source.toolkit.fluxcd.io'],
        ['create', 'events', ''],
      ] as const)('may %s %s', async ([verb, resource, group]) => expect(await may(verb, resource, group)).toBe(true));

      test.for([
        ['get', 'secrets', ''],
        ['list', 'configmaps', ''],
        ['create', 'pods', ''],
        ['create', 'daemonsets', 'apps'],
        ['patch', 'gatewaynetworkrenders', 'gatewaynetwork.dev'],
        ['patch', 'gitrepositories/status', 'source.toolkit.fluxcd.io'],
        ['delete', 'externalartifacts', 'source.toolkit.fluxcd.io'],
        ['create', 'clusterrolebindings', 'rbac.authorization.k8s.io'],
        ['update', 'leases', 'coordination.k8s.io'],
        ['impersonate', 'users', ''],
      ] as const)('may not %s %s', async ([verb, resource, group]) =>
        expect(await may(verb, resource, group)).toBe(false),
      );

      test('may update its own lease, and no other of its namespace', async () => {
        const lease = async (name: string) => may('update', 'leases', 'coordination.k8s.io', 'flux-system', name);
        expect([await lease('gateway-network-flux'), await lease('kustomize-controller-leader-election')]).toEqual([
          true,
          false,
        ]);
      });
    });
  },
);
