import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GUARD } from '../../fn/plan/guard.ts';
import { json, NETWORKS, short, some } from '../clients/annotation-forms.ts';
import { annotated, CHECKED, MESSAGES, SELECTED, describeChecks } from './checked-network.ts';
import { admitted, type PodDraft, refused } from './policies.ts';
import { request } from './request.ts';

const [FIXED = ''] = CHECKED.clients.flatMap(({ addressing }) =>
  addressing.type === 'Fixed' ? [addressing.attachment] : [],
);
const DEFAULT_NETWORK = 'v1.multus-cni.io/default-network';
const ROUTER = { name: 'vpn-router-0', namespace: 'egress' };

describeChecks((server) => {
  describe('a pod is admitted', () => {
    test.each<readonly [string, PodDraft]>([
      ['that a policy makes a client', {}],
      ['that no entry selects', { namespace: 'other' }],
      ['that no entry selects, on the network of the node', { namespace: 'other', spec: { hostNetwork: true } }],
      ['that is a client by itself', annotated('egress/vpn', SELECTED)],
      ['with the fixed addresses of an entry', annotated(`egress/${FIXED}`, SELECTED)],
      [
        'that is a client beside others with addresses of theirs',
        annotated('[{"name":"a","ips":["10.0.0.4/24"]},{"name":"vpn","namespace":"egress"}]', SELECTED),
      ],
      [
        'that is a router',
        annotated('vpn-router-0@gw0', { namespace: 'egress', spec: { serviceAccountName: 'vpn-router' } }),
      ],
      ['that asks for another network of that name', annotated('vpn-router-0@net1')],
      [
        'that brings addresses to another network of that name',
        annotated('[{"name":"vpn","mac":"02:00:00:00:00:01"}]'),
      ],
      [
        'that has another default network',
        { namespace: 'other', annotations: { [DEFAULT_NETWORK]: '[{"name":"my-vpn","ips":["10.0.0.4/24"]}]' } },
      ],
    ])('%s', async (_, draft) => {
      expect(await refused(server(), draft)).toBeUndefined();
    });

    test('of the network itself, on the network of the node, in a namespace that is selected', async () => {
      const agent = { namespace: 'egress', labels: { egress: 'vpn', 'gatewaynetwork.dev/network': 'vpn' } };
      expect(await refused(server(), { ...agent, spec: { hostNetwork: true } })).toBeUndefined();
    });
  });

  describe('a pod is refused', () => {
    test.each<readonly [string, PodDraft, keyof typeof MESSAGES]>([
      ['on the network of the node', { spec: { hostNetwork: true } }, 'node'],
      ['that is to be a client and is none', SELECTED, 'missing'],
      ['that asks for another network', annotated('storage', SELECTED), 'missing'],
      ['that asks for an attachment of that name', annotated('vpn', SELECTED), 'missing'],
      ['that cannot be read', annotated('[{"name":"vpn","namespace":"egress"}', SELECTED), 'unreadable'],
      [
        'that names it in a string',
        annotated('[{"name":"a","cni-args":{"a":{"name":"vpn","namespace":"egress"}}}]', SELECTED),
        'missing',
      ],
      [
        'whose last name is another',
        annotated('[{"name":"vpn","namespace":"egress","name":"a"}]', SELECTED),
        'missingOrUnreadable',
      ],
      [
        'whose last name is another, in another case',
        annotated('[{"name":"vpn","namespace":"egress","NAME":"a"}]', SELECTED),
        'unreadable',
      ],
      ['with another default network', { annotations: { [DEFAULT_NETWORK]: 'kube-system/macvlan' } }, 'default'],
      ['that asks for a router', annotated('a, egress/vpn-router-1@gw0'), 'router'],
      [
        'that asks for a router in a list',
        annotated(' [ {"namespace" : "egress", "name":\t"vpn-router-0"} ]'),
        'router',
      ],
      ['that asks for a router beside it', annotated('vpn-router-0', { namespace: 'egress' }), 'router'],
      [
        'whose default network is a router',
        { namespace: 'other', annotations: { [DEFAULT_NETWORK]: '[{"namespace":"egress","name":"vpn-router-0"}]' } },
        'default',
      ],
      [
        "whose default network is the clients'",
        { namespace: 'other', annotations: { [DEFAULT_NETWORK]: 'egress/vpn' } },
        'default',
      ],
    ])('%s', async (_, draft, why) => {
      expect(await refused(server(), draft)).toMatch(MESSAGES[why]);
    });

    test.each([
      '"cni-args":{"mac":"02:00:00:00:00:01"}',
      '"cni-args" : {}',
      '"CNI-Args":{"ips":["192.168.50.1"]}',
      '"cni-arg\u017f":{}',
      '"mac":"02:00:00:00:00:01"',
      '"MAC":"02:00:00:00:00:01"',
      '"ips":["192.168.50.1"]',
      '"ip\u017f":["192.168.50.1"]',
    ])('that brings %s', async (member) => {
      for (const name of ['vpn', FIXED, 'vpn-router-0']) {
        const own = `{"name":"${name}","namespace":"egress",${member}}`;
        const forms = [`[${own}]`, `[{"name":"a"}, ${own}]`, `[{${member}, "namespace":"egress","name":"${name}"}]`];
        for (const value of forms) expect(await refused(server(), annotated(value))).toMatch(MESSAGES.own);
      }
    });

    test.each([
      '[{"name":"vpn","namespace":"egress","\\u0063ni-args":{"mac":"02:00:00:00:00:01"}}]',
      '[{"name":"v\\u0070n","namespace":"egress","mac":"02:00:00:00:00:01"}]',
      '[{"name":"a","name":"vpn","namespace":"egress","mac":"02:00:00:00:00:01"}]',
      '[{"namespace":"other","namespace":"egress","name":"vpn","mac":"02:00:00:00:00:01"}]',
      '[{"NAME":"vpn","namespace":"egress","mac":"02:00:00:00:00:01"}]',
      '[{"name":"vpn","name\u017fpace":"egress","mac":"02:00:00:00:00:01"}]',
      '[{"name":null,"namespace":"egress"}]',
      '[{"name":"a","cni-args":{"a":{"b":{"c":{"d":1}}}}}]',
      '[{"name":"a"}{"name":"vpn"}]',
      '{"name":"vpn","namespace":"egress"}',
      '[["a"]]',
      '"a"',
    ])('that writes %s', async (value) => {
      expect(await refused(server(), annotated(value))).toMatch(MESSAGES.unreadable);
    });

    test('whatever else it asks for, and however it is written', async () => {
      const stolen = some(
        { ...ROUTER, 'cni-args': { mac: '02:00:00:00:00:01' } },
        { ...ROUTER },
        { name: 'vpn', namespace: 'egress', ips: ['192.168.50.1/24'] },
        { name: FIXED, namespace: 'egress', mac: '02:00:00:00:00:01' },
      );
      const values = fc.sample(
        fc
          .tuple(json, stolen, fc.nat(), some<string | number | undefined>(undefined, 1, '\t'))
          .map(([text, one, at, indent]) => {
            const list = JSON.parse(text) as unknown[];
            list.splice(at % (list.length + 1), 0, one);
            return JSON.stringify(list, undefined, indent).replaceAll('\\"', "'");
          }),
        { numRuns: 200, seed: 1 },
      );
      for (const value of values) expect(await refused(server(), annotated(value))).toMatch(/own|router|addresses/);
      const harmless = fc
        .sample(fc.oneof(short, json), { numRuns: 200, seed: 1 })
        .filter((value) => !value.includes('\\'));
      for (const value of harmless)
        expect({ value, refused: await refused(server(), annotated(value)) }).toEqual({ value, refused: undefined });
    }, 120_000);
  });

  test('an update is checked where it changes what is asked for, and passes otherwise', async () => {
    const path = '/api/v1/namespaces/apps/pods/kept';
    await admitted(server(), { name: 'kept' }, 'fieldValidation=Strict');
    const patch = async (annotations: object, labels: object = {}) =>
      request(server(), 'PATCH', path, {
        type: 'application/merge-patch+json',
        text: JSON.stringify({ metadata: { annotations, labels } }),
      });
    expect((await patch({}, { a: 'b' })).status).toBe(200);
    const container = { name: GUARD, image: 'other' };
    const replaced = await request(server(), 'PATCH', path, {
      type: 'application/strategic-merge-patch+json',
      text: JSON.stringify({ spec: { initContainers: [container] } }),
    });
    expect(replaced.text).toMatch(MESSAGES.guard);
    expect((await patch({ [NETWORKS]: 'storage, egress/vpn' })).status).toBe(200);
    expect((await patch({ [NETWORKS]: 'storage' })).text).toMatch(MESSAGES.missing);
    expect((await patch({ [NETWORKS]: null })).text).toMatch(MESSAGES.missing);
    expect((await patch({ [NETWORKS]: 'egress/vpn, egress/vpn-router-0' })).text).toMatch(MESSAGES.router);
  });
});
