/**
 * What a program says of itself: `gateway-network node-agent report` and `gateway-network router report` print it as
 * JSON, on one line.
 */
export interface ProgramReport {
  /** As its readiness probe has it: `ready`, then what is worth knowing; or `not ready: ` and why. */
  readonly state: string;
  /** The fingerprint of the configuration that it runs. */
  readonly configuration?: string;
  /** How many packets its rules have dropped since they were loaded, by the reason; none where that is zero. */
  readonly drops: Readonly<Record<string, number>>;
  /** Of an agent: to how many other nodes it sends flooded frames. Nothing where that is a multicast group. */
  readonly peers?: number;
  /** Of a router: by which interface clients leave its pod, and as which address of each family that it has there. */
  readonly egress?: { readonly interface: string; readonly addresses: readonly string[] };
  /** Of a router with a WireGuard tunnel: how many seconds ago the latest handshake was. */
  readonly handshakeAge?: number;
}
