// What is used of QuickJS' own modules (https://bellard.org/quickjs/quickjs.html#Standard-library). There they are
// called `std` and `os`; the build takes the prefix off, which tells them from the modules of Node.

declare module 'qjs:std' {
  /** A file as C's stdio has it. */
  export interface File {
    readAsString(): string;
    puts(text: string): void;
    flush(): void;
    seek(offset: number, whence: number): number;
    close(): number;
  }
  export const SEEK_SET: number;
  export const out: File;
  export const err: File;
  export function exit(status: number): never;
  export function getenv(name: string): string | undefined;
  export function getenviron(): Record<string, string>;
  export function open(path: string, flags: string, error?: { errno: number }): File | null;
  export function fdopen(descriptor: number, flags: string): File | null;
}

declare module 'qjs:os' {
  /** [value, errno] */
  type Result<T> = readonly [T, number];
  export interface Status {
    readonly mode: number;
    readonly size: number;
    /** Milliseconds since the epoch. */
    readonly mtime: number;
  }
  export const O_RDONLY: number;
  export const O_RDWR: number;
  export const O_CREAT: number;
  export const O_EXCL: number;
  export const SIGTERM: number;
  export const SIGINT: number;
  export const WNOHANG: number;
  export const S_IFMT: number;
  export const S_IFCHR: number;
  export const S_IFDIR: number;
  export const S_IFIFO: number;
  export const S_IFREG: number;
  /** Milliseconds of a clock that nobody turns back. */
  export function now(): number;
  export function open(path: string, flags: number, mode?: number): number;
  export function close(descriptor: number): number;
  export function read(descriptor: number, buffer: ArrayBuffer, offset: number, length: number): number;
  export function pipe(): readonly [number, number] | null;
  export function mkdir(path: string, mode?: number): number;
  export function rename(from: string, to: string): number;
  export function remove(path: string): number;
  export function realpath(path: string): Result<string>;
  export function readdir(path: string): Result<string[]>;
  export function stat(path: string): Result<Status>;
  export function getpid(): number;
  export function kill(pid: number, signal: number): number;
  /** [pid, status]; the pid is 0 where none has ended. */
  export function waitpid(pid: number, options: number): Result<number>;
  export function signal(signal: number, handler: (() => void) | null | undefined): void;
  export function setReadHandler(descriptor: number, handler: (() => void) | null): void;
  export function setTimeout(handler: () => void, milliseconds: number): unknown;
  export function clearTimeout(timer: unknown): void;
  export function exec(
    args: readonly string[],
    options?: {
      readonly block?: boolean;
      readonly stdin?: number;
      readonly stdout?: number;
      readonly stderr?: number;
      readonly env?: Readonly<Record<string, string>>;
    },
  ): number;
}

/** The arguments of the program, its own path first. */
declare const scriptArgs: readonly string[];
