import { expect, test } from 'vitest';
import { sideOf } from '../../fn/changes/side.ts';
import { read } from '../../fn/krm/read.ts';
import { mermaidOf } from '../../fn/picture/mermaid.ts';
import { networkPictures, type NetworkPicture } from '../../fn/picture/network-picture.ts';
import { svgOf } from '../../fn/picture/svg.ts';
import { descriptionOf } from '../../fn/picture/words.ts';
import { run } from '../../fn/run.ts';
import { example } from '../datapath/bed/example.ts';

const picturesOf = (source: string) => networkPictures(sideOf(run(read(source)), undefined).manifests);
const EXAMPLES = ['multi-node', 'single-node', 'untrusted-vlan', 'port-forward', 'ha-vlan-conntrack', 'two-networks'];

/** A picture with as much as there can be, whose texts are long and have signs with a meaning. */
const HOSTILE: NetworkPicture = {
  label: `${'n'.repeat(63)}/<b>&"#`,
  clients: Array.from({ length: 9 }, (_, index) => `Deployment <apps>/"${'w'.repeat(60)}${index}"`),
  subnets: ['192.168.50.0/24', 'fd00:aaaa:bbbb:cccc:dddd:eeee:ffff:0/112'],
  gateways: ['192.168.50.1', 'fd00:aaaa:bbbb:cccc:dddd:eeee:ffff:1'],
  overlay: { vni: 16_777_215, port: 65_535 },
  mtu: 65_535,
  isIsolated: true,
  routers: ['n'.repeat(50), 'o'.repeat(50)],
  firewall: 'firewall: denies 64, allows 64',
  hasResolver: true,
  egress: { interface: 'tun-of-provider', addresses: ['10.99.0.50'], ways: ['next hop <&">'] },
  forwards: ['TCP 6881 to [fd00:50::63]:8080', 'UDP 6881 to 192.168.50.99:8080'],
};

/** The tags that are open at the end, or closed out of turn; none in a well-formed text. */
function unbalanced(xml: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end, name = '', rest = ''] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<&]*")*\s*\/?)>/gi)) {
    if (rest.endsWith('/')) continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

const ALL: readonly (readonly [string, readonly NetworkPicture[]])[] = [
  ...EXAMPLES.map((name) => [name, picturesOf(example(name))] as const),
  ['what is hostile', [HOSTILE, HOSTILE]],
];

test.each(ALL)('the SVG of %s is well-formed, has its text as words, and each text in its box', (_, pictures) => {
  const svg = svgOf(pictures);
  expect(unbalanced(svg)).toEqual([]);
  // Every sign with a meaning is a tag's or an entity's.
  expect(svg.replaceAll(/<\/?[a-z][^<>]*>/gi, '').match(/[<>]|&(?!(?:amp|lt|gt|quot);)/g)).toBeNull();
  expect(svg).toMatch(
    / role="img" aria-labelledby="picture-title picture-desc">\n<title id="picture-title">Gateway network /,
  );
  const boxes = [...svg.matchAll(/<rect class="box" x="(\d+)" y="\d+" width="(\d+)"[^>]*\/>(.*)$/gm)];
  expect(boxes.length).toBe(5 * pictures.length);
  for (const [, x, width, texts = ''] of boxes) {
    for (const [, style, left, text = ''] of texts.matchAll(
      /<text class="(\w+)" x="(\d+)"[^>]*>(?:<title>[^<]*<\/title>)?([^<]*)</g,
    )) {
      const characters = text.replaceAll(/&\w+;/g, '.').length;
      expect(Number(left) + characters * (style === 'heading' ? 8.5 : 7)).toBeLessThan(Number(x) + Number(width));
    }
  }
});

