/** The signature of a program of macOS: where the file says that it is. */
export interface Signature {
  /** Offset of the load command that names it, and that command's length. */
  readonly command: number;
  readonly commandLength: number;
  /** Offset of its bytes, which are the last of the file. */
  readonly offset: number;
}

const MAGIC = 0xfe_ed_fa_cf;
const HEADER_LENGTH = 32;
const SEGMENT = 0x19;
const CODE_SIGNATURE = 0x1d;
/** Of what a segment holds, in its load command. */
const [FILE_OFFSET, FILE_SIZE] = [40, 48];

/** The signature of a 64-bit Mach-O file; none where it has none. */
export function signatureOf(file: Buffer): Signature | undefined {
  const found = commandsOf(file).find(({ kind }) => kind === CODE_SIGNATURE);
  if (found === undefined) return undefined;
  return { command: found.at, commandLength: found.length, offset: file.readUInt32LE(found.at + 8) };
}

/**
 * A program of macOS without its signature. Bun signs what it compiles for arm64, where macOS asks for that; for x64 it
 * leaves its own signature, which no longer fits, and for which macOS may end the program.
 */
export function withoutSignature(file: Buffer): Buffer {
  const signature = signatureOf(file);
  if (signature === undefined) return file;
  const { command, commandLength, offset } = signature;
  const left = Buffer.from(file.subarray(0, offset));
  const end = HEADER_LENGTH + file.readUInt32LE(20);
  left.copy(left, command, command + commandLength, end);
  left.fill(0, end - commandLength, end);
  left.writeUInt32LE(file.readUInt32LE(16) - 1, 16);
  left.writeUInt32LE(file.readUInt32LE(20) - commandLength, 20);
  // The last segment, __LINKEDIT, ends with the file.
  const segment = lastSegment(left);
  left.writeBigUInt64LE(BigInt(offset) - left.readBigUInt64LE(segment + FILE_OFFSET), segment + FILE_SIZE);
  return left;
}

/** Where the last segment of a program ends in its file. */
export function endOfLastSegment(file: Buffer): number {
  const segment = lastSegment(file);
  return Number(file.readBigUInt64LE(segment + FILE_OFFSET) + file.readBigUInt64LE(segment + FILE_SIZE));
}

/** The offset of the load command of the last segment. */
function lastSegment(file: Buffer): number {
  const segment = commandsOf(file).findLast(({ kind }) => kind === SEGMENT);
  if (segment === undefined) throw new Error('a program of macOS has no segment');
  return segment.at;
}

/** The load commands: their kinds, offsets and lengths. */
function commandsOf(file: Buffer): readonly { readonly kind: number; readonly at: number; readonly length: number }[] {
  if (file.readUInt32LE(0) !== MAGIC) throw new Error('this is no 64-bit program of macOS');
  let at = HEADER_LENGTH;
  return Array.from({ length: file.readUInt32LE(16) }, () => {
    const command = { kind: file.readUInt32LE(at), at, length: file.readUInt32LE(at + 4) };
    at += command.length;
    return command;
  });
}
