import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { LIMITS, mebibytes } from './limits.ts';
import { messageOf, Refusal } from './refusal.ts';
import type { SourceArtifact } from './source.ts';

/**
 * The digest algorithms of the OCI image specification that Node supports, with their number of
 * hexadecimal digits.
 */
const ALGORITHMS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** How long a server may send nothing, in milliseconds. */
const SILENCE = 10_000;

export interface FetchLimits {
  /** In bytes. */
  readonly size: number;
  /** In milliseconds. */
  readonly time: number;
}

/**
 * Writes the archive of a source to a file, and verifies its digest. After an error the file must
 * not be used.
 * @throws {@link Refusal}: transient for faults of the server, permanent for a digest that cannot
 * be checked
 */
export async function fetchArchive(
  { url, digest }: SourceArtifact,
  file: string,
  limits: FetchLimits = { size: LIMITS.ARCHIVE, time: LIMITS.FETCH },
): Promise<void> {
  const [algorithm = '', expected = ''] = digest.split(':');
  if (ALGORITHMS[algorithm] !== expected.length) {
    const known = Object.keys(ALGORITHMS).join(', ');
    throw new Refusal(
      'VerificationFailed',
      `the source's digest is "${digest}" and must be one of ${known}, with its hexadecimal digits`,
    );
  }
  const hash = createHash(algorithm);
  const meter = sizeLimit(limits.size, url);
  try {
    const { statusCode, body } = await request(location(url), {
      signal: AbortSignal.timeout(limits.time),
      headersTimeout: SILENCE,
      bodyTimeout: SILENCE,
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new Refusal('FetchFailed', `GET ${url}: status ${statusCode}, and must be 200`, true);
    }
    await pipeline(body, meter, tee(hash), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('FetchFailed', `GET ${url}: ${messageOf(error)}`, true);
  }
  const actual = hash.digest('hex');
  if (actual === expected) return;
  throw new Refusal(
    'VerificationFailed',
    `GET ${url}: the digest of the response is ${algorithm}:${actual}, and must be ${digest}`,
    true,
  );
}

function location(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed !== null && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new Refusal('FetchFailed', `the source's artifact is at "${url}", which must be an HTTP URL`);
}

function sizeLimit(limit: number, url: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size <= limit) done(null, chunk);
      else done(new Refusal('FetchFailed', `GET ${url}: the archive must not be larger than ${mebibytes(limit)}`));
    },
  });
}

function tee(hash: { update(chunk: Uint8Array): unknown }): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}
