import type { Problem } from './problem.ts';

/**
 * A result of the KRM Functions Specification (v1). `resourceRef` has the name beside the kind, not
 * in `metadata`.
 */
export interface Result {
  readonly message: string;
  readonly severity: Problem['severity'];
  readonly resourceRef?: Problem['ref'];
  readonly field?: Problem['field'];
  readonly file?: Problem['file'];
  readonly tags: { readonly code: string };
}

/** A problem in the form of the specification. */
export function resultOf({ code, message, severity, ref, field, file }: Problem): Result {
  return {
    message,
    severity,
    ...(ref && { resourceRef: ref }),
    ...(field && { field }),
    ...(file && { file }),
    tags: { code },
  };
}
