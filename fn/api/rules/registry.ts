import { admission } from './admission.ts';
import { clientAddresses } from './client-addresses.ts';
import { clients } from './clients.ts';
import { clusterCidrs } from './cluster-cidrs.ts';
import { egressAddresses } from './egress-addresses.ts';
import { egressNetwork } from './egress-network.ts';
import { firewall } from './firewall.ts';
import { flooding } from './flooding.ts';
import { gatewayAddresses } from './gateway-addresses.ts';
import { healthCheck } from './health-check.ts';
import { images } from './images.ts';
import { interfaceNames } from './interface-names.ts';
import { ipam } from './ipam.ts';
import { monitoring } from './monitoring.ts';
import { mtu } from './mtu.ts';
import { nodeNetworkOperator } from './node-network-operator.ts';
import { port } from './port.ts';
import { portForwards } from './port-forwards.ts';
import { replicas } from './replicas.ts';
import { reserved } from './reserved.ts';
import { resolver } from './resolver.ts';
import { resources } from './resources.ts';
import type { Rule } from './rule.ts';
import { selectors } from './selectors.ts';
import { subnetOverlaps } from './subnet-overlaps.ts';
import { subnets } from './subnets.ts';
import { tolerations } from './tolerations.ts';
import { unions } from './unions.ts';
import { vni } from './vni.ts';
import { vpn } from './vpn.ts';
import { vpnContainer } from './vpn-container.ts';
import { vpnContainerTypes } from './vpn-container-types.ts';
import { wireGuardSecrets } from './wire-guard-secrets.ts';

/** All rules. A network's faults are reported in this order, behind those of the schema. */
export const RULES: readonly Rule[] = [
  subnets,
  subnetOverlaps,
  gatewayAddresses,
  reserved,
  mtu,
  vni,
  port,
  unions,
  flooding,
  interfaceNames,
  selectors,
  clients,
  admission,
  clientAddresses,
  tolerations,
  nodeNetworkOperator,
  resources,
  replicas,
  portForwards,
  resolver,
  egressNetwork,
  egressAddresses,
  healthCheck,
  firewall,
  ipam,
  clusterCidrs,
  vpn,
  wireGuardSecrets,
  vpnContainer,
  vpnContainerTypes,
  monitoring,
  images,
];
