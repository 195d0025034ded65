/** An error that the user can fix on the command line or in the file system. */
export class UsageError extends Error {}
