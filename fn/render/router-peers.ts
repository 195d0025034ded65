import { type Address, formatAddress } from '../net/address.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';

/** The address that identifies a router to the others: its own address of the first family. */
export function ownAddress({ addresses: [first] }: RouterPlan): Address {
  return first;
}

/** Those of the others. */
export function peerAddresses({ routers }: NetworkPlan, router: RouterPlan): readonly Address[] {
  return routers.filter(({ index }) => index !== router.index).map(ownAddress);
}

/** The environment of the programs that communicate with other routers. */
export function peerEnv(router: RouterPlan): { name: string; value: string }[] {
  return [
    { name: 'ROUTER', value: String(router.index) },
    { name: 'OWN_ADDRESS', value: formatAddress(ownAddress(router)) },
  ];
}
