import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { RENDERED } from './specs.ts';

const METADATA = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'labels'],
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 },
    namespace: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
  },
};
const INTERFACE_NAME = { type: 'string', pattern: '^[^\\s/]+$', maxLength: 15 };
const LINK_REFERENCE = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { type: 'string' } },
};
const MTU = { type: 'integer', minimum: 68, maximum: 65535 };
const PORT = { type: 'integer', minimum: 1, maximum: 65535 };

/** What the CustomResourceDefinitions of Multus (k8s.cni.cncf.io/v1) and node-network-operator (v1alpha1) allow. */
const SCHEMAS: Readonly<Record<string, object>> = {
  'k8s.cni.cncf.io/v1 NetworkAttachmentDefinition': {
    required: ['metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: {},
      kind: {},
      metadata: METADATA,
      spec: {
        type: 'object',
        additionalProperties: false,
        required: ['config'],
        properties: { config: { type: 'string' } },
      },
    },
  },
  'nodenetworkoperator.soliddowant.dev/v1alpha1 Link': {
    required: ['metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: {},
      kind: {},
      metadata: METADATA,
      spec: {
        type: 'object',
        additionalProperties: false,
        required: ['interfaceName'],
        oneOf: [{ required: ['bridge'] }, { required: ['vxlan'] }, { required: ['unmanaged'] }],
        properties: {
          interfaceName: INTERFACE_NAME,
          nodeSelector: {
            type: 'object',
            additionalProperties: false,
            properties: { matchLabels: { type: 'object' }, matchExpressions: { type: 'array' } },
          },
          unmanaged: { type: 'object', additionalProperties: false },
          bridge: { type: 'object', additionalProperties: false, properties: { mtu: MTU } },
          vxlan: {
            type: 'object',
            additionalProperties: false,
            required: ['vnid', 'remoteIPAddress', 'device'],
            properties: {
              vnid: { type: 'integer', minimum: 1, maximum: 16777215 },
              remoteIPAddress: { type: 'string', pattern: '^[0-9.]+$' },
              port: PORT,
              sourcePort: {
                type: 'object',
                additionalProperties: false,
                required: ['start', 'end'],
                properties: { start: PORT, end: PORT },
              },
              mtu: MTU,
              device: LINK_REFERENCE,
              master: LINK_REFERENCE,
            },
          },
        },
      },
    },
  },
};

describe.each(RENDERED)('%s', (_, objects) => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  const custom = objects.filter(({ apiVersion, kind }) => SCHEMAS[`${apiVersion} ${kind}`] !== undefined);

  test.each(custom.map((object) => [`${object.kind} ${object.metadata?.name}`, object] as const))(
    '%s follows its CRD',
    (_name, object) => {
      const validate = ajv.compile(SCHEMAS[`${object.apiVersion} ${object.kind}`] ?? false);
      validate(object);
      expect(validate.errors).toBeNull();
    },
  );

  test('every kind is one of Kubernetes or has its CRD here', () => {
    // Those of the Prometheus Operator are held against its own on a real API server (test/cluster/status.test.ts).
    const elsewhere = /\.k8s\.io\/|^monitoring\.coreos\.com\//;
    const isCustom = (apiVersion: string) => apiVersion.includes('.') && !elsewhere.test(apiVersion);
    const unknown = objects.filter(
      ({ apiVersion = '', kind }) => isCustom(apiVersion) && SCHEMAS[`${apiVersion} ${kind}`] === undefined,
    );
    expect(unknown).toEqual([]);
  });
});
