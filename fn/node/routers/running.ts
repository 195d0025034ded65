import { configurationReader } from '../configuration.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../config/router-config.ts';
import type { Reporter } from '../status/status-file.ts';
import { sleep } from '../system/clock.ts';
import { json } from '../system/command.ts';
import { variable } from '../system/process.ts';
import { type Addresses, readAddresses } from './addresses.ts';
import { addressOf, routerOf, standsInTheWay } from './own-router.ts';

/** Which of the routers this one is. */
const INDEX = variable('ROUTER') ?? '';

/** How often something is looked for that is to come at once, in milliseconds. */
const GLANCE = 200;

/** What a program of a router runs. */
export interface Running {
  readonly config: RouterConfig;
  readonly fingerprint: string;
  /** This router. */
  readonly own: RouterConfig['routers'][number];
}

/** Reads the ConfigMap: what runs, and why what there is now cannot take its place. */
export type ReadRunning = () => { readonly running: Running | undefined; readonly obstacle: string | undefined };

export function runningReader(): ReadRunning {
  const read = configurationReader(ROUTER_CONFIG);
  let running: Running | undefined;
  return () => {
    const { configuration, fault } = read();
    if (fault !== undefined || configuration === undefined) return { running, obstacle: fault };
    const { config, fingerprint } = configuration;
    if (config === running?.config) return { running, obstacle: undefined };
    const own = routerOf(config, INDEX);
    if (own === undefined) {
      return { running, obstacle: `ROUTER must be the index of a router of config.json, but is '${INDEX}'` };
    }
    const obstacle = running && standsInTheWay(running.config, config, INDEX);
    if (obstacle === undefined) running = { config, fingerprint, own };
    return { running, obstacle };
  };
}

/** Waits for a configuration that can be used. */
export async function awaitConfiguration(read: ReadRunning, reporter: Reporter): Promise<Running> {
  for (;;) {
    const { running, obstacle } = read();
    if (running) return running;
    reporter.report({ faults: [obstacle ?? ''], notes: [] });
    await sleep(GLANCE);
  }
}

/**
 * Waits for the router's own address: its own program gives it to the interface, and only once its rules are loaded.
 */
export async function awaitOwnAddress(own: Running['own'], reporter: Reporter): Promise<void> {
  for (let lack = ownAddressLack(own); lack !== undefined; lack = ownAddressLack(own)) {
    reporter.report({ faults: [lack], notes: [] });
    await sleep(GLANCE);
  }
}

/** What is said where the router's own address is not there. */
export function ownAddressLack(own: Running['own']): string | undefined {
  const address = addressOf(own);
  const isThere = [...addressesNow()].some((each) => each.includes(` ${address}/`));
  return isThere ? undefined : `waiting for the address ${address}`;
}

export function addressesNow(): Addresses {
  return readAddresses(json(['ip', '-j', 'addr', 'show']));
}
