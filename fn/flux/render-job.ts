import type { Reason } from './refusal.ts';

/** A job for the render thread. */
export interface RenderJob {
  /** The archive of the source, after its digest was verified. */
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
  /** Warnings, each on one line. */
  readonly warnings: readonly string[];
}

/** The answer of the render thread. */
export type RenderAnswer =
  | { readonly rendered: Rendered }
  | { readonly refusal: { readonly reason: Reason; readonly message: string } };
