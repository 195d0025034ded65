import { decodeBase64 } from './base64.ts';

/** What CNI plugins have given to a pod, as far as it matters. */
export interface Attachment {
  /** The `name` of the CNI configuration. */
  readonly network: string;
  /** The namespace of the pod. */
  readonly namespace: string | undefined;
  /** The pod, for messages. */
  readonly pod: string;
  /** The node's ends, each with its MAC address. */
  readonly ports: readonly { readonly name: string; readonly mac: string }[];
  /** The MAC address of the pod's end, where it is told. */
  readonly mac: string | undefined;
  /** Without a prefix length. */
  readonly addresses: readonly string[];
  /** Whether the MAC address is one that was asked for. */
  readonly isChosen: boolean;
}

/** An entry of libcni's cache: only what is read of it (containernetworking/cni, libcni/api.go, kind cniCacheV1). */
interface Entry {
  readonly ifName: string;
  readonly networkName: string;
  readonly config: string;
  readonly cniArgs?: readonly (readonly [string, string])[] | null;
  readonly result: {
    readonly interfaces?: readonly Interface[] | null;
    readonly ips?: readonly { readonly address: string }[] | null;
  };
}

interface Interface {
  readonly name: string;
  readonly mac?: string | null;
  /** Of an interface in a pod: where its network namespace is. */
  readonly sandbox?: string;
}

/** Reads an entry of libcni's cache; nothing where it is none, or half of one. */
export function parseAttachment(text: string): Attachment | undefined {
  try {
    return attachmentOf(JSON.parse(text) as Entry);
  } catch {
    return undefined;
  }
}

function attachmentOf({ ifName, networkName, config, cniArgs, result }: Entry): Attachment {
  const args = new Map(cniArgs ?? []);
  const [namespace, name] = ['K8S_POD_NAMESPACE', 'K8S_POD_NAME'].map((key) => args.get(key));
  const interfaces = result.interfaces ?? [];
  return {
    network: networkName,
    namespace,
    pod: `${namespace ?? null}/${name ?? null}`,
    ports: interfaces.flatMap(({ sandbox, name: end, mac }) =>
      sandbox ? [] : [{ name: end, mac: (mac ?? '').toLowerCase() }],
    ),
    mac: interfaces.find((each) => each.name === ifName && each.sandbox)?.mac ?? undefined,
    addresses: (result.ips ?? []).map(({ address }) => address.split('/')[0] ?? ''),
    isChosen: asksForMac(JSON.parse(decodeBase64(config))),
  };
}

/** A plugin of a CNI configuration, or the list of them. */
type Plugin = {
  readonly plugins?: readonly Plugin[];
  readonly args?: { readonly cni?: object | null };
} | null;

/** Keys of JSON have no case for the plugins. A configuration is a list of plugins, or one of them alone. */
function asksForMac(config: Plugin): boolean {
  const keys = [config, ...(config?.plugins ?? [])].flatMap((plugin) => Object.keys(plugin?.args?.cni ?? {}));
  return keys.some((key) => /^mac$/i.test(key));
}
