import { configurationReader } from '../configuration.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../config/router-config.ts';
import { begin, STATE_DIR } from '../status/status-file.ts';
import { sleep } from '../system/clock.ts';
import { output, type Process, start } from '../system/command.ts';
import { readFile, replaceFile } from '../system/files.ts';
import { addressesOf } from './addresses.ts';
import { exit, onSignal, say } from '../system/process.ts';
import { dnsmasqConfig, serversFile } from './dnsmasq.ts';
import { nameServers } from './name-servers.ts';
import { parseSockets, socketFaults } from './sockets.ts';

/** How often it looks, in milliseconds. */
const INTERVAL = 1000;

/** The name servers of the cluster, as the pod was told them first. */
const CLUSTER_SERVERS = `${STATE_DIR}/cluster-servers`;
const SERVERS = `${STATE_DIR}/dnsmasq.servers`;
const CONFIG = `${STATE_DIR}/dnsmasq.conf`;

let server: Process | undefined;

/**
 * Answers the clients' questions for names: keeps dnsmasq running, and tells whether it listens. Needs
 * NET_BIND_SERVICE.
 */
export async function main(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, leave);
  const reporter = begin('resolver.status', ['cluster-servers.new']);
  const read = configurationReader(ROUTER_CONFIG);
  for (;;) {
    const { configuration, fault } = read();
    const faults = fault === undefined ? [] : [fault];
    if (configuration) faults.push(...keep(configuration.config));
    reporter.report({ faults, notes: [] }, configuration?.fingerprint);
    await sleep(INTERVAL);
  }
}

function leave(): void {
  server?.kill();
  exit(0);
}

/** Has dnsmasq run as configured, and gives what is wrong. */
function keep(config: RouterConfig): readonly string[] {
  if (config.resolver === undefined) return ['config.json: resolver is missing'];
  const cluster = clusterServers();
  if (cluster.length === 0) return ['/etc/resolv.conf names no name server, so nobody knows the names of the cluster'];
  const servers = serversFile(config.subnets, config.resolver, cluster);
  const changed = readFile(SERVERS) !== servers;
  if (changed) replaceFile(SERVERS, servers);
  if (server === undefined || server.hasEnded()) {
    if (server) say('dnsmasq has ended and is started again');
    replaceFile(CONFIG, dnsmasqConfig(config));
    server = start(['dnsmasq', `--conf-file=${CONFIG}`, `--servers-file=${SERVERS}`]);
  } else if (changed) {
    // It reads the servers anew, and forgets what others have answered (dnsmasq(8), "NOTES").
    server.kill('SIGHUP');
    say('dnsmasq asks other name servers');
  }
  const sockets = parseSockets(output(['ss', '-Hlntup', 'sport = 53']) ?? '', server.pid);
  return socketFaults(sockets, addressesOf(config.interface));
}

/** Once in the life of a pod: VPN programs write to /etc/resolv.conf, which all containers share. */
function clusterServers(): readonly string[] {
  const kept =
    readFile(CLUSTER_SERVERS)
      ?.split('\n')
      .filter((line) => line !== '') ?? [];
  if (kept.length > 0) return kept;
  const found = nameServers(readFile('/etc/resolv.conf') ?? '');
  if (found.length > 0) replaceFile(CLUSTER_SERVERS, found.map((address) => `${address}\n`).join(''));
  return found;
}
