import { expect, test } from 'vitest';
import { parseAttachment } from '../../../fn/node/node-agent/attachment.ts';
import { decodeBase64 } from '../../../fn/node/node-agent/base64.ts';
import { entry } from './given.ts';

test("an entry of libcni's cache is an attachment", () => {
  expect(parseAttachment(entry('veth1', { end: '0A:00:00:00:00:01' }))).toEqual({
    network: 'egress.vpn',
    namespace: 'apps',
    pod: 'apps/pod-veth1',
    ports: [
      { name: 'gwvpn-in', mac: '' },
      { name: 'veth1', mac: '0a:00:00:00:00:01' },
    ],
    mac: '02:00:00:00:00:11',
    addresses: ['192.168.50.16', 'fd00:50::16'],
    isChosen: false,
  });
});

/** An entry with other values. */
const changed = (values: object) => JSON.stringify({ ...JSON.parse(entry('veth1')), ...values });
const encoded = (config: unknown) => Buffer.from(JSON.stringify(config)).toString('base64');

test('what a plugin leaves out is not there', () => {
  const bare = parseAttachment(changed({ cniArgs: null, result: { interfaces: null } }));
  expect(bare).toMatchObject({ pod: 'null/null', ports: [], addresses: [] });
  expect(bare?.mac).toBeUndefined();
  expect(parseAttachment(changed({ ifName: 'net2' }))?.mac).toBeUndefined();
});

test.each([
  ['half of a file', entry('veth1').slice(0, -2)],
  ['an entry whose configuration is not whole', changed({ config: encoded({ plugins: [] }).slice(0, -8) })],
  ['an entry whose configuration cannot be read', changed({ config: '!!!' })],
  ['an entry of another kind', '{"name":"veth1"}'],
  ['nothing', ''],
])('%s is no attachment', (_, text) => {
  expect(parseAttachment(text)).toBeUndefined();
});

test.each([
  [{ plugins: [{ args: { cni: { mac: '' } } }] }, true],
  [{ args: { cni: { MaC: '' } } }, true],
  [{ plugins: [{ args: { cni: { macs: '', ips: [] } } }, { args: { mac: '' } }, {}], mac: '' }, false],
  [{ args: { cni: null } }, false],
])('whether %j asks for a MAC address: %s', (config, expected) => {
  expect(parseAttachment(changed({ config: encoded(config) }))?.isChosen).toBe(expected);
});

test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foobar', 'Zm9vYmFy'],
  ['\u00ff\u00fe>?', '//4+Pw=='],
])('%j in base64 (RFC 4648, section 10) is %s', (bytes, text) => {
  expect(decodeBase64(text)).toBe(bytes);
  expect(decodeBase64(text.replaceAll('=', ''))).toBe(bytes);
});
