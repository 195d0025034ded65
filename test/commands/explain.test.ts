import { expect, test } from 'vitest';
import { command, NETWORK } from './command.ts';

const VLAN = 'examples/untrusted-vlan';

test.each([
  [
    'a packet passes',
    [VLAN, '203.0.113.5', '--protocol', 'TCP', '--port', '443'],
    0,
    /: leaves by the gateway of egress\/untrusted, as 10\.99\.0\.50$/m,
  ],
  ['a packet is dropped', [VLAN, '10.99.0.7'], 1, /^ {2}router {2}drops it: spec\.gateway\.firewall\.deny\[0\]$/m],
  ['that depends', [VLAN, '203.0.113.5'], 0, /^ {2}router {2}of all else: drops it: not-in-firewall-allow$/m],
  ['JSON is wanted', [VLAN, 'fd00:99::7', '-o', 'json'], 1, /"outcome": "dropped"/],
  [
    'one workload is meant',
    ['examples/port-forward', '1.1.1.1', '--workload', 'apps/server'],
    0,
    /^Deployment apps\/server -> 1\.1\.1\.1: /,
  ],
])('%s', (_, args, code, words) => {
  const { status, stdout, stderr } = command(['explain', ...args]);
  expect({ status, stderr }).toEqual({ status: code, stderr: '' });
  expect(stdout).toMatch(words);
});

test('standard input is read', () => {
  const { status, stdout } = command(['explain', '-', '203.0.113.5'], NETWORK);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^any client of egress\/vpn -> 203\.0\.113\.5: leaves by the gateway/);
});

test.each([
  ['a name', [VLAN, 'example.com'], /^error: the destination 'example\.com' is no IP address: names lead to .*\n$/],
  ['a network', [VLAN, '10.0.0.0/8'], /^error: the destination '10\.0\.0\.0\/8' is no IP address/],
  [
    'no port',
    [VLAN, '1.1.1.1', '--protocol', 'TCP', '--port', '0'],
    /--port '0' is no port: it must be a number from 1 to/,
  ],
  ['a port alone', [VLAN, '1.1.1.1', '--port', '53'], /--port needs --protocol: TCP, UDP, SCTP/],
  ['a port of ICMP', [VLAN, '1.1.1.1', '--protocol', 'ICMP', '--port', '1'], /ICMP has no ports/],
  [
    'no such workload',
    [VLAN, '1.1.1.1', '--workload', 'a'],
    /has no workload 'a': --workload must be NAME or NAMESPACE\/NAME/,
  ],
  [
    'an IPv4 address as IPv6',
    [VLAN, '::ffff:1.2.3.4'],
    /^error: the destination '::ffff:1\.2\.3\.4' is sent as IPv4: give 1\.2\.3\.4\n$/,
  ],
  [
    'a path without a file',
    ['./a.yaml', '1.1.1.1'],
    /^error: '\.\/a\.yaml' is no file, and no pod: it must be NAME or/,
  ],
  [
    'a file that is not there',
    ['a.yaml', '1.1.1.1', '--kubeconfig', '/nowhere'],
    /^error: there is no file 'a\.yaml', and the kubeconfig \/nowhere cannot be read/,
  ],
  ['no such file or pod', ['a/b/c', '1.1.1.1'], /'a\/b\/c' is no file, and no pod: it must be NAME or NAMESPACE\/NAME/],
  ['no cluster', ['a', '1.1.1.1', '--kubeconfig', '/nowhere'], /the kubeconfig \/nowhere cannot be read/],
])('%s is status 2', (_, args, words) => {
  const { status, stdout, stderr } = command(['explain', ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(words);
});
