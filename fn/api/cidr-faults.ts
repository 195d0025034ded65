import { formatCidr, parseCidr, parseLooseCidr } from '../net/cidr.ts';
import { fault, type Fault } from './fault.ts';
import { quote } from './quote.ts';

/**
 * The faults of the text of a network. Where only host bits are set, the network is proposed.
 *
 * @param requirement what is allowed, after "must"
 */
export function cidrFaults(path: string, text: string, requirement: string, noun = 'network'): readonly Fault[] {
  if (parseCidr(text) !== undefined) return [];
  const loose = parseLooseCidr(text);
  if (loose === undefined) return [fault('InvalidSubnet', path, text, requirement)];
  const proposed = formatCidr(loose);
  const because = `the bits behind the prefix are zero in a ${noun}`;
  return [fault('InvalidSubnet', path, text, `be ${quote(proposed)}`, { because, proposed })];
}
