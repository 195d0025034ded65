/** Something that the user can mend on the command line or in the file system. */
export class UsageError extends Error {}
