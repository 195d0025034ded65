import type { Candidate } from '../api/validate.ts';
import { API_GROUP, isNetwork } from '../marks.ts';
import { refOf } from '../krm/identity.ts';
import type { Input } from '../krm/input.ts';
import { fileOf, identityOf, keyOf, type Item, ItemUnreadable, mentions, strictValueOf } from '../krm/item.ts';
import { LIMITS } from '../yaml/limits.ts';
import { hasErrors, type Problem } from '../krm/problem.ts';
import { mentionedAt } from './mentioned.ts';
import { misspelledNetwork } from './misspelled-networks.ts';

/** A candidate for a GatewayNetwork, and its item. */
export interface FoundNetwork extends Candidate {
  readonly item: Item;
}

export interface Found {
  readonly candidates: readonly FoundNetwork[];
  readonly problems: readonly Problem[];
}

/**
 * The GatewayNetworks of the items and the functionConfig. kustomize passes a generator its configuration in both
 * places, and kpt may, too. The one among the items counts, because other functions have changed it.
 */
export function findNetworks(input: Input, unreadable: readonly Problem[]): Found {
  const { items, functionConfig } = input;
  const found = items.filter(isOne);
  const known = new Set(found.map(keyOf));
  if (functionConfig !== undefined && isOne(functionConfig) && !known.has(keyOf(functionConfig))) {
    found.push(functionConfig);
  }
  const others = functionConfig === undefined ? items : [...items, functionConfig];
  const problems = others.flatMap((item) => misspelledNetwork(item) ?? []);
  if (found.length === 0) {
    // What could not be read at all was not empty, and what is no object is spoken of by itself.
    const isLost = (items.length === 0 && hasErrors(unreadable)) || items.some(isHalfOne);
    return { candidates: [], problems: problems.length > 0 || isLost ? problems : [nothingFound(input)] };
  }
  if (found.length > LIMITS.NETWORKS) return { candidates: [], problems: [tooMany(found.length)] };
  const candidates: FoundNetwork[] = [];
  for (const item of found) {
    try {
      candidates.push({ item, value: strictValueOf(item), file: fileOf(item) });
    } catch (error) {
      if (!(error instanceof ItemUnreadable)) throw error;
      problems.push(unreadableNetwork(item, error));
    }
  }
  return { candidates, problems };
}

function unreadableNetwork(item: Item, { message }: ItemUnreadable): Problem {
  const [file, identity] = [fileOf(item), identityOf(item)];
  return {
    code: 'UnreadableInput',
    severity: 'error',
    message,
    ...(identity !== undefined && { ref: refOf(identity) }),
    ...(file !== undefined && { file }),
  };
}

function tooMany(count: number): Problem {
  const message = `the input must not hold more than ${LIMITS.NETWORKS} GatewayNetworks, and has ${count}`;
  return { code: 'UnreadableInput', severity: 'error', message };
}

function isOne(item: Item): boolean {
  const identity = identityOf(item);
  return identity !== undefined && isNetwork(identity);
}

/** Whether a document is meant for us, and is no object. */
function isHalfOne(item: Item): boolean {
  return identityOf(item) === undefined && mentions(item, `${API_GROUP}/`);
}

/** An empty success could make a GitOps tool prune a whole application. */
function nothingFound(input: Input): Problem {
  const { items, functionConfig, format } = input;
  const spoken = mentionedAt(input);
  if (spoken === undefined && items.length === 0 && format === 'Documents') return emptyInput();
  const config = functionConfig && identityOf(functionConfig);
  const places = [
    `${items.length} ${items.length === 1 ? 'item' : 'items'}`,
    ...(format === 'ResourceList'
      ? [config ? `the functionConfig (${config.kind} "${config.name}")` : 'no functionConfig']
      : []),
  ];
  const hint =
    spoken !== undefined
      ? `; ${spoken}`
      : format === 'Documents'
        ? '; kustomize drops objects annotated `config.kubernetes.io/local-config: "true"` from its output, so in a pipe the GatewayNetwork must not have that annotation'
        : '';
  return {
    code: 'NoNetwork',
    severity: 'error',
    message: `found no GatewayNetwork (${API_GROUP}) in the input: looked at ${places.join(' and ')}${hint}`,
  };
}

/** The command that feeds the pipe failed, or the input has only comments. */
function emptyInput(): Problem {
  const message =
    `found no GatewayNetwork (${API_GROUP}), for the input is empty: a directory must have files that end in .yaml, .yml or .json, ` +
    'of which those that `render -o` has written are not read, and what writes into a pipe may have failed';
  return { code: 'NoNetwork', severity: 'error', message };
}
