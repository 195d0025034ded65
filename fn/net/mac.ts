/**
 * A locally administered unicast MAC address (IEEE 802-2014, 8.4: second bit of the first octet set, first bit clear)
 * that is always the same for the same digest.
 *
 * @param bytes a digest as hexadecimal text, of which the first five bytes are used
 * @throws RangeError where the text holds fewer
 */
export function macFrom(bytes: string): string {
  const digits = /^[\da-f]{10}/.exec(bytes.toLowerCase())?.[0];
  if (digits === undefined) throw new RangeError(`a MAC address needs five bytes of hexadecimal text, not "${bytes}"`);
  return ['02', ...(digits.match(/../g) ?? [])].join(':');
}
