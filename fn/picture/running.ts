import type { NetworkStatus, Router } from '../status/network-status.ts';
import type { NetworkPicture } from './network-picture.ts';

/** The picture of a network with the clients and routers that run, as `status` tells them. */
export function running(picture: NetworkPicture, { clients, absent, routers }: NetworkStatus): NetworkPicture {
  const namespaces = [...new Set(clients.map(({ namespace }) => namespace))].toSorted();
  const attached = namespaces.map((name) => {
    const count = clients.filter(({ namespace }) => namespace === name).length;
    return `${count} ${count === 1 ? 'pod' : 'pods'} in ${name}`;
  });
  const missing = absent.length === 0 ? [] : [`${absent.length} not attached`];
  return { ...picture, clients: [...attached, ...missing], routers: routers.map(routerText) };
}

function routerText({ name, active, pods }: Router): string {
  const pod = pods.find(({ ready }) => ready) ?? pods[0];
  const state = pod?.ready !== true ? 'not ready' : active === false ? 'standby' : active === true ? 'active' : 'ready';
  return [name, ...(pod?.node === undefined ? [] : [`on ${pod.node}`]), `(${state})`].join(' ');
}
