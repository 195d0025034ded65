import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { applied, apply, type ClusterObject, remove } from './apply.ts';
import { describeWithApiServer } from './cluster.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { request } from './request.ts';

interface Workload extends ClusterObject {
  readonly spec: { readonly template?: { readonly metadata: object; readonly spec: object } };
}

describeWithApiServer([], (cluster) => {
  test.each(EXAMPLES_RENDERED)(
    'examples/%s: every field is known, and a second apply changes nothing',
    async (_, documents) => {
      expect(documents.length).toBeGreaterThan(3);
      for (const document of documents) {
        const first = await applied(cluster(), document);
        expect(first.metadata.managedFields).toHaveLength(1);
        expect(await applied(cluster(), document)).toEqual(first);
      }
      const workloads = documents.map((document) => parse(document) as Workload).filter(({ spec }) => spec?.template);
      for (const workload of workloads) await expectPodAdmitted(workload);
      // Namespaces stay: only a controller could empty them.
      const objects = documents.map((document) => parse(document) as ClusterObject);
      for (const object of objects) if (object.kind !== 'Namespace') await remove(cluster(), object);
    },
  );

  /** Pod Security is enforced on pods, not on what makes them. */
  async function expectPodAdmitted({ metadata: { name, namespace }, spec: { template } }: Workload): Promise<void> {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...template?.metadata, name }, spec: template?.spec };
    const path = `/api/v1/namespaces/${namespace ?? 'default'}/pods?dryRun=All&fieldValidation=Strict`;
    const answer = await request(cluster(), 'POST', path, { type: 'application/json', text: JSON.stringify(pod) });
    expect({ name, status: answer.status, text: answer.text }).toMatchObject({ name, status: 201 });
  }

  test.each([
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndta: {a: b}\n', '.dta'],
    [
      'a DaemonSet, deep in its pods',
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {selector: {matchLabels: {a: b}}, template: ' +
        '{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a, securityContext: {privilged: true}}]}}}\n',
      'privilged',
    ],
    [
      'a NetworkAttachmentDefinition',
      "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: a}\nspec: {conf: '{}'}\n",
      '.spec.conf',
    ],
    [
      'a Link',
      'apiVersion: nodenetworkoperator.soliddowant.dev/v1alpha1\nkind: Link\nmetadata: {name: a}\nspec: {interfaceName: a, bridge: {tu: 1}}\n',
      '.spec.bridge.tu',
    ],
    [
      'a GatewayNetwork',
      'apiVersion: gatewaynetwork.dev/v1alpha1\nkind: GatewayNetwork\nmetadata: {name: a}\nspec: {subnets: [192.168.50.0/24], vni: 1}\n',
      '.spec.vni',
    ],
  ])('an unknown field of %s would be found', async (_, document, field) => {
    const { status, text } = await apply(cluster(), document);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toContain(field);
    expect(text).toMatch(/unknown field|field not declared in schema/);
  });

  test('a change would be found', async () => {
    const document = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: changing}\ndata: {a: ${value}}\n`;
    const first = await applied(cluster(), document('b'));
    const second = await applied(cluster(), document('c'));
    expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  });
});
