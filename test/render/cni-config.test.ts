import { expect, test } from 'vitest';
import { formatCNIConfig } from '../../fn/render/cni-config.ts';

test('small objects take one line, so that a route is a line of a diff', () => {
  const text = formatCNIConfig({
    name: 'egress.vpn',
    plugins: [
      {
        type: 'bridge',
        ipam: { routes: [{ dst: '1.0.0.0/8', gw: '10.0.0.1' }, { dst: '2000::/3' }], empty: [], none: {} },
      },
    ],
  });
  expect(text).toBe(`{
  "cniVersion": "1.0.0",
  "name": "egress.vpn",
  "plugins": [
    {
      "type": "bridge",
      "ipam": {
        "routes": [
          { "dst": "1.0.0.0/8", "gw": "10.0.0.1" },
          { "dst": "2000::/3" }
        ],
        "empty": [],
        "none": {}
      }
    }
  ]
}
`);
});

test('the text is the JSON of its value', () => {
  const plugins = [{ type: 'x"\n', list: ['a'.repeat(120), 'b', 3, true, null], nested: [[1], [2]] }];
  expect(JSON.parse(formatCNIConfig({ name: 'n', plugins }))).toEqual({ cniVersion: '1.0.0', name: 'n', plugins });
});
