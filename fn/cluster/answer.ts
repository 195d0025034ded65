/**
 * Reads an answer of the API server. Fields that are `null` are left out: so Go writes a list without items, where the
 * API has no field (Kubernetes API conventions, optional vs. required).
 */
export function parseAnswer(text: string): unknown {
  return JSON.parse(text, function (this: unknown, _key: string, value: unknown) {
    return value === null && !Array.isArray(this) ? undefined : value;
  });
}
