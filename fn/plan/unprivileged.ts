/** The security context of a program that needs no privilege, as Pod Security `restricted` wants it. */
export const UNPRIVILEGED = {
  runAsUser: 65534,
  runAsGroup: 65534,
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
