/** What is covered in pictures of the screen, by kind. */
export const SECRET_KINDS = [
  'token',
  'privateKey',
  'card',
  'account',
  'password',
  'connection',
  'phrase',
  'code',
  'identity',
] as const
export type SecretKind = (typeof SECRET_KINDS)[number]
