import type { RenderObject } from './objects.ts';
import { RENDER_API_VERSION, RENDER_KIND } from './paths.ts';

/** The maximum length of the message of an event (Kubernetes core/v1, Event). */
const MESSAGE_LENGTH = 1024;

/** A Kubernetes event about an object, to be created in its namespace. */
export function eventAbout(
  { metadata: { namespace, name, uid, resourceVersion } }: RenderObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  now: Date,
): object {
  const time = now.toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, generateName: `${name.slice(0, 200)}.` },
    involvedObject: { apiVersion: RENDER_API_VERSION, kind: RENDER_KIND, namespace, name, uid, resourceVersion },
    type,
    reason,
    message: message.slice(0, MESSAGE_LENGTH),
    source: { component: 'gateway-network-flux' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
