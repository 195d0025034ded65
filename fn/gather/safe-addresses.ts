import type { Attachment, IPPool } from '../cluster/observation.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../yaml/fields.ts';
import { safeMetadata } from './safe-metadata.ts';

/** What is written of addresses and networks. */
export const ADDRESS = /^[\da-f.:]+(?:\/\d+)?$/i;
const POD = /^[a-z0-9][-a-z0-9.]*\/[a-z0-9][-a-z0-9.]*$/;

/** An attachment with the ranges that it gives addresses of, and nothing else of its configuration. */
export function safeAttachment(attachment: Attachment): Attachment {
  const ipam = listOf(parsed(attachment.spec?.config)['plugins']).map((plugin) => {
    const { type, ipRanges } = fieldsOf(plugin['ipam']);
    const ranges = listOf(ipRanges).map((range) =>
      Object.fromEntries(
        ['range', 'range_start', 'range_end'].map((key) => [key, ADDRESS.test(textOf(range[key])) ? range[key] : '']),
      ),
    );
    return { ipam: { type: type === 'whereabouts' ? type : 'other', ipRanges: ranges } };
  });
  return { metadata: safeMetadata(attachment), spec: { config: JSON.stringify({ plugins: ipam }) } };
}

/** Which addresses of a range are taken, and by which pods. */
export function safePool({ spec, ...pool }: IPPool): IPPool {
  const { range = '', allocations = {} } = spec ?? {};
  const taken = Object.entries(allocations).filter(
    ([offset, { podref = '' }]) => /^\d+$/.test(offset) && POD.test(podref),
  );
  return {
    metadata: safeMetadata(pool),
    spec: {
      ...(ADDRESS.test(range) && { range }),
      allocations: Object.fromEntries(taken.map(([offset, { podref = '' }]) => [offset, { podref }])),
    },
  };
}

export function parsed(text: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}
