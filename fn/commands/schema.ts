import crd from '../../schemas/gateway-network.crd.yaml' with { type: 'text' };
import schema from '../../schemas/gateway-network.schema.json' with { type: 'json' };
import { print } from './output.ts';

export async function printSchema(asCRD: boolean): Promise<void> {
  await print(asCRD ? crd : `${JSON.stringify(schema, null, 2)}\n`);
}
