import { refusal } from '../fault.ts';
import type { Rule, Subject } from './rule.ts';

/** A network is given once: its name is unique in its namespace. */
export const duplicates: Rule = {
  reads: ['metadata.name', 'metadata.namespace'],
  checkAll: (subjects) => {
    const owners = new Map<string, Subject>();
    return subjects.flatMap((subject) => {
      const owner = owners.get(subject.key);
      if (owner === undefined) {
        owners.set(subject.key, subject);
        return [];
      }
      const because =
        owner.origin === subject.origin
          ? `the same network is in ${owner.origin} twice`
          : `the same network is in ${owner.origin} and in ${subject.origin}`;
      const { name } = subject.network.metadata;
      const requirement = 'be unique in its namespace';
      return [{ subject, fault: refusal('DuplicateNetwork', 'metadata.name', name, requirement, { because }) }];
    });
  },
};
