/** A workload that networks of these tests may choose. */
export const CLIENT: string = `apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: apps}
spec:
  replicas: 1
  selector: {matchLabels: {app: client}}
  template:
    metadata: {labels: {app: client}}
    spec: {containers: [{name: client, image: "client:1.0"}]}
`;
