/**
 * What an API server always has of an object, so that the types of its client say that it is there: where an answer
 * lacks it, or has something of another type, it is empty.
 */
interface Form {
  /** These are there. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** Objects, where they are there. */
  readonly fields?: Readonly<Record<string, Form>>;
  /** Lists of objects, where they are there. */
  readonly lists?: Readonly<Record<string, Form>>;
}

const NAMED: Form = { always: { name: '' } };
const VOLUME: Form = {
  ...NAMED,
  fields: { hostPath: { always: { path: '' } }, configMap: {}, secret: {}, projected: { lists: { sources: {} } } },
};
const CONTAINER: Form = { ...NAMED, lists: { env: {}, envFrom: {} } };
const POD_SPEC: Form = {
  always: { containers: [] },
  lists: { containers: CONTAINER, initContainers: CONTAINER, volumes: VOLUME, imagePullSecrets: {}, tolerations: {} },
};
const TEMPLATE: Form = { fields: { metadata: {}, spec: POD_SPEC } };
const STATUS: Form = { lists: { conditions: {} } };
const WORKLOAD: Form = {
  fields: {
    spec: { always: { template: {}, selector: {} }, fields: { template: TEMPLATE, selector: {} } },
    status: STATUS,
  },
};

/** By the resource of the REST API. */
const FORMS: Readonly<Record<string, Form>> = {
  daemonsets: WORKLOAD,
  deployments: WORKLOAD,
  events: { always: { involvedObject: {} } },
  nodes: {
    fields: {
      spec: { lists: { taints: { always: { key: '', effect: '' } } } },
      status: {
        fields: { nodeInfo: { always: { osImage: '' } } },
        lists: { addresses: { always: { type: '', address: '' } }, conditions: {}, images: {} },
      },
    },
  },
  pods: {
    fields: {
      spec: POD_SPEC,
      status: { lists: { conditions: {}, containerStatuses: NAMED, initContainerStatuses: NAMED, podIPs: {} } },
    },
  },
  rolebindings: { always: { roleRef: { name: '' } }, lists: { subjects: NAMED } },
};

type Fields = Readonly<Record<string, unknown>>;

/** An object of a list whose path is that of the REST API, with all that its type says. */
export function complete(path: string, object: unknown): Fields {
  const { always, fields, lists } = FORMS[path.slice(path.lastIndexOf('/') + 1)] ?? {};
  const metadata: Form = { fields: { labels: {}, annotations: {} } };
  return shaped(object, {
    always: { metadata: {}, ...always },
    fields: { metadata, ...fields },
    ...(lists && { lists }),
  });
}

function shaped(value: unknown, { always = {}, fields = {}, lists = {} }: Form): Fields {
  const given = isObject(value) ? value : {};
  const fit = Object.entries(given).flatMap(([key, inner]): (readonly [string, unknown])[] => {
    const [form, element] = [fields[key], lists[key]];
    if (form !== undefined) return isObject(inner) ? [[key, shaped(inner, form)]] : [];
    if (element !== undefined) return Array.isArray(inner) ? [[key, inner.map((one) => shaped(one, element))]] : [];
    return typeof always[key] === 'string' && typeof inner !== 'string' ? [] : [[key, inner]];
  });
  const missing = Object.entries(always).map(([key, empty]) => [key, emptyOf(empty, fields[key])] as const);
  return { ...Object.fromEntries(missing), ...Object.fromEntries(fit) };
}

function emptyOf(empty: unknown, form: Form | undefined): unknown {
  return isObject(empty) && form !== undefined ? shaped(empty, form) : empty;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
