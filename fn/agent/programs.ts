import answer from './answer.sh' with { type: 'text' };
import attachment from './attachment.sh' with { type: 'text' };
import charge from './charge.sh' with { type: 'text' };
import connections from './connections.sh' with { type: 'text' };
import egress from './egress.sh' with { type: 'text' };
import events from './events.sh' with { type: 'text' };
import identities from './identities.sh' with { type: 'text' };
import identitiesFilter from './identities.jq' with { type: 'text' };
import inbound from './inbound.sh' with { type: 'text' };
import iptables from './iptables.sh' with { type: 'text' };
import links from './links.sh' with { type: 'text' };
import metrics from './metrics.sh' with { type: 'text' };
import nodeAgent from './node-agent.sh' with { type: 'text' };
import overlay from './overlay.sh' with { type: 'text' };
import ownAddress from './own-address.sh' with { type: 'text' };
import peers from './peers.sh' with { type: 'text' };
import ports from './ports.sh' with { type: 'text' };
import resolver from './resolver.sh' with { type: 'text' };
import router from './router.sh' with { type: 'text' };
import routerMetrics from './router-metrics.sh' with { type: 'text' };
import routerValues from './router-values.sh' with { type: 'text' };
import rules from './rules.sh' with { type: 'text' };
import status from './status.sh' with { type: 'text' };
import values from './values.sh' with { type: 'text' };
import vrrp from './vrrp.sh' with { type: 'text' };
import vxlan from './vxlan.sh' with { type: 'text' };
import wireguard from './wireguard.sh' with { type: 'text' };
import wireguardConfig from './wireguard-config.sh' with { type: 'text' };
import wireguardDevice from './wireguard-device.sh' with { type: 'text' };

/** A program that runs in the cluster: its files, which lie in one directory, and the one that is started. */
export interface ProgramFiles {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

export const NODE_AGENT: ProgramFiles = {
  entry: 'node-agent.sh',
  files: {
    'node-agent.sh': nodeAgent,
    'status.sh': status,
    'values.sh': values,
    'links.sh': links,
    'ports.sh': ports,
    'answer.sh': answer,
    'identities.sh': identities,
    'identities.jq': identitiesFilter,
    'vxlan.sh': vxlan,
    'peers.sh': peers,
    'rules.sh': rules,
    'overlay.sh': overlay,
    'iptables.sh': iptables,
    'charge.sh': charge,
    'metrics.sh': metrics,
    'events.sh': events,
  },
};

export const ROUTER: ProgramFiles = {
  entry: 'router.sh',
  files: {
    'router.sh': router,
    'status.sh': status,
    'router-values.sh': routerValues,
    'attachment.sh': attachment,
    'egress.sh': egress,
    'router-metrics.sh': routerMetrics,
  },
};

/** Its file beside those of {@link ROUTER}, one of which it reads. */
export const RESOLVER: ProgramFiles = { entry: 'resolver.sh', files: { 'resolver.sh': resolver } };

/** Beside the router's own, whose `status.sh` it shares. */
export const WIREGUARD: ProgramFiles = {
  entry: 'wireguard.sh',
  files: {
    'wireguard.sh': wireguard,
    'wireguard-config.sh': wireguardConfig,
    'wireguard-device.sh': wireguardDevice,
  },
};

export const INBOUND: ProgramFiles = { entry: 'inbound.sh', files: { 'inbound.sh': inbound } };

/** Beside the router's program, whose parts it shares: what moves the gateway's addresses between several routers. */
export const VRRP: ProgramFiles = {
  entry: 'vrrp.sh',
  files: { 'vrrp.sh': vrrp, 'own-address.sh': ownAddress },
};

/** Likewise: what tells the other router of connections. */
export const CONNECTIONS: ProgramFiles = {
  entry: 'connections.sh',
  files: { 'connections.sh': connections, 'own-address.sh': ownAddress },
};
