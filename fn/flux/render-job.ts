import type { Reason } from './refusal.ts';

/** What a render thread is told. */
export interface RenderJob {
  /** The archive of the source, digest verified. */
  readonly file: string;
  /** `spec.path`. */
  readonly path: string;
}

/** What was rendered. */
export interface Rendered {
  /** The tar.gz to publish. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `sha256:` with the digest of the bytes. */
  readonly digest: string;
  /** Warnings, one a line. */
  readonly warnings: readonly string[];
}

/** What a render thread answers. */
export type RenderAnswer =
  | { readonly rendered: Rendered }
  | { readonly refusal: { readonly reason: Reason; readonly message: string } };
