import { explain } from '../../fn/explain/explain.ts';
import { type Packet, PROTOCOLS } from '../../fn/explain/packet.ts';
import { formatExplanation } from '../../fn/explain/text.ts';
import { parseAddress } from '../../fn/net/address.ts';
import { parsePorts } from '../../fn/net/ports.ts';
import { plain } from '../../fn/status/paint.ts';
import { byId, element } from './dom.ts';
import type { Result } from './evaluate.ts';
import { type ClientWays, waysOf } from './ways.ts';

let current: Result | undefined;

/** The form that follows one packet. */
export function startWays(): void {
  byId('packet', HTMLElement).addEventListener('input', follow);
  byId('packet', HTMLElement).addEventListener('submit', (event) => {
    event.preventDefault();
    follow();
  });
}

/** Which way the packets of each client go. */
export function showWays(result: Result): void {
  current = result;
  const ways = waysOf(result);
  byId('ways', HTMLElement).replaceChildren(
    ...(ways.length === 0 ? [element('p', {}, 'The spec has no network.')] : ways.map(table)),
  );
  follow();
}

function table({ clients, network, rows }: ClientWays): HTMLElement {
  const title = `${clients.join(', ')} (network ${network})`;
  const head = element(
    'tr',
    {},
    ...['packets to', 'leave by', 'because'].map((text) => element('th', { scope: 'col' }, text)),
  );
  const body = rows.map(({ to, by, why }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, to),
      element('td', {}, element('span', { class: `by ${by === 'eth0' ? 'eth0' : ''}` }, by)),
      element('td', {}, why),
    ),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title },
    element('table', {}, element('caption', {}, title), element('thead', {}, head), element('tbody', {}, ...body)),
  );
}

function follow(): void {
  if (current === undefined) return;
  const packet = packetOf();
  const { manifests, workloads } = current;
  const text =
    typeof packet === 'string'
      ? packet
      : explain(manifests, workloads, packet, true)
          .map((one) => formatExplanation(one, plain))
          .join('\n');
  byId('way', HTMLElement).textContent = text;
}

/** What the form says, or what is wrong with it. */
function packetOf(): Packet | string {
  const valueOf = (id: string) => (byId(id, HTMLElement) as HTMLInputElement | HTMLSelectElement).value.trim();
  const [text, port] = [valueOf('address'), valueOf('port')];
  const protocol = PROTOCOLS.find((one) => one === valueOf('protocol'));
  const destination = parseAddress(text);
  if (destination === undefined) return `'${text}' is no IP address`;
  if (port === '' || protocol === undefined || protocol === 'ICMP') {
    return { destination, ...(protocol && { protocol }) };
  }
  const ports = parsePorts(port);
  if (ports === undefined || ports.first !== ports.last) return `'${port}' is no port: a number from 1 to 65535`;
  return { destination, protocol, port: ports.first };
}
