/** The addresses of the pod's interfaces: lines of `INTERFACE ADDRESS/LENGTH`. */
export type Addresses = ReadonlySet<string>;

export function line(device: string, address: string): string {
  return `${device} ${address}`;
}

/** Reads what `ip -j addr show` prints. */
export function readAddresses(links: unknown): Addresses {
  const found = (links ?? []) as readonly {
    readonly ifname: string;
    readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
  }[];
  return new Set(
    found.flatMap(({ ifname, addr_info }) =>
      addr_info.map(({ local, prefixlen }) => line(ifname, `${local}/${prefixlen}`)),
    ),
  );
}
