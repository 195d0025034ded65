import { parseAddress } from '../net/address.ts';

/** A server outside that tells who asks it the address that it sees. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** What it is sent; nothing where it tells without. */
  readonly question: string;
}

/** Reads `http://HOST[:PORT][/PATH]` or `HOST:PORT`, an IPv6 address in brackets; nothing where it is neither. */
export function parseTarget(text: string): Target | undefined {
  const isHttp = text.startsWith('http://');
  if (!isHttp && !/^(?:\[[^\]]+\]|[^:/?#\s]+):\d+$/.test(text)) return undefined;
  const address = isHttp ? text : `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.hostname === '' || url.username !== '') return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // Services that tell an address do it as a page to browsers, and as text to curl.
  const headers = `Host: ${url.host}\r\nUser-Agent: curl/8 (gateway-network-fn)\r\nAccept: text/plain\r\n`;
  const question = isHttp ? `GET ${url.pathname}${url.search} HTTP/1.0\r\n${headers}\r\n` : '';
  return { host, port: Number(url.port || '80'), question };
}

/** The first address in an answer, its HTTP headers left out. */
export function addressIn(answer: string): string | undefined {
  const body = answer.startsWith('HTTP/') ? answer.slice(answer.search(/\r?\n\r?\n/)) : answer;
  return body.match(/[\da-fA-F.:]{2,}/g)?.find((word) => parseAddress(word) !== undefined);
}
