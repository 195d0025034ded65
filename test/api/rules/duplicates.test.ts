import { expect, test } from 'vitest';
import { validate } from '../../../fn/api/validate.ts';
import { networks } from '../networks.ts';

test('a network is given once, and both files are named', () => {
  const [one] = networks('overlay: {vni: 7}');
  const again = { ...one, value: one?.value, file: { path: 'copy.yaml', index: 2 } };
  const { networks: valid, problems } = validate(one === undefined ? [] : [one, again]);
  expect(valid).toHaveLength(1);
  expect(problems).toEqual([
    {
      code: 'DuplicateNetwork',
      severity: 'error',
      message:
        '`metadata.name` is "one" and must be unique in its namespace: the same network is in "one.yaml" and in "copy.yaml" (document 3)',
      ref: { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork', name: 'one', namespace: 'egress' },
      field: { path: 'metadata.name', currentValue: 'one' },
      file: { path: 'copy.yaml', index: 2 },
    },
  ]);
});

test('the same name in another namespace is another network', () => {
  const [one, two] = networks('{}', '{}');
  const value = two?.value as { readonly metadata: object };
  const elsewhere = { ...value, metadata: { name: 'one', namespace: 'elsewhere' } };
  expect(validate([...(one ? [one] : []), { value: elsewhere, file: undefined }]).problems).toEqual([]);
});
