import { type Calls, DATAGRAM, INET, INET6, LEVEL, option, socket } from '../../fn/verify/calls.ts';
import { PACKET, RAW, sourceRoute } from './bed/sockets.ts';

/** A header that ends with padding of six bytes. */
const EMPTY_OPTIONS = Buffer.from('0000010400000000', 'hex');
/** What the kernel refuses to who has no capability, by the call that fails. */
export const REFUSED: readonly (readonly [title: string, failing: string, calls: Calls])[] = [
  ['a raw socket', 'socket', [socket(INET, RAW, 255)]],
  ['a packet socket', 'socket', [socket(PACKET, RAW)]],
  [
    'loose source routing (IP_OPTIONS)',
    'option',
    [socket(INET, DATAGRAM), option(LEVEL.IPv4, 4, sourceRoute('10.0.0.1'))],
  ],
  ['destination options (IPV6_DSTOPTS)', 'option', [socket(INET6, DATAGRAM), option(LEVEL.IPv6, 59, EMPTY_OPTIONS)]],
  ['hop-by-hop options (IPV6_HOPOPTS)', 'option', [socket(INET6, DATAGRAM), option(LEVEL.IPv6, 54, EMPTY_OPTIONS)]],
  ['IP_TRANSPARENT', 'option', [socket(INET, DATAGRAM), option(LEVEL.IPv4, 19, 1)]],
  ['SO_MARK', 'option', [socket(INET, DATAGRAM), option(LEVEL.socket, 36, 1)]],
  ["the rules' own SO_PRIORITY", 'option', [socket(INET, DATAGRAM), option(LEVEL.socket, 12, 0x12bf0001)]],
];
