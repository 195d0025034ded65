/** An example of the repository, as one text. */
export interface Example {
  /** The name of its folder. */
  readonly name: string;
  readonly text: string;
}

declare const __EXAMPLES__: readonly Example[];

/** The examples that are plain manifests; the build puts them here. */
export const EXAMPLES = __EXAMPLES__;
