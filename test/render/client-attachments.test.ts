import { describe, expect, test } from 'vitest';
import { expand } from '../../fn/index.ts';
import { clientAttachment } from '../../fn/render/attachment.ts';
import { clientAttachments } from '../../fn/render/client-attachments.ts';
import { planOf } from '../plan/network.ts';

const PLAN = planOf('{subnets: [10.9.0.0/24], clients: [{namespaces: [media, apps], attachment: PerNamespace}]}');

test("a namespace's attachment is the network's own, so that both give addresses from one pool", () => {
  const copies = clientAttachments(PLAN);
  expect(copies.map(({ metadata }) => [metadata?.namespace, metadata?.name])).toEqual([
    ['apps', 'vpn'],
    ['media', 'vpn'],
  ]);
  for (const { spec } of copies) expect(spec).toEqual(clientAttachment(PLAN).spec);
});

const network = (namespaces: string) =>
  `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec:
  subnets: [192.168.50.0/24]
  nodes: {selector: {matchLabels: {zone: a}}}
  clients:
  - {namespaces: [${namespaces}], attachment: PerNamespace}
`;
const placesOf = (text: string) =>
  [...text.matchAll(/kind: NetworkAttachmentDefinition\nmetadata:\n {2}name: vpn\n {2}namespace: (\w+)/g)].map(
    ([, place]) => place,
  );

describe('attachments in the namespaces of clients', () => {
  const first = expand(network('apps, media')).text;

  test('are rendered, and stay in the next run', () => {
    expect(placesOf(first)).toEqual(['egress', 'apps', 'media']);
    const second = expand(`${first}---\n${network('apps, media')}`);
    expect(second.text).toBe(first);
    expect(second.problems.map(({ message }) => message)).toEqual([expect.stringContaining('unchanged')]);
  });

  test('go when the network no longer names the namespace', () => {
    expect(placesOf(expand(`${first}---\n${network('media')}`).text)).toEqual(['egress', 'media']);
  });

  test("never take the place of somebody else's", () => {
    const foreign =
      'apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: vpn, namespace: apps}\n';
    const { problems } = expand(`${foreign}---\n${network('apps')}`);
    expect(problems).toMatchObject([
      {
        code: 'NotOurs',
        ref: { namespace: 'apps' },
        message: expect.stringContaining('`gatewaynetwork.dev/network-namespace: egress`'),
      },
    ]);
  });
});
