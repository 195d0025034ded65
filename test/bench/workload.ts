const HEADER = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n';

/** One GatewayNetwork as an item of a ResourceList; each number gives another subnet, VNI and name. */
export function network(number: number): string {
  return `- apiVersion: gatewaynetwork.dev/v1alpha1
  kind: GatewayNetwork
  metadata:
    name: network-${number}
    namespace: egress
  spec:
    subnets:
    - 10.${number >> 8}.${number & 255}.0/24
    overlay:
      vni: ${5000 + number}
    clients:
    - selector:
        matchLabels:
          egress: network-${number}
`;
}

/** A Deployment of some 580 bytes, as kustomize sends it. */
function deployment(number: number): string {
  return `- apiVersion: apps/v1
  kind: Deployment
  metadata:
    annotations:
      config.kubernetes.io/index: '${number}'
      internal.config.kubernetes.io/index: '${number}'
    name: web-${number}
    namespace: team-${number % 50}
  spec:
    replicas: 2
    selector:
      matchLabels:
        app: web-${number}
    template:
      metadata:
        labels:
          app: web-${number}
      spec:
        containers:
        - env:
          - name: MODE
            value: "0755"
          image: registry.example.com/team/web:1.${number}
          name: web
          ports:
          - containerPort: 8080
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
`;
}

export function networks(count: number): string {
  return HEADER + Array.from({ length: count }, (_, number) => network(number)).join('');
}

/** Foreign Deployments, and one network. */
export function foreign(count: number): string {
  return HEADER + network(0) + Array.from({ length: count }, (_, number) => deployment(number)).join('');
}
