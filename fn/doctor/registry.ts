import type { Check } from './check.ts';
import { clusterCidrs } from './checks/cluster-cidrs.ts';
import { clusterDomain } from './checks/cluster-domain.ts';
import { cniPlugins } from './checks/cni-plugins.ts';
import { firstConfiguration } from './checks/first-configuration.ts';
import { images } from './checks/images.ts';
import { kubernetes } from './checks/kubernetes.ts';
import { mtu } from './checks/mtu.ts';
import { multus } from './checks/multus.ts';
import { multusFolders } from './checks/multus-folders.ts';
import { namespaceIsolation } from './checks/namespace-isolation.ts';
import { networkPolicies } from './checks/network-policies.ts';
import { nodes } from './checks/nodes.ts';
import { priorityClasses } from './checks/priority-classes.ts';
import { privileged } from './checks/privileged.ts';
import { secrets } from './checks/secrets.ts';
import { subnets } from './checks/subnets.ts';
import { sysctls } from './checks/sysctls.ts';
import { tunnel } from './checks/tunnel.ts';
import { vxlan } from './checks/vxlan.ts';
import { whereabouts } from './checks/whereabouts.ts';

/** All checks, in the order in which they are told. */
export const CHECKS: readonly Check[] = [
  kubernetes,
  multus,
  firstConfiguration,
  multusFolders,
  namespaceIsolation,
  cniPlugins,
  whereabouts,
  clusterCidrs,
  subnets,
  vxlan,
  mtu,
  nodes,
  privileged,
  priorityClasses,
  sysctls,
  secrets,
  images,
  tunnel,
  clusterDomain,
  networkPolicies,
];
