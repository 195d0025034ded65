import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../fn/changes/manifest.ts';
import { explain } from '../../fn/explain/explain.ts';
import { Unreadable } from '../../fn/explain/network-facts.ts';
import { expand } from '../../fn/index.ts';
import { parseAddress } from '../../fn/net/address.ts';
import { networkPictures } from '../../fn/picture/network-picture.ts';
import { example } from '../datapath/bed/example.ts';
import { manifestsOf } from '../engines/documents.ts';

const RENDERED = manifestsOf(expand(example('multi-node')).text) as readonly object[] as readonly Manifest[];
const [destination = { family: 'IPv4' as const, value: 0n }] = [parseAddress('203.0.113.5')];

/** A pod of a cluster; of a client, with what Multus notes. */
const podOf = (annotations: Readonly<Record<string, string>>): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'apps', annotations },
  spec: {},
});
const CLIENT = podOf({
  'k8s.v1.cni.cncf.io/networks': 'egress/vpn',
  'k8s.v1.cni.cncf.io/network-status': '[null, 5, {"name": "egress/vpn", "ips": [null, "192.168.50.9"]}]',
});

const explained = (manifests: readonly Manifest[], pod: Manifest) => explain(manifests, [pod], { destination }, false);

/** With another configuration of a component, and without what it names where there is none. */
const withConfig = (component: string, config: string | undefined) =>
  RENDERED.flatMap((one) => {
    const isMeant = one.kind === 'ConfigMap' && one.metadata.labels?.['app.kubernetes.io/component'] === component;
    if (!isMeant) return [one];
    return config === undefined ? [] : [{ ...one, data: { ...one.data, 'config.json': config } }];
  });

describe.each(['node-agent', 'router'])('what %s cannot read', (component) => {
  test.each<readonly [string | undefined, RegExp]>([
    [
      'no JSON',
      /^the network egress\/vpn cannot be read: config\.json: is missing; apply all manifests, or take the release/,
    ],
    ['null', /config\.json: must be/],
    ['{"version": 9999}', /config\.json: \S+ (?:is missing|must be)/],
    [undefined, /the ConfigMap vpn-\S+ is not there; apply all manifests/],
  ])('is not explained: %s', (config, reason) => {
    const manifests = withConfig(component, config);
    expect(() => explained(manifests, CLIENT)).toThrow(Unreadable);
    expect(() => explained(manifests, CLIENT)).toThrow(reason);
    expect(() => networkPictures(manifests)).toThrow(reason);
    // What has nothing to do with that network is.
    expect(explained(manifests, podOf({}))).toMatchObject([{ outcome: 'primary' }]);
  });
});

test('a client whose annotation holds more than Multus has noted is explained', () => {
  expect(explained(RENDERED, CLIENT)).toMatchObject([{ senders: ['Pod apps/a'], outcome: 'gateway' }]);
});

test.each(['no JSON', '{"plugins": 5}', '{"plugins": [null, {"ipam": {"routes": [null, {"dst": 5}]}}]}'])(
  'an attachment that was changed has the routes that can be read: %j',
  (config) => {
    const manifests = RENDERED.map((one) => (one.spec?.config === undefined ? one : { ...one, spec: { config } }));
    expect(explained(manifests, CLIENT)).toMatchObject([{ summary: 'dropped at the node: around-gateway' }]);
  },
);
