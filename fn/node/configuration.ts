import { fingerprintOf } from './config/fingerprint.ts';
import { Misfit, type Shape } from './config/shape.ts';
import { VERSION } from './config/values.ts';
import { exists, modifiedAt, namesIn, readFile, target } from './system/files.ts';
import { variable } from './system/process.ts';

/** Where the ConfigMap is mounted. */
export const CONFIG_DIR = variable('CONFIG_DIR') ?? '/etc/gateway-network';

/** The link behind which kubelet replaces all files in one moment. */
const DATA = `${CONFIG_DIR}/..data`;

/** What a program is told to do. */
export interface Configuration<T> {
  readonly config: T;
  /** All files of the ConfigMap, by their names. */
  readonly files: ReadonlyMap<string, string>;
  /** Of all files: the same as in the annotation of the ConfigMap. */
  readonly fingerprint: string;
}

/** What there is to know of the configuration at a moment. */
export interface Reading<T> {
  /** The latest that could be used; nothing where there was none since the program was started. */
  readonly configuration: Configuration<T> | undefined;
  /** Why what the ConfigMap holds now cannot be used, in one line. */
  readonly fault: string | undefined;
  /**
   * Whether that is of another version or no configuration at all: then nothing else of the ConfigMap is to be used
   * either.
   */
  readonly isForeign: boolean;
}

/** What no program of this version has been given. */
class Foreign extends Misfit {}

/**
 * A function that reads the ConfigMap again where it is another than before, and costs next to nothing where it is not.
 */
export function configurationReader<T>(shape: Shape<T>): () => Reading<T> {
  let seen: string | undefined;
  let reading: Reading<T> = { configuration: undefined, fault: undefined, isForeign: false };
  return () => {
    const moment = [
      target(DATA),
      ...['config.json', 'rules.nft'].map((name) => modifiedAt(`${CONFIG_DIR}/${name}`)),
    ].join();
    if (moment === seen) return reading;
    seen = moment;
    try {
      reading = { configuration: readConfiguration(shape), fault: undefined, isForeign: false };
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      reading = { ...reading, fault: error.message, isForeign: error instanceof Foreign };
    }
    return reading;
  };
}

/**
 * Reads what the ConfigMap holds at this moment.
 *
 * @throws Misfit where it cannot be used: with the reason, in one line
 */
export function readConfiguration<T>(shape: Shape<T>): Configuration<T> {
  const files = readFiles();
  const text = files.get('config.json');
  if (text === undefined) throw new Foreign(`config.json cannot be read in ${CONFIG_DIR}`);
  const value = parse(text);
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (version !== VERSION) {
    const found = version === undefined ? 'has no version' : `is of version ${JSON.stringify(version)}`;
    const remedy = 'the image must be of the release that has rendered it';
    throw new Foreign(`config.json ${found}, this program reads version ${VERSION}: ${remedy}`);
  }
  return { config: shape.check(value, 'config.json: '), files, fingerprint: fingerprintOf(files) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Foreign(`config.json is no JSON: ${String(error)}`);
  }
}

/** All files of the ConfigMap, of one moment. */
export function readFiles(): ReadonlyMap<string, string> {
  const folder = exists(DATA) ? target(DATA) : CONFIG_DIR;
  const names = namesIn(folder).filter((name) => !name.startsWith('.'));
  return new Map(names.map((name) => [name, readFile(`${folder}/${name}`) ?? '']));
}
