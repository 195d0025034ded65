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

/** The limits of our HTTP servers. Clients are in the same cluster, send a request in one packet, and read an archive in a second. */
export const SERVER_LIMITS = {
  CONNECTIONS: 128,
  /** Until a request has come, from its first byte or from the connection on, in milliseconds. */
  REQUEST: 5000,
  /** Until an answer is taken, in milliseconds. */
  RESPONSE: 60_000,
  /** Between two requests of one connection, in milliseconds. */
  IDLE: 10_000,
  /** The line and the headers of a request, in bytes. */
  HEADERS: 8192,
} as const;

/** A number of bytes for people. */
export function mebibytes(bytes: number): string {
  return `${bytes / MIB} MiB`;
}
