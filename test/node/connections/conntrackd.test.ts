import { expect, test } from 'vitest';
import { commandsFor, conntrackdConfig } from '../../../fn/node/connections/conntrackd.ts';
import { router, SYNCHRONISED } from '../routers.ts';

test('each router tells the others of its connections, except those of the routers themselves', () => {
  expect(conntrackdConfig(SYNCHRONISED, router(SYNCHRONISED, 0), '/run/gateway-network')).toBe(`Sync {
  Mode FTFW {
    StartupResync Yes
  }
  UDP {
    IPv4_address 192.168.50.2
    IPv4_Destination_Address 192.168.50.3
    Port 3780
    Interface net1
    Checksum on
  }
}
General {
  Systemd Off
  LogFile Off
  Syslog Off
  LockFile /run/gateway-network/conntrackd.lock
  UNIX {
    Path /run/gateway-network/conntrackd.ctl
  }
  NetlinkBufferSize 2097152
  NetlinkBufferSizeMaxGrowth 8388608
  NetlinkOverrunResync On
  NetlinkEventsReliable On
  Filter From Userspace {
    Address Ignore {
      IPv4_address 127.0.0.1
      IPv6_address ::1
      IPv4_address 192.168.50.1
      IPv6_address fd00:50::1
      IPv4_address 192.168.50.2
      IPv6_address fd00:50::2
      IPv4_address 10.9.0.11
      IPv6_address fd00:9::11
      IPv4_address 192.168.50.3
      IPv6_address fd00:50::3
      IPv4_address 10.9.0.12
      IPv6_address fd00:9::12
    }
  }
}
`);
});

test.each([
  ['MASTER', '-c -f -R -B'],
  ['BACKUP', '-t -n'],
  ['FAULT', '-t'],
  ['nothing', ''],
])('a router that has become %s tells conntrackd "%s"', (state, commands) => {
  expect(commandsFor(state).join(' ')).toBe(commands);
});
