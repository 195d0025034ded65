import { object, type Of, oneOf } from './shape.ts';
import { interfaceName, networkLabel, VERSION } from './values.ts';

/** The `config.json` of the clients of a network that answer inbound connections. */
export const INBOUND_CONFIG = object({
  version: oneOf(VERSION),
  network: networkLabel,
  /** The pod's primary interface. */
  interface: interfaceName,
});

export type InboundConfig = Of<typeof INBOUND_CONFIG>;
