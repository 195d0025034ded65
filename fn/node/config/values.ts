import { parseAddress } from '../../net/address.ts';
import { parseCidr } from '../../net/cidr.ts';
import { parseInterfaceAddress } from '../../net/interface-address.ts';
import { integer, oneOf, readable, text } from './shape.ts';

// The values of the configuration, as both its writer and its readers know them.

/**
 * The version of the configuration: another is not read. Goes up with every change that an older program would misread.
 */
export const VERSION = 1;

/** A network as it is named in its label: namespace/name, or name alone. */
export const networkLabel = text('namespace/name or a name, made of a-z 0-9 . -', /^[a-z0-9.-]+(?:\/[a-z0-9.-]+)?$/);

/** The kernel's limit is 15 bytes (IFNAMSIZ). */
export const interfaceName = text(
  'an interface name: 1 to 15 of A-Z a-z 0-9 . _ -',
  /^(?!-|\.{1,2}$)[A-Za-z0-9._-]{1,15}$/,
);

/** A name of a Kubernetes object, a chain of iptables or a host. */
export const name = text('made of A-Z a-z 0-9 . _ -', /^(?!-)[A-Za-z0-9._-]+$/);

export const macAddress = text(
  'a MAC address: six times two of 0-9 a-f, colons between',
  /^[\da-f]{2}(?::[\da-f]{2}){5}$/,
);

export const family = oneOf('IPv4', 'IPv6');
export const address = readable('an IP address', parseAddress);
export const cidr = readable('a network, such as 192.168.50.0/24', parseCidr);
export const interfaceAddress = readable('an address with a prefix length', parseInterfaceAddress);

export const mtu = integer(68, 65535);

export const folder = text('an absolute path of A-Z a-z 0-9 . _ - /', /^\/[A-Za-z0-9._/-]*$/);

/** Where metrics go. The textfile collector of node_exporter reads only files that end so. */
export const metricsFile = text(
  'an absolute path of A-Z a-z 0-9 . _ - / that ends with .prom',
  /^\/[A-Za-z0-9._/-]*\.prom$/,
);

/** Where metrics go that a web server of the pod, or of another on the node, serves. */
export const metricsPage = text(
  'an absolute path of A-Z a-z 0-9 . _ - / that ends with .txt',
  /^\/[A-Za-z0-9._/-]*\.txt$/,
);
