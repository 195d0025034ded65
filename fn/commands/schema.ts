import crd from '../../schemas/gateway-network.crd.yaml' with { type: 'text' };
import schema from '../../schemas/gateway-network.schema.json' with { type: 'json' };

export function printSchema(asCRD: boolean): void {
  process.stdout.write(asCRD ? crd : `${JSON.stringify(schema, null, 2)}\n`);
}
