import { formatAddress, parseAddress } from '../../net/address.ts';
import { AGENT_CONFIG, type AgentConfig, checkTogether, LIVE_AGENT_KEYS } from '../config/agent-config.ts';
import { Misfit } from '../config/shape.ts';
import { name } from '../config/values.ts';
import { CONFIG_DIR, type Configuration, configurationReader } from '../configuration.ts';
import { variable } from '../system/process.ts';
import type { Names } from './names.ts';

/** What the agent is told: by its configuration and its environment. */
export interface Settings {
  readonly config: AgentConfig;
  readonly rules: string;
  /** Of the configuration: see {@link Configuration}. */
  readonly fingerprint: string;
  readonly names: Names;
  /** The group of the network's ports, as ip(8) writes it. */
  readonly portGroup: string;
  /** The node's address as Kubernetes knows it; nothing without an overlay. */
  readonly hostIp: string;
  readonly namespace: string;
}

/** The latest settings that could be used, and why those of the ConfigMap cannot be. */
export interface SettingsReading {
  readonly settings: Settings | undefined;
  readonly fault: string | undefined;
}

/** Reads the settings again where the ConfigMap is another than before. */
export function settingsReader(): () => SettingsReading {
  const read = configurationReader(AGENT_CONFIG);
  let seen: Configuration<AgentConfig> | undefined;
  let reading: SettingsReading = { settings: undefined, fault: undefined };
  return () => {
    const { configuration, fault } = read();
    if (configuration !== undefined && configuration !== seen) {
      seen = configuration;
      reading = next(reading.settings, configuration);
    }
    return fault === undefined ? reading : { ...reading, fault };
  };
}

function next(before: Settings | undefined, configuration: Configuration<AgentConfig>): SettingsReading {
  try {
    const settings = settingsOf(configuration);
    const changed = before && fixedChange(before.config, settings.config);
    if (changed === undefined) return { settings, fault: undefined };
    return { settings: before, fault: `config.json: ${changed} is another now, which takes a new agent` };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { settings: before, fault: error.message };
  }
}

/** What has changed of that which the links of a running agent cannot follow. */
export function fixedChange(before: AgentConfig, after: AgentConfig): string | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof AgentConfig)[]);
  return [...keys].find(
    (key) => !LIVE_AGENT_KEYS.includes(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/**
 * Addresses are as the kernel writes them, so that they can be compared with what it shows.
 *
 * @throws Misfit that says in one line what cannot be used
 */
function settingsOf({ config, files, fingerprint }: Configuration<AgentConfig>): Settings {
  checkTogether(config);
  const pod = podName('POD_NAME', "the name of the agent's pod");
  const namespace = podName('POD_NAMESPACE', "the namespace of the agent's pod");
  const hostIp = variable('HOST_IP') ?? '';
  const host = parseAddress(hostIp);
  if (config.overlay !== undefined && host === undefined) {
    throw new Misfit(`HOST_IP must be the node's IP address, but is '${hostIp}'`);
  }
  const rules = files.get('rules.nft');
  if (rules === undefined) throw new Misfit(`rules.nft cannot be read in ${CONFIG_DIR}`);
  // Not the namespace of the configuration: what was rendered without one, or was moved, is alike in all namespaces.
  const released = `gateway-network ${namespace}/${config.network.replace(/^.*\//, '')}`;
  const { bridge, entry, overlay, peers } = config;
  return {
    config: {
      ...config,
      ...(peers && { peers: peers.map(canonical) }),
      ...(overlay && { overlay: withGroup(overlay) }),
    },
    rules,
    fingerprint,
    names: { bridge, entry, vxlan: overlay?.device, released, mark: `${released} ${pod}`, pod },
    portGroup: String(config.portGroup),
    hostIp: host === undefined ? hostIp : formatAddress(host),
    namespace,
  };
}

function withGroup(overlay: NonNullable<AgentConfig['overlay']>): NonNullable<AgentConfig['overlay']> {
  const { flooding } = overlay;
  if (flooding.type !== 'Multicast') return overlay;
  return { ...overlay, flooding: { ...flooding, group: canonical(flooding.group) } };
}

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

function podName(key: string, what: string): string {
  const value = variable(key) ?? '';
  try {
    return name.check(value, key);
  } catch {
    throw new Misfit(`${key} must be ${what}, ${name.must}, but is '${value}'`);
  }
}
