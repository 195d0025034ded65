import { output } from '../system/command.ts';

/** An address as `ip -j addr show` has it. */
interface AddressInfo {
  readonly local?: string;
  readonly scope?: string;
  readonly tentative?: boolean;
  readonly dadfailed?: boolean;
}

/** The global addresses that an interface has and may use. */
export function addressesOf(device: string): readonly string[] {
  const text = output(['ip', '-j', 'addr', 'show', 'dev', device, 'scope', 'global']);
  const links = JSON.parse(text ?? '[]') as readonly { readonly addr_info?: readonly AddressInfo[] }[];
  return links.flatMap(({ addr_info: found = [] }) =>
    found.flatMap(({ local, tentative, dadfailed }) => (local === undefined || tentative || dadfailed ? [] : [local])),
  );
}
