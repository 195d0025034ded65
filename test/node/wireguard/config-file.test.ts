import { describe, expect, test } from 'vitest';
import { formatInterfaceAddress } from '../../../fn/net/interface-address.ts';
import { parseConfigFile, type TunnelConfig } from '../../../fn/node/wireguard/config-file.ts';

const KEY = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=';
const PEER = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';
const FILE = `[Interface]
PrivateKey = ${KEY}
Address = 10.64.0.2/16, fd00:64::2

[Peer]
PublicKey = ${PEER}
AllowedIPs = 0.0.0.0/0, ::/0
Endpoint = vpn.example:51820
`;
const SETTINGS = [
  '[Interface]',
  'FwMark = 0x0067776e',
  '[Interface]',
  `PrivateKey = ${KEY}`,
  '[Peer]',
  `PublicKey = ${PEER}`,
  'AllowedIPs = 0.0.0.0/0, ::/0',
  'Endpoint = vpn.example:51820',
  'PersistentKeepalive = 25',
  '',
];

function read(text: string): TunnelConfig {
  const found = parseConfigFile(text, 'wg0.conf');
  if (typeof found === 'string') throw new Error(found);
  return found;
}
/** What wg is told of a file beyond what it is told of the plain one. */
const added = (text: string) =>
  read(text)
    .settings.split('\n')
    .filter((line) => !SETTINGS.includes(line));
const inInterface = (line: string) => FILE.replace('Address', `${line}\nAddress`);
const inPeer = (line: string) => `${FILE}${line}\n`;

describe('a file as providers hand it out', () => {
  test('says what wg is told, and what is set on the interface', () => {
    const { settings, addresses, ...others } = read(FILE);
    expect(settings).toBe(SETTINGS.join('\n'));
    expect(addresses.map(formatInterfaceAddress)).toEqual(['10.64.0.2/16', 'fd00:64::2/128']);
    expect(others).toEqual({ mtu: undefined, endpoints: 'vpn.example:51820', notes: [] });
  });

  test.each([
    ['line ends of Windows, and a mark of the byte order', `\uFEFF${FILE.replaceAll('\n', '\r\n')}`],
    ['comments', FILE.replaceAll('\n', ' # a comment = [Peer]\n')],
    ['no space, and more', FILE.replaceAll(' = ', '=').replaceAll('\n', '\n \t')],
    [
      'keys and sections in other cases',
      FILE.replace('[I', '[i').replace('[P', '[p').replace('PublicKey', 'PUBLICkey'),
    ],
    ['no end of its last line', FILE.trimEnd()],
    ['addresses on lines of their own', FILE.replace(', fd00', '\nAddress=fd00')],
    ['settings that are left out', inInterface('FwMark = 7\nTable = off\nSaveConfig = true')],
    ['a keepalive that is off', inPeer('PersistentKeepalive = off')],
    ['a keepalive of nothing', inPeer('PersistentKeepalive = 0')],
  ])('may have %s', (_, text) => {
    expect(read(text)).toEqual(read(FILE));
  });

  test.each([
    ['a port', inInterface('ListenPort = 0'), ['ListenPort = 0']],
    ['a third key', inPeer(`PresharedKey = ${KEY}`), [`PresharedKey = ${KEY}`]],
    ['a keepalive', inPeer('PersistentKeepalive = 10'), ['PersistentKeepalive = 10']],
  ])('may have %s, which wg is told', (_, text, lines) => {
    expect(added(text)).toEqual(lines);
  });

  test('may have several peers, each with a keepalive of its own', () => {
    const second = FILE.slice(FILE.indexOf('[Peer]')).replace('vpn', 'other');
    const { settings, endpoints } = read(`${inPeer('PersistentKeepalive = 7')}${second}`);
    expect(endpoints).toBe('vpn.example:51820, other.example:51820');
    expect(settings.match(/PersistentKeepalive = .*|\[Peer\]/g)).toEqual([
      '[Peer]',
      'PersistentKeepalive = 7',
      '[Peer]',
      'PersistentKeepalive = 25',
    ]);
  });

  test.each([
    ['the least', '576', 576],
    ['the most', '65535', 65535],
  ])('may have %s MTU', (_, text, mtu) => {
    expect(read(inInterface(`MTU = ${text}`)).mtu).toBe(mtu);
  });

  test('has no command run', () => {
    const text = inInterface('PostUp = touch /tmp/x; a=b\npreUP = x\nPreDown=x\nPostDown=x\nDNS = 10.64.0.1, vpn');
    expect(added(text)).toEqual([]);
    expect(read(text).notes).toEqual([
      ...['PostUp', 'preUP', 'PreDown', 'PostDown'].map((key) => `${key} is left out: commands are not run`),
      "DNS is left out: spec.gateway.dns says who answers the clients' questions",
    ]);
  });
});

