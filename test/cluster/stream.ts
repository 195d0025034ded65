/** Objects as a stream of documents. JSON is YAML. */
export function stream(manifests: readonly object[]): string {
  return manifests.map((one) => JSON.stringify(one)).join('\n---\n');
}
