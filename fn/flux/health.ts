import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';

/**
 * Answers /healthz while the process runs, /readyz while consumers can fetch artifacts from this
 * replica, and /metrics.
 */
export function serveHealth(registry: Registry, isReady: () => boolean): RequestListener {
  return ({ url = '' }, response) => {
    switch (url.replace(/\?.*$/, '')) {
      case '/healthz':
        response.writeHead(200).end('ok\n');
        break;
      case '/readyz':
        if (isReady()) response.writeHead(200).end('ok\n');
        else response.writeHead(503).end('not the leader, or not every object has been reconciled\n');
        break;
      case '/metrics':
        registry.metrics().then(
          (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
          () => response.writeHead(500).end(),
        );
        break;
      default:
        response.writeHead(404).end();
    }
  };
}
