import { isFields } from '../fields.ts';
import { isAlias, isList, isMap, isScalar, type Node } from '../reader/node.ts';
import { keyOf } from './slot.ts';

/** Whether two values are equal. The order of keys does not count. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((element, index) => isSame(element, other[index]));
  }
  if (!isFields(one) || !isFields(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** Whether a node has the value. The order of keys does not count. */
export function hasValue(node: Node | null | undefined, value: unknown): boolean {
  if (isAlias(node)) return hasValue(node.target, value);
  if (isMap(node)) {
    if (!isFields(value) || Object.keys(value).length !== node.items.length) return false;
    return node.items.every((pair) => {
      const key = keyOf(pair.key);
      return key !== undefined && Object.hasOwn(value, key) && hasValue(pair.value, value[key]);
    });
  }
  if (isList(node)) {
    if (!Array.isArray(value) || value.length !== node.items.length) return false;
    return node.items.every((item, index) => hasValue(item, value[index]));
  }
  if (!isScalar(node)) return value === null;
  return node.value === value;
}
