/**
 * An IPAM plugin with the allocation of whereabouts, which itself keeps its pools in the API
 * server of a cluster: for each range
 * the first address from range_start to range_end that no exclusion covers and nobody holds; one
 * pool a range and network_name
 * for all nodes; routes as configured. A pod that holds an address of the pool gets that again, by
 * its name and its interface,
 * whatever the range is now. Its pools are folders in WHEREABOUTS_POOLS with one file for each address that is held.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

interface Range {
  readonly range: string;
  readonly range_start: string;
  readonly range_end: string;
  readonly exclude?: readonly string[];
}

interface Config {
  readonly cniVersion: string;
  readonly ipam: {
    readonly ipRanges: readonly Range[];
    readonly routes?: readonly object[];
    readonly gateway?: string;
    readonly network_name?: string;
  };
}

const { CNI_COMMAND: command, CNI_CONTAINERID: container, CNI_IFNAME: name, WHEREABOUTS_POOLS: pools } = process.env;
const holder = `${container}/${name}`;
const [namespace, pod] = ['NAMESPACE', 'NAME'].map(
  (key) => new RegExp(`(?:^|;)K8S_POD_${key}=([^;]*)`).exec(process.env['CNI_ARGS'] ?? '')?.[1],
);
const reference = `${namespace}/${pod}/${name}`;
const { cniVersion, ipam } = JSON.parse(readFileSync(0, 'utf8')) as Config;

if (command === 'ADD') {
  const ips = ipam.ipRanges.map((range) => ({
    address: allocate(range),
    ...(ipam.gateway && { gateway: ipam.gateway }),
  }));
  process.stdout.write(JSON.stringify({ cniVersion, ips, routes: ipam.routes }));
} else if (command === 'DEL') {
  for (const range of ipam.ipRanges) release(pool(range));
}

function allocate(range: Range): string {
  const folder = pool(range);
  mkdirSync(folder, { recursive: true });
  const length = range.range.split('/')[1];
  const held = readdirSync(folder).find((file) => readFileSync(`${folder}/${file}`, 'utf8').endsWith(` ${reference}`));
  if (held !== undefined) {
    writeFileSync(`${folder}/${held}`, `${holder} ${reference}`);
    return `${held}/${length}`;
  }
  const last = ipaddr.parse(range.range_end).toString();
  for (let address = ipaddr.parse(range.range_start); ; address = next(address)) {
    const file = `${folder}/${address.toString()}`;
    if (!existsSync(file) && !isExcluded(address, range)) {
      writeFileSync(file, `${holder} ${reference}`, { flag: 'wx' });
      return `${address.toString()}/${length}`;
    }
    if (address.toString() === last)
      throw new Error(`Could not allocate IP in range: no address is left in ${range.range}`);
  }
}

function isExcluded(address: Address, { exclude = [] }: Range): boolean {
  return exclude.map((cidr) => ipaddr.parseCIDR(cidr)).some((cidr) => address.match(cidr));
}

function next(address: Address): Address {
  const bytes = address.toByteArray();
  for (let index = bytes.length - 1; index >= 0; index--) {
    bytes[index] = ((bytes[index] ?? 0) + 1) % 256;
    if (bytes[index] !== 0) break;
  }
  return ipaddr.fromByteArray(bytes);
}

function release(folder: string): void {
  if (!existsSync(folder)) return;
  for (const address of readdirSync(folder)) {
    if (readFileSync(`${folder}/${address}`, 'utf8').startsWith(`${holder} `)) rmSync(`${folder}/${address}`);
  }
}

function pool(range: Range): string {
  return `${pools}/${ipam.network_name ?? ''}-${range.range.replaceAll(/[/:]/g, '-')}`;
}
