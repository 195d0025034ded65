import { sleep } from '../system/clock.ts';
import { ask } from '../system/command.ts';

/**
 * Calls all clients once a second while this router has the gateway's IPv6 address. A client that has given up a silent
 * gateway takes the on-link route and looks for the gateway again only once a minute (RFC 4191, section 3.5); to answer
 * a call, it does so at once. The answers themselves are dropped. IPv4 asks each time.
 */
export async function callClients(caller: string, device: string): Promise<never> {
  const command = ['ping', '-n', '-q', '-c', '5', '-i', '1', '-W', '1', '-I', caller, `ff02::1%${device}`];
  for (;;) {
    const { status } = await ask(command, 10_000);
    // Where it cannot send, a standby has the address later.
    if (status >= 2) await sleep(1000);
  }
}
