/**
 * A language in the words of the screens.
 * @param code ISO 639-1, with a region perhaps
 */
export function nameOfLanguage(code: string, screenLanguage: string): string {
  try {
    return new Intl.DisplayNames(screenLanguage, { type: 'language' }).of(code) ?? code
  } catch {
    // No code of a language, as a list of one's own may hold.
    return code
  }
}
