import { Agent, request as httpsRequest } from 'node:https';

/** How an API server is reached. */
export interface Access {
  /** `https://` with address and port. */
  readonly url: string;
  /** The certificate that it is trusted by, as PEM. */
  readonly ca: string;
  /** The bearer token of a user. */
  readonly token: string;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The texts of `Warning` headers, which kubectl prints. */
  readonly warnings: readonly string[];
  readonly text: string;
}

export interface Content {
  readonly type: string;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true });

/** Sends one request. Throws where no answer comes. */
export async function request(access: Access, method: string, path: string, content?: Content): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      access.url + path,
      {
        method,
        agent,
        ca: access.ca,
        headers: {
          authorization: `Bearer ${access.token}`,
          accept: 'application/json',
          ...(content !== undefined && { 'content-type': content.type }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            warnings: response.headersDistinct['warning'] ?? [],
            text: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(content?.text);
  });
}
