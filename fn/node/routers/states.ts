/** What has become of the router, by lines `INSTANCE "gateway" STATE PRIORITY` that keepalived writes. */
export function parseStates(lines: string): readonly string[] {
  return lines.split('\n').flatMap((each) => {
    const [, name, state = 'nothing'] = each.split(' ');
    return name === '"gateway"' ? [state] : [];
  });
}
