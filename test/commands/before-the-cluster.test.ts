import { expect, test } from 'vitest';
import { command, NETWORK } from './command.ts';

test('an object of others that cannot be read is told, and no fault of this program', () => {
  const foreign = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: [}\n';
  const { status, stdout, stderr } = command(['doctor', '-', '--kubeconfig', '/nowhere'], NETWORK + foreign);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^warning: .*kubectl will reject it.*\nerror: the kubeconfig \/nowhere cannot be read: .*\n$/);
});

test('gather refuses a file that is there before it asks the cluster', () => {
  expect(command(['gather', '--file', 'README.md', '--kubeconfig', '/nowhere'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'error: README.md cannot be written: it is there already: remove it, or name another with --file\n',
  });
});