const SETTING = 'a setting of [Interface] or [Peer] in the form KEY = VALUE, as in wg-quick(8)';
const KEY_SHAPE = 'a key of WireGuard: 44 characters of base64';
const ADDRESS = 'an IP address, with or without a prefix length';

describe('a file that is spoilt', () => {
  test.each([
    ['a line that is no setting', FILE.replace('PublicKey = ', ''), 6, SETTING],
    ['a key of something else', inInterface('Jc = 4'), 3, SETTING],
    ['a setting of the other section', inPeer(`PrivateKey = ${KEY}`), 9, SETTING],
    ['a setting before any section', `MTU = 1400\n${FILE}`, 1, SETTING],
    ['another section', `${FILE}[Other]\n`, 9, SETTING],
    ['a name that objects have', inInterface('__proto__ = 1'), 3, SETTING],
    ['a key that is empty', inInterface(' = 1'), 3, SETTING],
    ['half a key', FILE.replace(KEY, KEY.slice(0, 20)), 2, KEY_SHAPE],
    ['a key and more', FILE.replace(KEY, `${KEY} x`), 2, KEY_SHAPE],
    ['a key with a character of no base64', FILE.replace(KEY, `-${KEY.slice(1)}`), 2, KEY_SHAPE],
    ['a key without its end', FILE.replace(KEY, `${KEY.slice(0, 43)}A`), 2, KEY_SHAPE],
    ['a key that is empty', FILE.replace(KEY, ''), 2, KEY_SHAPE],
    ['half a third key', inPeer('PresharedKey = abc'), 9, KEY_SHAPE],
    ['half a public key', FILE.replace(PEER, 'abc'), 6, KEY_SHAPE],
    ['an endpoint without a port', FILE.replace(':51820', ''), 8, 'HOST:PORT'],
    ['an endpoint without a host', FILE.replace('vpn.example', ''), 8, 'HOST:PORT'],
    ['an endpoint that is an option', FILE.replace('vpn', '-vpn'), 8, 'HOST:PORT'],
    ['an endpoint with more', FILE.replace('51820', '51820;reboot'), 8, 'HOST:PORT'],
    ['an endpoint of several words', FILE.replace('vpn.example', 'vpn example'), 8, 'HOST:PORT'],
    ['a port of nothing', FILE.replace('51820', '0'), 8, 'a number from 1 to 65535'],
    ['a port too high', FILE.replace('51820', '65536'), 8, 'a number from 1 to 65535'],
    ['a port of a name', FILE.replace('51820', 'http'), 8, 'a number from 1 to 65535'],
    ['a name for an address', FILE.replace('10.64.0.2/16', 'vpn'), 3, ADDRESS],
    ['an address with an option', FILE.replace('10.64.0.2/16', '10.64.0.2/16 dev eth0'), 3, ADDRESS],
    ['an address too long', FILE.replace('10.64.0.2/16', '10.64.0.2/33'), 3, ADDRESS],
    ['an address without its length', FILE.replace('10.64.0.2/16', '10.64.0.2/'), 3, ADDRESS],
    ['a port to listen at that is none', inInterface('ListenPort = 70000'), 3, 'a number from 0 to 65535'],
    ['an MTU of nothing', inInterface('MTU = none'), 3, 'a number from 576 to 65535'],
    ['an MTU too low', inInterface('MTU = 575'), 3, 'a number from 576 to 65535'],
    ['an MTU of another notation', inInterface('MTU = 0x600'), 3, 'a number from 576 to 65535'],
    ['an MTU without end', inInterface('MTU = 100000'), 3, 'a number from 576 to 65535'],
    ['a keepalive that is none', inPeer('PersistentKeepalive = on'), 9, 'a number from 1 to 65535'],
  ])('by %s is refused by the number of its line, without a word of it', (_, text, line, must) => {
    expect(parseConfigFile(text, 'wg0.conf')).toBe(`wg0.conf, line ${line}: must be ${must}`);
  });

  const incomplete = 'wg0.conf: must have a PrivateKey and an Address in [Interface] and a PublicKey in [Peer]';
  test.each([
    ['everything', '', incomplete],
    ['a private key', FILE.replace(/PrivateKey.*\n/, ''), incomplete],
    ['an address', FILE.replace(/Address.*\n/, ''), incomplete],
    ['an address in its setting', FILE.replace(/Address.*\n/, 'Address = ,\n'), incomplete],
    ['a peer', FILE.slice(0, FILE.indexOf('[Peer]')), incomplete],
    ['an endpoint', FILE.replace(/Endpoint.*\n/, ''), 'wg0.conf: must have an Endpoint in [Peer]'],
  ])('by the lack of %s is refused', (_, text, fault) => {
    expect(parseConfigFile(text, 'wg0.conf')).toBe(fault);
  });
});
