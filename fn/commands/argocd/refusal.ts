import { UsageError } from '../../files/usage-error.ts';

/** Something in the repository that this plugin does not read or run. The message is for its author. */
export class Refusal extends UsageError {}
