const MIB = 1024 * 1024;

/** What one source may take. Each is far beyond what honest manifests need, and all together fit the container's memory. */
export const LIMITS = {
  /** The archive as it is fetched, in bytes. */
  ARCHIVE: 32 * MIB,
  /** The archive unpacked, with what is not read, in bytes. */
  UNPACKED: 256 * MIB,
  /** Files and directories in the archive. */
  ENTRIES: 20_000,
  /** One manifest, in bytes. */
  MANIFEST: 4 * MIB,
  /** All manifests together, in bytes. */
  MANIFESTS: 16 * MIB,
  /** What is rendered, in bytes. */
  RENDERED: 32 * MIB,
  /** The heap of the thread that renders, in MiB. */
  HEAP: 192,
  /** Fetching an archive, in milliseconds. */
  FETCH: 30_000,
  /** Unpacking and rendering, in milliseconds. */
  RENDER: 20_000,
} as const;

/** A number of bytes for people. */
export function mebibytes(bytes: number): string {
  return `${bytes / MIB} MiB`;
}
