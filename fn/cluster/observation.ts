import type {
  CoreV1Event,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1LabelSelector,
  V1ObjectMeta,
  V1Pod,
} from '@kubernetes/client-node';

/** What an API server has of any object. */
export interface Named {
  readonly metadata?: V1ObjectMeta;
}

/** A NetworkAttachmentDefinition, with the configuration of its CNI plugins. */
export interface Attachment extends Named {
  readonly spec?: { readonly config?: string };
}

/** An IPPool of whereabouts: by the offset in its range, which pod has an address, as NAMESPACE/NAME. */
export interface IPPool extends Named {
  readonly spec?: {
    readonly range?: string;
    readonly allocations?: Readonly<Record<string, { readonly podref?: string }>>;
  };
}

/** A MutatingAdmissionPolicy, with the fields that say which pods it changes. */
export interface Policy extends Named {
  readonly spec?: {
    readonly matchConstraints?: {
      readonly namespaceSelector?: V1LabelSelector;
      readonly objectSelector?: V1LabelSelector;
    };
  };
}

/** What a router's keepalived has logged last, each line after its time. */
export interface Log {
  /** The router's pod. */
  readonly namespace: string;
  readonly pod: string;
  readonly text: string;
}

/** What the cluster has of gateway networks, as the API server gives it. */
export interface Observation {
  /** The address of the API server. */
  readonly server: string;
  readonly daemonSets: readonly V1DaemonSet[];
  readonly deployments: readonly V1Deployment[];
  readonly configMaps: readonly V1ConfigMap[];
  readonly attachments: readonly Attachment[];
  readonly ipPools: readonly IPPool[];
  readonly policies: readonly Policy[];
  readonly namespaces: readonly Named[];
  /** Agents and routers. */
  readonly pods: readonly V1Pod[];
  /** All pods of the cluster that run and are not on the host's network, by their metadata alone. */
  readonly running: readonly Named[];
  /** All pods of the cluster that do not run yet. */
  readonly pending: readonly V1Pod[];
  /** Failed probes, and pods that could not be made. */
  readonly events: readonly CoreV1Event[];
  readonly logs: readonly Log[];
}

/** Which cluster is asked, and for what. */
export interface Question {
  /** A kubeconfig; where none is given, those that kubectl would take. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The name of the network; where none is given, all networks. */
  readonly network?: string;
}

/** What a cluster has answered, or why it could not be asked, in one sentence. */
export type Answer = { readonly observation: Observation } | { readonly refusal: string };
