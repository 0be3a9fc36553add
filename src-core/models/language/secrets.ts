/** Shorter values are too common to be searched for: hiding every `ab` would only garble the text. */
const SHORTEST_SECRET = 4

/** What stands in place of a secret. */
export const HIDDEN = '[hidden]'

/** The text without any of the secrets, also where they are written with percent escapes or in base64. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  let result = text
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue
    for (const spelling of new Set([secret, encodeURIComponent(secret), toBase64(secret)])) {
      result = result.replaceAll(spelling, HIDDEN)
    }
  }
  return result
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
