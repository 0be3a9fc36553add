/** Beginnings by which services mark their keys. What follows is the key. */
const MARKS =
  /(?:sk|pk|rk)[-_](?:live|test|ant|proj|or)?[-_]?|gh[pousr][_ ]|github_pat_|gl(?:pat|ptt|dt|rt|soat)-|xox[a-z]-|xapp-|A[KS]IA|AIza|ya29\.|GOCSPX-|EAA[A-Za-z]|SG\.|key-|npm_|pypi-|dckr_pat_|hf_|r8_|shp(?:at|ss|ca|pa)_|do[opr]_v1_|sq0[a-z]{3}-|rubygems_|lin_api_|secret_|ntn_|figd_|ph[cx]_|sntry[su]_|ATATT|ATBB|dp\.(?:pt|st|ct)\.|hv[sb]\.|pul-|whsec_|re_|gsk_|pplx-|xai-|tvly-|PMAK-|CFPAT-|nsec1|xprv|AGE-SECRET-KEY|eyJ|ops_|glc_|glsa_|NRAK-|dapi|sl\.|rzp_|tskey-|fo1_|cio|nfp_|sbp_|vercel_|vault:/

const MARKED = new RegExp(`^(?:${MARKS.source})\\S{8,}$`)
/** What stands around a word in a sentence, in code or in quotes. */
const AROUND = /^[\s"'`([{<«„“]+|[\s"'`)\]}>»”,;:!?]+$/g
/** Where one word of an address, a path or an assignment ends. */
const BETWEEN = /[/\\?&=:,;()"'<>|@#\s]+/
const SHORTEST = 16
const SHORTEST_HEX = 24

/** Whether a word looks as if it were made by chance: a key, a token, a hash. */
export function isOpaque(word: string): boolean {
  const bare = word.replace(AROUND, '')
  if (MARKED.test(bare)) return true
  if (isLicence(bare)) return true
  return bare.split(BETWEEN).some(isRandom)
}

function isRandom(part: string): boolean {
  if (part.length < SHORTEST) return false
  // Words with hyphens, dots or underscores between are names of files, functions and places.
  const pieces = part.split(/[-_.+~%$*!]+/)
  if (pieces.every((piece) => /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+|\d{1,4})$/u.test(piece))) return false
  const letters = part.replace(/[^A-Za-z0-9]/g, '')
  const digits = letters.replace(/\D/g, '').length
  if (/^[0-9a-f]+$/i.test(letters) && letters.length >= SHORTEST_HEX && digits >= 4 && digits < letters.length)
    return true
  const turns = turnsOf(letters)
  if (digits === 0) return turns >= 6 && turns / letters.length > 0.2
  if (digits === letters.length) return false
  return turns >= 4 && turns / letters.length >= 0.16
}

/** How often digits, small and large letters follow on each other; a large one at the beginning of a word is no turn. */
function turnsOf(letters: string): number {
  let turns = 0
  for (let at = 1; at < letters.length; at++) {
    const [a, b] = [kindOf(letters[at - 1] ?? ''), kindOf(letters[at] ?? '')]
    if (a !== b && !(a === 'large' && b === 'small')) turns += 1
  }
  return turns
}

function kindOf(letter: string): 'digit' | 'small' | 'large' {
  if (letter >= '0' && letter <= '9') return 'digit'
  return letter >= 'a' ? 'small' : 'large'
}

/** Groups of signs with hyphens, such as keys of licences and recovery codes. */
function isLicence(word: string): boolean {
  const groups = word.split('-')
  const isGrouped = groups.length >= 3 && groups.every((group) => /^[A-Za-z0-9]{4,12}$/.test(group))
  if (!isGrouped) return false
  const mixed = groups.filter((group) => /\d/.test(group) && /[A-Za-z]/.test(group))
  return mixed.length >= 2
}

/** Whether a word may be a piece of a key that was read with gaps: it is no word of a sentence and no plain number. */
export function isOdd(word: string): boolean {
  const bare = word.replace(AROUND, '')
  return bare.length >= 3 && !/^(?:\p{Lu}?[\p{Ll}’'-]+|\p{Lu}+|[\d.,:%€$-]+)$/u.test(bare)
}
