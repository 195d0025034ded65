/** The router's interface on the network; the Multus annotation asks for this name. */
export const OVERLAY_INTERFACE = 'net1';
/** The router's interface on the cluster's network; the container runtime names it so. */
export const EGRESS_INTERFACE = 'eth0';
