/** What a link carries. */
export interface Shared {
  readonly text: string;
  /** What a change is compared with, where that is not the text. */
  readonly before?: string;
}

/** The form of the fragment; another form gets another number. */
const FORM = '#1.';
/** The longest text that is unpacked, in bytes: a small link could hold much more. */
const LIMIT = 1_000_000;

/** The fragment of a link: JSON, compressed (RFC 1951), in base64url. A browser sends no fragment to a server. */
export async function fragmentOf(shared: Shared): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(shared)), new CompressionStream('deflate-raw'));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return FORM + text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What a fragment carries; nothing where it is none of ours, or damaged. */
export async function sharedIn(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith(FORM)) return undefined;
  try {
    const packed = atob(fragment.slice(FORM.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(
      Uint8Array.from(packed, (character) => character.charCodeAt(0)),
      new DecompressionStream('deflate-raw'),
    );
    const { text, before } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<keyof Shared, unknown>>;
    if (typeof text !== 'string') return undefined;
    return { text, ...(typeof before === 'string' && { before }) };
  } catch {
    return undefined;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LIMIT) {
      await reader.cancel();
      throw new RangeError(`more than ${LIMIT} bytes`);
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