test('what is said by light and by dark can be read', () => {
  const style = /<style>([^]*)<\/style>/.exec(svgOf([HOSTILE]))?.[1] ?? '';
  const [light = '', dark = ''] = style.split('@media (prefers-color-scheme: dark)');
  for (const scheme of [light, dark]) {
    const colour = (selector: string, property: string) =>
      new RegExp(`${selector} \\{[^}]*\\b${property}: (#[0-9a-f]{6})`).exec(scheme)?.[1] ?? '';
    for (const text of [colour('text', 'fill'), colour('\\.note', 'fill')]) {
      for (const ground of [colour('\\.page', 'fill'), colour('\\.box', 'fill')])
        expect(contrast(text, ground)).toBeGreaterThan(4.5);
    }
    // Of what is no text (WCAG 2.2, 1.4.11).
    for (const line of [colour('\\.way', 'stroke'), colour('\\.side', 'stroke'), colour('\\.box', 'stroke')])
      expect(contrast(line, colour('\\.page', 'fill'))).toBeGreaterThan(3);
  }
});

/** The contrast of two colours (WCAG 2.2, "contrast ratio"). */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

test('what is drawn is what is rendered', () => {
  expect(picturesOf(example('untrusted-vlan', { clientIsolation: 'Enabled' }))).toEqual([
    {
      label: 'egress/untrusted',
      clients: ['Deployment apps/client'],
      subnets: ['192.168.50.0/24', 'fd00:50::/64'],
      gateways: ['192.168.50.1', 'fd00:50::1'],
      overlay: { vni: 1099, port: 4799 },
      mtu: 1450,
      isIsolated: true,
      routers: ['untrusted-router-0'],
      firewall: 'firewall: denies 1, allows 3',
      hasResolver: false,
      egress: {
        interface: 'net2',
        addresses: ['10.99.0.50', 'fd00:99::50'],
        ways: ['next hop 10.99.0.1', 'next hop fd00:99::1'],
      },
      forwards: [],
    },
  ]);
  const [single] = picturesOf(example('single-node'));
  expect(single).not.toHaveProperty('overlay');
  expect(picturesOf(example('vpn-gluetun'))[0]?.egress).toMatchObject({ interface: 'tun0', ways: ['a VPN tunnel'] });
  expect(picturesOf(example('client-options'))[0]?.hasResolver).toBe(true);
});

test('the picture in words', () => {
  const [picture] = picturesOf(example('port-forward'));
  expect(picture && descriptionOf(picture)).toBe(
    "Deployment apps/client, Deployment apps/server send everything outside by net1, on 192.168.50.0/24, fd00:50::/64 from node to node by VXLAN 1000 (UDP 4799), to vpn-router-0 with the gateway's addresses 192.168.50.1, fd00:50::1. From there it leaves by eth0 and the cluster's network. Pods, Services and DNS of the cluster are reached by eth0. Ports from outside: TCP 6881 to 192.168.50.99:8080, TCP 6881 to [fd00:50::63]:8080, UDP 6881 to 192.168.50.99:8080, UDP 6881 to [fd00:50::63]:8080.",
  );
});

// Mermaid itself is no dependency: these forms were read by Mermaid 11.
test('Mermaid: an edge for each way, and no sign with a meaning in a text', () => {
  const lines = mermaidOf(picturesOf(example('untrusted-vlan'))).split('\n');
  expect(lines.slice(3)).toEqual([
    '  subgraph network0g["egress/untrusted"]',
    '    clients0["<b>clients</b><br/>Deployment apps/client"]',
    '    network0["<b>VXLAN 1099</b><br/>UDP 4799<br/>192.168.50.0/24<br/>fd00:50::/64<br/>MTU 1450"]',
    '    routers0["<b>router</b><br/>untrusted-router-0<br/>gateway 192.168.50.1<br/>gateway fd00:50::1<br/>firewall: denies 1, allows 3"]',
    '  end',
    '  outside0(["<b>outside</b><br/>by next hop 10.99.0.1<br/>by next hop fd00:99::1<br/>as 10.99.0.50<br/>as fd00:99::50"])',
    '  cluster0(["<b>cluster</b><br/>pods, Services, DNS"])',
    '  clients0 -- "net1" --> network0 --> routers0 -- "net2" --> outside0',
    '  clients0 -. "eth0" .-> cluster0',
    '',
  ]);
  const hostile = mermaidOf([HOSTILE]).split('\n').slice(3).join('\n');
  expect(hostile.replaceAll(/<\/?b>|<br\/>/g, '').match(/[<&]/g)).toBeNull();
  expect(hostile).toContain('#lt;b#gt;#amp;#quot;#35;');
});
