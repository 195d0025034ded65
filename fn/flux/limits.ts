const MIB = 1024 * 1024;

/**
 * The limits for one source. Each is far above what real manifests need. Together they fit the
 * memory of the container.
 */
export const LIMITS = {
  /** The archive as it is fetched, in bytes. */
  ARCHIVE: 32 * MIB,
  /** The unpacked archive, including the files that are not read, in bytes. */
  UNPACKED: 256 * MIB,
  /** Files and directories in the archive. */
  ENTRIES: 20_000,
  /** One manifest, in bytes. */
  MANIFEST: 4 * MIB,
  /** All manifests together, in bytes. */
  MANIFESTS: 16 * MIB,
  /** The rendered manifests, in bytes. */
  RENDERED: 32 * MIB,
  /** The heap of the render thread, in MiB. */
  HEAP: 192,
  /** Fetching an archive, in milliseconds. */
  FETCH: 30_000,
  /** Unpacking and rendering, in milliseconds. */
  RENDER: 20_000,
} as const;

/**
 * The limits of our HTTP servers. Clients are in the same cluster, send a request in one packet,
 * and read an archive in a second.
 */
export const SERVER_LIMITS = {
  CONNECTIONS: 128,
  /** Until a request has arrived, from its first byte or from the connection on, in milliseconds. */
  REQUEST: 5000,
  /** Until an answer has been read, in milliseconds. */
  RESPONSE: 60_000,
  /** Between two requests of one connection, in milliseconds. */
  IDLE: 10_000,
  /** The line and the headers of a request, in bytes. */
  HEADERS: 8192,
} as const;

/** A number of bytes as text, in MiB. */
export function mebibytes(bytes: number): string {
  return `${bytes / MIB} MiB`;
}
