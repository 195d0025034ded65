/** The version of the package, put in place when it is bundled. */
declare const __VERSION__: string;
