import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

it.each([2, 1000, 4095, 16777215])('%i is fine', (vni) => {
  expect(messages(`overlay: {vni: ${vni}}`)).toEqual([]);
});

it.each([
  [1, '`spec.overlay.vni` is "1" and must be neither 1 nor 4096: this is the VNI of flannel'],
  [
    4096,
    '`spec.overlay.vni` is "4096" and must be neither 1 nor 4096: this is the VNI of Calico, and of flannel on Windows nodes',
  ],
])('%i is not', (vni, message) => {
  expect(messages(`overlay: {vni: ${vni}}`)).toEqual([message]);
});

test('networks have different ones, whatever their ports', () => {
  expect(messages('overlay: {vni: 7}', 'overlay: {vni: 7, port: 5000}', 'overlay: {vni: 8}')).toEqual([
    '`spec.overlay.vni` is "7" and must be unique in the cluster: GatewayNetwork "egress/one" in "one.yaml" has it too',
  ]);
});
