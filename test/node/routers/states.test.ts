import { expect, test } from 'vitest';
import { parseStates } from '../../../fn/node/routers/states.ts';

test("what becomes of the gateway's instance is read, and of no other", () => {
  const lines = [
    'INSTANCE "gateway" BACKUP 250',
    'INSTANCE "vpn-router-1" MASTER 200',
    'GROUP "gateways" FAULT 0',
    'INSTANCE "gateway"',
    '',
    'INSTANCE "gateway" MASTER 250',
    '',
  ];
  expect(parseStates(lines.join('\n'))).toEqual(['BACKUP', 'nothing', 'MASTER']);
});
