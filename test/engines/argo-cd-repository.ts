/** A network of an application. */
export const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn}
spec:
  subnets: [192.168.50.0/24]
  overlay: {vni: 1000}
  clients:
  - selector: {matchLabels: {egress: vpn}}
    namespaces: [apps]
`;
/** A client of it, in a file below. */
export const CLIENT = `apiVersion: v1
kind: Pod
metadata: {name: client, labels: {egress: vpn}} # a client
spec: {containers: [{name: a, image: "a:1"}]}
`;
export const REPOSITORY = { 'app/gateway-network.yaml': NETWORK, 'app/deep/pod.yml': CLIENT };
