import { describe, expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { read } from '../../fn/krm/read.ts';
import { clientAttachment, fixedAttachment } from '../../fn/render/attachment.ts';
import { clientAttachments } from '../../fn/render/client-attachments.ts';
import { parseAddress } from '../../fn/net/address.ts';
import { planOf } from '../plan/network.ts';

const plan = (clients: string) =>
  planOf(`{subnets: ["fd00:9::/64", 10.9.0.0/24], overlay: {vni: 7}, clients: [${clients}]}`);
const MAIL = plan('{names: [mail], addresses: ["fd00:9::77", 10.9.0.77]}');

const workload = (kind: string, spec = '', name = 'mail', apiVersion = 'apps/v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: apps}\nspec:\n  ${spec}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: []}\n`;
const RECREATE = 'strategy: {type: Recreate}';

function joined(text: string, ...plans: readonly ReturnType<typeof plan>[]) {
  const { edited, problems } = joinClients(read(text).input, plans);
  return { text: [...edited.values()][0], problems };
}

function fixedOf(network: ReturnType<typeof plan>, index = 0) {
  const addressing = network.clients[index]?.addressing;
  if (addressing?.type !== 'Fixed') throw new Error('not fixed');
  return addressing;
}

describe('the attachment of a pod with fixed addresses', () => {
  test('differs from the shared one in its name and its addresses alone', () => {
    const own = JSON.parse(fixedAttachment(MAIL, fixedOf(MAIL)).spec.config);
    const shared = JSON.parse(clientAttachment(MAIL).spec.config);
    const { routes } = shared.plugins[0].ipam;
    expect(own.plugins[0].ipam).toEqual({
      type: 'whereabouts',
      network_name: own.name,
      ipRanges: [
        { range: '10.9.0.0/24', range_start: '10.9.0.77', range_end: '10.9.0.77' },
        { range: 'fd00:9::/64', range_start: 'fd00:9::77', range_end: 'fd00:9::77' },
      ],
      routes,
    });
    expect(own.name).toBe(`egress.${fixedOf(MAIL).attachment}`);
    shared.plugins[0].ipam = own.plugins[0].ipam;
    expect({ ...own, name: shared.name }).toEqual(shared);
  });

  test('is of one node where host-local gives the addresses', () => {
    const local = planOf('{subnets: [10.9.0.0/24], clients: [{names: [m], addresses: [10.9.0.77]}]}');
    const [bridge] = JSON.parse(fixedAttachment(local, fixedOf(local)).spec.config).plugins;
    expect(bridge.ipam).toMatchObject({
      type: 'host-local',
      ranges: [[{ subnet: '10.9.0.0/24', rangeStart: '10.9.0.77', rangeEnd: '10.9.0.77', gateway: '10.9.0.1' }]],
    });
  });

  test('has a name that neither the order of the entries nor that of the addresses changes', () => {
    const swapped = plan('{names: [a]}, {names: [mail], addresses: [10.9.0.77, "fd00:9:0::77"]}');
    expect(fixedOf(swapped, 1).attachment).toBe(fixedOf(MAIL).attachment);
    expect(fixedOf(MAIL).attachment).toMatch(/^vpn-[0-9a-z]{6}$/);
    expect(fixedOf(plan('{names: [m], addresses: ["fd00:9::77", 10.9.0.78]}')).attachment).not.toBe(
      fixedOf(MAIL).attachment,
    );
  });

  test.each([
    [
      plan('{names: [mail], addresses: [10.9.0.77, "fd00:9::77"]}, {namespaces: [apps], attachment: PerNamespace}'),
      ['egress', 'apps'],
    ],
    [
      plan(
        '{names: [mail], namespaces: [web], addresses: [10.9.0.77, "fd00:9::77"]}, {namespaces: [apps, web], attachment: PerNamespace}',
      ),
      ['egress', 'web'],
    ],
  ])('is in the namespaces that have attachments and may have the pod', (network, namespaces) => {
    const { attachment } = fixedOf(network);
    const own = clientAttachments(network).filter(({ metadata }) => metadata?.name === attachment);
    expect(own.map(({ metadata }) => metadata?.namespace)).toEqual(namespaces);
  });

  test('has addresses that no other client is given', () => {
    const { ipRanges } = JSON.parse(clientAttachment(MAIL).spec.config).plugins[0].ipam;
    expect(ipRanges.map(({ exclude }: { exclude: string[] }) => exclude)).toEqual([
      ['10.9.0.77/32'],
      ['fd00:9::77/128'],
    ]);
    const local = planOf('{subnets: [10.9.0.0/24], clients: [{names: [m], addresses: [10.9.0.77]}]}');
    expect(JSON.parse(clientAttachment(local).spec.config).plugins[0].ipam.ranges).toEqual([
      [
        { subnet: '10.9.0.0/24', rangeStart: '10.9.0.16', rangeEnd: '10.9.0.76' },
        { subnet: '10.9.0.0/24', rangeStart: '10.9.0.78', rangeEnd: '10.9.0.254' },
      ],
    ]);
  });
});

describe('a workload with fixed addresses', () => {
  const { attachment } = fixedOf(MAIL);
  const text = workload('Deployment', RECREATE);

  test('names its own attachment, and gives it back', () => {
    const first = joined(text, MAIL);
    expect(first.problems).toEqual([]);
    expect(first.text).toContain(`k8s.v1.cni.cncf.io/networks: egress/${attachment}`);
    expect(first.text).toContain(`gatewaynetwork.dev/client-attachment: ${attachment}`);
    expect(joined(first.text ?? '', MAIL).text).toBeUndefined();
    expect(joined(first.text ?? '', plan('{names: [other]}')).text).toBe(text);
  });

  test('moves to other addresses, and to the pool', () => {
    const other = plan('{names: [mail], addresses: ["fd00:9::78", 10.9.0.78]}');
    const pool = plan('{names: [mail]}');
    const first = joined(text, MAIL).text ?? '';
    expect(joined(first, other).text).toBe(joined(text, other).text);
    expect(joined(first, pool).text).toBe(joined(text, pool).text);
    expect(joined(joined(text, pool).text ?? '', MAIL).text).toBe(first);
  });

  test('names it without a namespace where it has an attachment there', () => {
    const local = plan(
      '{names: [mail], addresses: ["fd00:9::77", 10.9.0.77]}, {namespaces: [apps], attachment: PerNamespace}',
    );
    expect(joined(text, local).text).toContain(`networks: ${attachment}`);
  });

  test('is found by its name and by the labels of its pod', () => {
    const two = plan('{names: [mail], addresses: [10.9.0.77, "fd00:9::77"]}, {names: [web]}');
    const { input } = read(
      `${text}---\n${workload('Deployment', '', 'web')}---\n{kind: Deployment, apiVersion: apps/v1, metadata: {name: mail}, x: }}\n`,
    );
    expect(joinClients(input, [two]).fixed).toEqual([
      expect.objectContaining({
        identity: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mail', namespace: 'apps' },
        network: 'egress/vpn',
        labels: { app: 'mail' },
        addresses: ['10.9.0.77', 'fd00:9::77'].map(parseAddress),
      }),
    ]);
  });
});

describe('one pod can have fixed addresses:', () => {
  test.each([
    ['Deployment', `replicas: 1\n  ${RECREATE}`, 'apps/v1'],
    ['Deployment', 'strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}', 'apps/v1'],
    ['Deployment', "strategy: {rollingUpdate: {maxSurge: '0%'}}", 'apps/v1'],
    ['StatefulSet', 'replicas: 0', 'apps/v1'],
    ['ReplicaSet', '', 'apps/v1'],
    ['ReplicationController', '', 'v1'],
    ['Job', 'parallelism: 1\n  completions: 9', 'batch/v1'],
  ])('%s with %j', (kind, spec, apiVersion) => {
    expect(joined(workload(kind, spec, 'mail', apiVersion), MAIL).problems).toEqual([]);
  });

  test('a Pod', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: mail, namespace: apps}\nspec: {containers: []}\n';
    expect(joined(pod, MAIL).problems).toEqual([]);
  });

  test.each([
    ['Deployment', 'replicas: 2', 'apps/v1', 'spec.replicas'],
    ['StatefulSet', 'replicas: 3', 'apps/v1', 'spec.replicas'],
    ['Job', 'parallelism: 2', 'batch/v1', 'spec.parallelism'],
    ['DaemonSet', '', 'apps/v1', 'kind'],
    ['Rollout', 'replicas: 1', 'argoproj.io/v1alpha1', 'kind'],
  ])('not %s with %j', (kind, spec, apiVersion, path) => {
    const { text, problems } = joined(workload(kind, spec, 'mail', apiVersion), MAIL);
    expect(text).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'ClientConflict', severity: 'error', ref: { kind }, field: { path } }]);
  });

  test('not a CronJob', () => {
    const job =
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: mail}\nspec: {jobTemplate: {spec: {template: {spec: {}}}}}\n';
    expect(joined(job, MAIL).problems).toMatchObject([{ field: { path: 'kind', currentValue: 'CronJob' } }]);
  });

  test('not the workloads that an entry selects besides', () => {
    const { problems } = joined(`${workload('StatefulSet')}---\n${workload('ReplicaSet')}`, MAIL);
    expect(problems).toMatchObject([
      { code: 'ClientConflict', severity: 'error', field: { path: 'spec.clients[0].addresses' } },
    ]);
    expect(problems[0]?.message).toContain('StatefulSet "apps/mail", ReplicaSet "apps/mail"');
  });

  test('not by two entries', () => {
    const two = plan(
      '{names: [mail], addresses: [10.9.0.77, "fd00:9::77"]}, {namespaces: [apps], addresses: [10.9.0.78, "fd00:9::78"]}',
    );
    const { problems } = joined(workload('StatefulSet'), two);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('`spec.clients[0].addresses` and `spec.clients[1].addresses`'),
    ]);
  });

  test('not one that joins by the shared attachment itself', () => {
    const own = workload('StatefulSet').replace(
      '{labels',
      '{annotations: {k8s.v1.cni.cncf.io/networks: egress/vpn}, labels',
    );
    expect(joined(own, MAIL).problems).toMatchObject([
      { code: 'ClientConflict', message: expect.stringContaining('shared attachment') },
    ]);
  });

  test.each(['', 'strategy: {type: RollingUpdate}', 'strategy: {rollingUpdate: {maxSurge: 1}}', 'strategy:'])(
    'a Deployment that surges may, with advice (%j)',
    (spec) => {
      const { text, problems } = joined(workload('Deployment', spec), MAIL);
      expect(text).toBeDefined();
      expect(problems).toMatchObject([{ code: 'Advice', severity: 'warning', field: { path: 'spec.strategy' } }]);
    },
  );
});
