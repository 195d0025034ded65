import * as agent from '../../agent/namespace.ts';

/**
 * Makes a network namespace whose IPv6 addresses are usable at once: duplicate address detection
 * takes seconds each time, and
 * nothing here depends on it.
 */
export function createNamespace(): agent.Namespace {
  const namespace = agent.createNamespace();
  agent.run(namespace, WITHOUT_DETECTION);
  return namespace;
}

/** Empties a namespace as a machine is emptied when it starts again. */
export function renewNamespace(namespace: agent.Namespace): void {
  agent.removeNamespace(namespace);
  agent.recreateNamespace(namespace);
  agent.run(namespace, WITHOUT_DETECTION);
}

const WITHOUT_DETECTION = 'sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0';
