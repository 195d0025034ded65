import { describe, expect, test } from 'vitest';
import { type Planted, secret } from './cluster-objects.ts';
import { type Case, says } from './says.ts';

describe('Secrets', () => {
  const container = (fields: object) => ({
    example: 'vpn-gluetun',
    fields: {
      'gateway.egress.vpn.container.spec': {
        image: 'a/b:1',
        securityContext: { capabilities: { add: ['NET_ADMIN'] } },
        ...fields,
      },
    },
  });
  const made = (kind: string, name: string, spec: object): Planted => ({
    apiVersion: 'external-secrets.io/v1',
    kind,
    metadata: { name, namespace: 'egress' },
    spec,
  });
  const wanted = { example: 'vpn-wireguard' };

  test.each<readonly [string, Case, readonly string[]]>([
    [
      'in the cluster',
      { ...wanted, put: [secret('wireguard', 'wg0.conf')] },
      ['ok the Secret egress/wireguard is there, with wg0.conf'],
    ],
    [
      'in the input',
      { ...wanted, input: [secret('wireguard', 'wg0.conf')] },
      ['ok the Secret egress/wireguard is there, with wg0.conf'],
    ],
    [
      'made by an ExternalSecret',
      { ...wanted, input: [made('ExternalSecret', 'a', { target: { name: 'wireguard' } })] },
      [
        'unknown the Secret egress/wireguard is made by the ExternalSecret of the input: whether it will be is not known',
      ],
    ],
    [
      'made by a SealedSecret',
      { ...wanted, input: [made('SealedSecret', 'wireguard', {})] },
      ['unknown the Secret egress/wireguard is made by the SealedSecret of the input: whether it will be is not known'],
    ],
    [
      'made by one of another name',
      { ...wanted, input: [made('SealedSecret', 'other', {})] },
      ['error the Secret egress/wireguard is not there'],
    ],
    [
      'for images',
      { fields: { 'images.pullSecrets': ['registry'] } },
      ['error the Secret egress/registry is not there'],
    ],
    [
      'of the environment',
      {
        ...container({ env: [{ name: 'K', valueFrom: { secretKeyRef: { name: 'vpn', key: 'k' } } }] }),
        put: [secret('vpn', 'other')],
      },
      ['error the Secret egress/vpn has no key k; it has other'],
    ],
    [
      'of the whole environment',
      { ...container({ envFrom: [{ secretRef: { name: 'vpn' } }] }) },
      ['error the Secret egress/vpn is not there'],
    ],
    ['without which a pod starts', { ...container({ envFrom: [{ secretRef: { name: 'vpn', optional: true } }] }) }, []],
  ])('%s', (_, given, lines) => {
    expect(says('secrets', given)).toEqual(lines);
  });
});
