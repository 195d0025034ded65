import { describe, expect, it } from 'vitest';
import { messages } from '../networks.ts';

const RESERVED = 'subnets: [192.168.50.0/24, "fd00:50::/64"], reserved: [192.168.50.200, "fd00:50::c8"]';
const forwards = (list: string, more = RESERVED) => messages(`{${more}, gateway: {portForwards: ${list}}}`);
const to = (target: string, more = RESERVED) => forwards(`[{protocol: TCP, port: 8080, to: ${target}}]`, more);
const TO = '`spec.gateway.portForwards[0].to';

describe('port forwards', () => {
  it.each([
    '{addresses: [192.168.50.200]}',
    '{addresses: ["fd00:50::C8", 192.168.50.200]}',
    '{name: web}',
    '{name: web.example, namespace: apps}',
    '{matchLabels: {app: web, example.com/tier: ""}, namespace: apps}',
  ])('to %s are fine', (target) => expect(to(target)).toEqual([]));

  it('may lead to the fixed addresses of a client', () => {
    const clients =
      'subnets: [192.168.50.0/24], clients: [{names: [web], namespaces: [apps], addresses: [192.168.50.99]}]';
    expect(to('{addresses: [192.168.50.99]}', clients)).toEqual([]);
  });

  it('may have one port with two protocols', () => {
    const target = 'port: 53, to: {addresses: [192.168.50.200]}';
    expect(forwards(`[{protocol: TCP, ${target}}, {protocol: UDP, ${target}}]`)).toEqual([]);
  });

  it('have each port once', () => {
    const one = '{protocol: UDP, port: 53, to: {name: a}}';
    expect(forwards(`[${one}, {protocol: TCP, port: 53, to: {name: a}}, ${one}]`)).toEqual([
      '`spec.gateway.portForwards[2].port` is "53" and must be another UDP port than `spec.gateway.portForwards[0].port`',
    ]);
  });

  const ONE_WAY = 'must have one of `addresses`, `name` and `matchLabels`';
  it.each([
    ['{}', `${TO}\` ${ONE_WAY}, not "{}"`],
    ['{namespace: apps}', `${TO}\` ${ONE_WAY}, not "{"namespace":"apps"}"`],
    ['{name: a, matchLabels: {app: a}}', `${TO}\` ${ONE_WAY}, not "{"name":"a","matchLabels":{"app":"a"}}"`],
    [
      '{addresses: [192.168.50.200], namespace: apps}',
      `${TO}.namespace\` must be absent beside \`addresses\`, not "apps": addresses belong to the network, not to a namespace`,
    ],
    ['{name: Web}', expect.stringContaining(`${TO}.name\` must be a DNS subdomain`)],
    ['{name: web, namespace: a.b}', expect.stringContaining(`${TO}.namespace\` must be a DNS label`)],
    ['{matchLabels: {}}', `${TO}.matchLabels\` must have a label, not "{}": without labels it matches every client`],
    ['{matchLabels: {app: -a}}', expect.stringContaining(`${TO}.matchLabels["app"]\` must be empty or`)],
    ['{matchLabels: {"a/b/c": a}}', expect.stringContaining('it is a label key')],
    ['{addresses: [web]}', expect.stringContaining(`${TO}.addresses[0]\` must be an IP address`)],
    [
      '{addresses: [10.0.0.9]}',
      `${TO}.addresses[0]\` must be an address inside "192.168.50.0/24" or "fd00:50::/64", not "10.0.0.9"`,
    ],
    ['{addresses: [192.168.50.255]}', expect.stringContaining('this is the broadcast address of the subnet')],
    [
      '{addresses: [192.168.50.1]}',
      `${TO}.addresses[0]\` must be the address of a client, not "192.168.50.1": the gateway and the first addresses of a subnet belong to routers`,
    ],
    ['{addresses: [192.168.50.3]}', expect.stringContaining('must be the address of a client')],
    [
      '{addresses: [192.168.50.200, 192.168.50.201]}',
      `${TO}.addresses[1]\` must be removed or lie in another subnet than ${TO}.addresses[0]\`, not "192.168.50.201": a pod has one address in each`,
    ],
    [
      '{addresses: [192.168.50.100]}',
      `${TO}.addresses[0]\` is "192.168.50.100" and must be among the \`addresses\` of an entry of \`spec.clients\`, or in \`spec.reserved\`: any pod could get an address of the pool`,
    ],
  ])('to %s are refused', (target, message) => expect(to(target)).toEqual([message]));

  it('do not lead to a gateway of a given address', () => {
    const given =
      'subnets: [192.168.50.0/24], gatewayAddresses: [192.168.50.254], reserved: [192.168.50.240-192.168.50.254]';
    expect(to('{addresses: [192.168.50.254]}', given)).toEqual([
      expect.stringContaining('must be the address of a client'),
    ]);
  });
});
