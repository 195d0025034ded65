import { visible } from '../files/visible.ts';

/**
 * Reads an answer of the API server. What is `null` is left out, in objects and in lists: so Go writes a list without
 * items, where the API has no field (Kubernetes API conventions, optional vs. required). Who may run a pod may put any
 * character into its messages, so those that a terminal would obey are made {@link visible}.
 * @returns nothing for what is no object in JSON
 */
export function parseAnswer(text: string): object | undefined {
  const hasControls = /\\u00[0189]|\p{Cc}/iu.test(text);
  let answer: unknown;
  try {
    answer = JSON.parse(text, function (this: unknown, _key: string, value: unknown) {
      if (value === null) return Array.isArray(this) ? value : undefined;
      if (Array.isArray(value)) return value.filter((item) => item !== null);
      return hasControls && typeof value === 'string' ? visible(value) : value;
    });
  } catch {
    return undefined;
  }
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : undefined;
}
