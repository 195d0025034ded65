/** What came of a check: a failure is something wrong with the network. */
export type Result = 'ok' | 'failed' | 'not tested';

/** A packet that went where it must not. */
export interface Packet {
  /** Of the first of its kind, as in ISO 8601, by the clock of the node. */
  readonly time: string;
  readonly node: string;
  readonly interface: string;
  readonly direction: 'in' | 'out';
  readonly from: string;
  readonly to: string;
  /** A name, or the number of the IP protocol. */
  readonly protocol: string;
  /** How many there were. */
  readonly count: number;
  /** How the program sent it, and the node of the pod that it was in. */
  readonly way: string;
  readonly client: string;
}

export interface Check {
  /** Stays the same between releases. */
  readonly id: string;
  readonly title: string;
  readonly result: Result;
  /** What was seen, what is wrong, or why it was not tested. */
  readonly detail: string;
  readonly packets?: readonly Packet[];
}

/** What `-o json` prints of each network. */
export interface Report {
  readonly namespace: string;
  readonly name: string;
  /** Whether no check has failed. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** The titles of all checks, by their ids, in the order in which they are made. */
export const TITLES = {
  start: 'pods start on the network, and the kubelet reaches them by their probes',
  dns: 'names of the cluster are resolved',
  services: 'Services of the cluster answer',
  pods: 'another pod answers, and sees the address of the pod that asks',
  policies: 'NetworkPolicies, of which the network has some, are enforced',
  gateway: 'the gateway answers',
  'packet-size': 'the largest packets get through to the gateway',
  nodes: 'clients on different nodes reach each other over the network',
  egress: 'clients leave by the address of the gateway',
  routes: 'programs as usual: nothing goes to eth0',
  eth0: 'programs that ask for eth0: nothing gets out by it',
  failover: 'the gateway comes back after its active router was killed, and nothing goes around it',
} as const satisfies Readonly<Record<string, string>>;

export type CheckId = keyof typeof TITLES;

export const passed = (id: CheckId, detail: string): Check => ({ id, title: TITLES[id], result: 'ok', detail });
export const failed = (id: CheckId, detail: string, packets?: readonly Packet[]): Check => ({
  id,
  title: TITLES[id],
  result: 'failed',
  detail,
  ...(packets && { packets }),
});
export const notTested = (id: CheckId, why: string): Check => ({
  id,
  title: TITLES[id],
  result: 'not tested',
  detail: why,
});

/** Failed with all that is wrong, else passed. */
export function judged(id: CheckId, wrong: readonly string[], detail: string): Check {
  return wrong.length > 0 ? failed(id, wrong.join('; ')) : passed(id, detail);
}
