/** Shorter words lie too near to each other. */
const SHORTEST = 8

/**
 * Which of the rare terms are slips of the frequent ones: two neighbouring letters exchanged, or one left out or put in, never the first. Another
 * letter in the place of one is no slip here: "absorption" and "adsorption" are two things.
 * @returns the frequent term for each slip that exactly one fits
 */
export function slipsOf(rare: readonly string[], often: readonly string[]): Map<string, string> {
  const known = new Set(often)
  const shortened = new Map<string, Set<string>>()
  for (const term of often)
    for (const less of withoutOne(term)) shortened.set(less, (shortened.get(less) ?? new Set()).add(term))
  const slips = new Map<string, string>()
  for (const term of rare) {
    if (term.length < SHORTEST || /\p{N}/u.test(term)) continue
    const near = new Set([
      ...exchanged(term).filter((each) => known.has(each)),
      ...withoutOne(term).filter((each) => known.has(each)),
      ...(shortened.get(term) ?? []),
    ])
    const [only] = near
    if (near.size === 1 && only !== undefined && only !== term && only.length >= SHORTEST) slips.set(term, only)
  }
  return slips
}

function withoutOne(term: string): string[] {
  return Array.from(
    { length: Math.max(0, term.length - 1) },
    (_, index) => term.slice(0, index + 1) + term.slice(index + 2),
  )
}

function exchanged(term: string): string[] {
  return Array.from({ length: Math.max(0, term.length - 2) }, (_, index) => {
    const at = index + 1
    return term.slice(0, at) + term.charAt(at + 1) + term.charAt(at) + term.slice(at + 2)
  }).filter((each) => each !== term)
}
