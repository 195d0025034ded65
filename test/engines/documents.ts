import { parse } from 'yaml';

/** What the tests read of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
}

/** The texts of the documents of a stream as kustomize and the function print it: `---` on lines of their own. */
export function documentsOf(stream: string): readonly string[] {
  return stream
    .split(/^---\n/m)
    .map((text) => text.trimEnd())
    .filter((text) => text !== '');
}

/** The documents of a stream, parsed. */
export function manifestsOf(stream: string): readonly Manifest[] {
  return documentsOf(stream).map((text) => parse(text) as Manifest);
}

/** The manifests of a kind. */
export function ofKind(manifests: readonly Manifest[], kind: string): readonly Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}
