import { UsageError } from '../../files/usage-error.ts';

/** What a repository holds and this plugin will not read or run, in words for the user who put it there. */
export class Refusal extends UsageError {}
