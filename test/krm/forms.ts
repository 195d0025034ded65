/** One sample of each form that can come in; the same two objects in all of them. */
export const FORMS: Readonly<Record<string, string>> = {
  'a block ResourceList': `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
# the first
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a # short
    namespace: "space"
    annotations:
      config.kubernetes.io/index: '1'
      config.kubernetes.io/path: 'a.yaml'
      internal.config.kubernetes.io/path: 'dir/a.yaml'
  data:
    mode: 0755
    script: |
      ---
      - x
- apiVersion: v1
  kind: Service
  metadata:
    name: b
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: config
results:
- message: before
`,
  'a ResourceList of the first version': `apiVersion: config.kubernetes.io/v1alpha1
kind: ResourceList
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, namespace: space}

    # b comes next
  -
    apiVersion: v1
    kind: Service
    metadata:
      name: 'b'
`,
  'a ResourceList with brackets': `kind: ResourceList
apiVersion: config.kubernetes.io/v1beta1
items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: space}}, # c
  &b {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}}, ]
`,
  'a ResourceList with an anchor and a tag before its items': `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items: &items !!seq # all
- &a
  apiVersion: v1
  kind: ConfigMap
  metadata: &m
    name: a
    namespace: space
  copy: *m
- null
- {
  "apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}
}
`,
  'a ResourceList with braces': `{apiVersion: config.kubernetes.io/v1, kind: ResourceList, items: [
  {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: space}},
  {apiVersion: v1, kind: Service, metadata: {name: b}}
]}
`,
  'a ResourceList with odd keys': `? kind
: ResourceList
? items
: - apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, namespace: space}
  - apiVersion: v1
    kind: Service
    metadata: {name: b}
? "apiVersion"
: config.kubernetes.io/v1
`,
  'a JSON ResourceList': `{
  "apiVersion": "config.kubernetes.io/v1",
  "kind": "ResourceList",
  "items": [
    {
      "apiVersion": "v1",
      "kind": "ConfigMap",
      "metadata": { "name": "a", "namespace": "space" },
      "n": 1.10
    },
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "b"}, "n": 12345678901234567890}
  ]
}
`,
  'a v1 List': `apiVersion: v1
kind: List
metadata:
  resourceVersion: ""
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
    namespace: space
- apiVersion: v1
  kind: Service
  metadata:
    name: b
`,
  'a JSON list of one kind': `{"kind":"ThingList","apiVersion":"v1","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"space"}},{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}]}`,
  'a stream': `# licence
---
# Source: chart
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: space
---
---
apiVersion: v1
kind: Service
metadata:
  name: b
...
`,
  'a stream with directives, CRLF and a byte order mark': `\uFEFF%YAML 1.1\r
--- # first\r
kind: ConfigMap\r
apiVersion: v1\r
metadata:\r
  namespace: space\r
  name: a\r
...\r
---\r
  kind: Service\r
  apiVersion: v1\r
  metadata:\r
    name: b\r
`,
  'a stream of YAML and JSON': `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "space"}}
--- {apiVersion: v1, kind: Service, metadata: {name: b}}
`,
};
