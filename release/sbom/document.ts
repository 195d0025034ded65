import { createHash } from 'node:crypto';
import { HOME, timestamp } from '../project.ts';

/** Something that a release holds. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Such as `pkg:npm/yaml@2.9.1`. */
  readonly purl: string;
  /** An expression of SPDX; absent where nobody declares it. */
  readonly license?: string;
}

/** What a document is about. */
export interface Subject {
  /** The name of the file or image. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 in hexadecimal digits: of the file, or of the manifest of the image. */
  readonly sha256: string;
  readonly purpose: 'APPLICATION' | 'CONTAINER' | 'LIBRARY';
}

const NOTHING = 'NOASSERTION';

/**
 * What a file or image holds, as SPDX 2.3: the same components give the same bytes.
 *
 * @param seconds since 1970, the time of the document
 */
export function spdx(subject: Subject, components: readonly Component[], seconds: number): string {
  const root = 'SPDXRef-subject';
  const contained = [...components].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subject.name,
    documentNamespace: `${HOME}/spdx/${subject.name}-${subject.sha256}`,
    creationInfo: {
      created: timestamp(seconds),
      creators: [`Tool: gateway-network-fn-release-${subject.version}`, 'Organization: gateway-network-fn'],
    },
    packages: [
      {
        ...packageOf({ name: subject.name, version: subject.version, license: 'Apache-2.0' }, root),
        supplier: 'Organization: gateway-network-fn',
        primaryPackagePurpose: subject.purpose,
        checksums: [{ algorithm: 'SHA256', checksumValue: subject.sha256 }],
      },
      ...contained.map((component) => ({
        ...packageOf(component, idOf(component)),
        externalRefs: [
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: component.purl },
        ],
      })),
    ],
    relationships: [
      relationship('SPDXRef-DOCUMENT', 'DESCRIBES', root),
      ...contained.map((component) => relationship(root, 'CONTAINS', idOf(component))),
    ],
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

function packageOf({ name, version, license = NOTHING }: Omit<Component, 'purl'>, id: string) {
  return {
    SPDXID: id,
    name,
    versionInfo: version,
    downloadLocation: NOTHING,
    filesAnalyzed: false,
    licenseConcluded: NOTHING,
    licenseDeclared: license,
    copyrightText: NOTHING,
  };
}

function idOf({ name, purl }: Component): string {
  const digest = createHash('sha256').update(purl).digest('hex').slice(0, 12);
  return `SPDXRef-${name.replaceAll(/[^a-zA-Z0-9.]+/g, '-').replace(/^-/, '')}-${digest}`;
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}
