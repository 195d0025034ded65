import { type InterfaceAddress, parseInterfaceAddress } from '../../net/interface-address.ts';
import { TUNNEL_MARK } from '../config/packets.ts';

// A configuration in the form of wg-quick(8), read as data. It holds keys: no message repeats a line of it.

/** What a configuration says. */
export interface TunnelConfig {
  /** What wg(8) is to be told, with keys. */
  readonly settings: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly mtu: number | undefined;
  /** In one line. */
  readonly endpoints: string;
  /** What of it is left out. */
  readonly notes: readonly string[];
}

/** A configuration that is being read. */
interface Draft {
  section: '' | 'interface' | 'peer';
  readonly lines: string[];
  readonly addresses: InterfaceAddress[];
  readonly notes: string[];
  mtu?: number;
  keepalive: string;
}

/**
 * How often a packet is sent though there is nothing to send, in seconds, where the configuration does not say: a
 * tunnel without traffic has no handshakes, by which it is known to work. It also keeps a NAT on the way open; wg(8)
 * names this number for that.
 */
const KEEPALIVE = '25';

const SETTING = 'a setting of [Interface] or [Peer] in the form KEY = VALUE, as in wg-quick(8)';

/** Checks a text: gives what it must be, or nothing where it is that. */
type Check = (text: string) => string | undefined;

const isAny: Check = () => undefined;

/** 32 bytes in base64. */
const isKey: Check = (text) =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) ? undefined : 'a key of WireGuard: 44 characters of base64';

const isNumber =
  (least: number, most: number): Check =>
  (text) =>
    /^\d{1,5}$/.test(text) && least <= Number(text) && Number(text) <= most
      ? undefined
      : `a number from ${least} to ${most}`;

const isEndpoint: Check = (text) => {
  const [, port] = /^[A-Za-z0-9._[\]][A-Za-z0-9._:[\]-]*:([A-Za-z0-9._[\]-]*)$/.exec(text) ?? [];
  return port === undefined ? 'HOST:PORT' : isNumber(1, 65535)(port);
};

/** Takes the value of a setting; gives what it must be where it is not that. */
type Take = (draft: Draft, value: string, key: string) => string | undefined;

/** What wg is told as it stands there. */
function passed(key: string, check: Check): Take {
  return ({ lines }, value) => {
    lines.push(`${key} = ${value}`);
    return check(value);
  };
}

/**
 * Of what is meant for wg-quick alone, addresses and MTU are heeded, and all else is left out; no command is ever run.
 */
const ignored: Take = () => undefined;

const leftOut =
  (note: (key: string) => string): Take =>
  ({ notes }, _, key) =>
    void notes.push(note(key));
const command = leftOut((key) => `${key} is left out: commands are not run`);

const SETTINGS: ReadonlyMap<string, Take> = new Map<string, Take>([
  ['interface.privatekey', passed('PrivateKey', isKey)],
  ['interface.listenport', passed('ListenPort', isNumber(0, 65535))],
  ['interface.address', takeAddresses],
  ['interface.mtu', takeMtu],
  ['interface.dns', leftOut(() => "DNS is left out: spec.gateway.dns says who answers the clients' questions")],
  ...['fwmark', 'table', 'saveconfig'].map((key): [string, Take] => [`interface.${key}`, ignored]),
  ...['preup', 'postup', 'predown', 'postdown'].map((key): [string, Take] => [`interface.${key}`, command]),
  ['peer.publickey', passed('PublicKey', isKey)],
  ['peer.presharedkey', passed('PresharedKey', isKey)],
  ['peer.allowedips', passed('AllowedIPs', isAny)],
  ['peer.endpoint', passed('Endpoint', isEndpoint)],
  ['peer.persistentkeepalive', takeKeepalive],
]);

/** With the prefix length of a single address where there is none. */
function takeAddresses({ addresses }: Draft, value: string): string | undefined {
  for (const text of value.split(/[\s,]+/).filter((each) => each !== '')) {
    const length = text.includes(':') ? '/128' : '/32';
    const address = parseInterfaceAddress(text.includes('/') ? text : `${text}${length}`);
    if (address === undefined) return 'an IP address, with or without a prefix length';
    addresses.push(address);
  }
  return undefined;
}

function takeMtu(draft: Draft, value: string): string | undefined {
  draft.mtu = Number(value);
  return isNumber(576, 65535)(value);
}

function takeKeepalive(draft: Draft, value: string): string | undefined {
  if (['0', 'off'].includes(value)) return undefined;
  draft.keepalive = value;
  return isNumber(1, 65535)(value);
}

function takeLine(draft: Draft, line: string): string | undefined {
  const text = line.replace(/#.*/s, '').trim();
  if (text === '') return undefined;
  if (/^\[[Ii]nterface\]$/.test(text)) return beginSection(draft, 'interface', '[Interface]');
  if (/^\[[Pp]eer\]$/.test(text)) return beginSection(draft, 'peer', '[Peer]');
  const [, key = '', value = ''] = /^(.*?)=(.*)$/s.exec(text) ?? [];
  const take = SETTINGS.get(`${draft.section}.${key.trim().toLowerCase()}`);
  return take === undefined ? SETTING : take(draft, value.trim(), key.trim());
}

function beginSection(draft: Draft, section: Draft['section'], title: string): undefined {
  endSection(draft);
  draft.section = section;
  draft.keepalive = KEEPALIVE;
  draft.lines.push(title);
}

function endSection({ section, lines, keepalive }: Draft): void {
  if (section === 'peer') lines.push(`PersistentKeepalive = ${keepalive}`);
}

/**
 * Reads a configuration.
 *
 * @param file its name, for messages
 * @returns what it says, or what is wrong with it, in one line
 */
export function parseConfigFile(text: string, file: string): TunnelConfig | string {
  const draft: Draft = { section: '', lines: [], addresses: [], notes: [], keepalive: KEEPALIVE };
  for (const [index, line] of text.split('\n').entries()) {
    const must = takeLine(draft, line);
    if (must !== undefined) return `${file}, line ${index + 1}: must be ${must}`;
  }
  endSection(draft);
  const { lines, addresses, notes, mtu } = draft;
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key} = `) ? line.slice(key.length + 3) : []));
  if (values('PrivateKey').length === 0 || values('PublicKey').length === 0 || addresses.length === 0) {
    return `${file}: must have a PrivateKey and an Address in [Interface] and a PublicKey in [Peer]`;
  }
  const endpoints = values('Endpoint').join(', ');
  if (endpoints === '') return `${file}: must have an Endpoint in [Peer]`;
  const settings = ['[Interface]', `FwMark = ${TUNNEL_MARK}`, ...lines, ''].join('\n');
  return { settings, addresses, mtu, endpoints, notes };
}
