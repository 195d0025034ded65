import { expect, test } from 'vitest';
import { command, NETWORK } from './command.ts';

test('an object of others that cannot be read is told, and no fault of this program', () => {
  const foreign = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: [}\n';
  const { status, stdout, stderr } = command(['doctor', '-', '--kubeconfig', '/nowhere'], NETWORK + foreign);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^warning: .*kubectl will reject it.*\nerror: the kubeconfig \/nowhere cannot be read: .*\n$/);
});
