import type { Memory } from '../../vault/index.ts'

/** Words of a goal that name nothing to learn; English, German and Spanish, without accents. */
const FILLERS = new Set(
  `the and for with about how what why when into that this all some more really goal goals aim plan want wants would like able can could will
  need learn learning understand know become get getting better good improve master study speak read write play use make work works start
  prepare pass basics thing things properly fluently finally
  ich will mochte wurde gern gerne mein meine ziel ziele ist sein der die das den dem des ein eine einen einer und mit uber wie was warum lernen
  lerne verstehen wissen konnen kann besser gut werden sprechen lesen schreiben spielen richtig endlich mehr zu alles grundlagen
  quiero quisiera mi meta objetivo es ser el la los las un una unos unas y con sobre como que por del aprender entender comprender saber
  poder puedo mejor mejorar bien hablar leer escribir tocar dominar estudiar mas todo bases`
    .trim()
    .split(/\s+/),
)

/** From here on a goal says until when, whereto or why. */
const TAIL =
  /(?<!\p{L})(?:by|before|until|for|so that|so i|because|in order|this|next|within|bis|damit|weil|für|vor|um|dieses|nächste[sn]?|para|antes|porque|hasta|est[ae]|próxim[oa])(?!\p{L})/iu

/** Of a goal with this many words or fewer, a name alone is enough. */
const SHORT_GOAL = 2

/**
 * The goal that a question touches: two of its words are in the question, or its only one, or the name that it is about ("French
 * pronunciation"). Words alone decide, so that it is quick and can be understood; a goal in other words or another language is missed.
 */
export function touchedGoal<Goal extends Pick<Memory, 'text'>>(goals: readonly Goal[], said: string): Goal | undefined {
  const asked = wordsOf(said)
  const shared = goals.map((goal) => sharedWords(goal.text, asked))
  const most = Math.max(0, ...shared)
  return most === 0 ? undefined : goals[shared.indexOf(most)]
}

/** How many words of a goal are in the question; 0 where they are too few to tell. */
function sharedWords(goal: string, asked: readonly string[]): number {
  const topic = topicOf(goal)
  const shared = topic.filter(({ word }) => asked.some((other) => isSameWord(word, other)))
  const isNamed = topic.length <= SHORT_GOAL && shared.some(({ isName }) => isName)
  return isNamed || shared.length >= Math.min(2, topic.length) ? shared.length : 0
}

function topicOf(goal: string): { word: string; isName: boolean }[] {
  const head = named(goal.slice(0, TAIL.exec(goal)?.index ?? goal.length))
  return head.length > 0 ? head : named(goal)
}

function named(text: string): { word: string; isName: boolean }[] {
  const topic = new Map<string, boolean>()
  for (const { 0: written, index } of text.matchAll(/[\p{L}\p{N}]{3,}/gu)) {
    const word = folded(written)
    const isName = index > 0 && /^\p{Lu}/u.test(written)
    if (!FILLERS.has(word)) topic.set(word, isName || topic.get(word) === true)
  }
  return Array.from(topic, ([word, isName]) => ({ word, isName }))
}

const wordsOf = (text: string): string[] => Array.from(text.matchAll(/[\p{L}\p{N}]{3,}/gu), ([word]) => folded(word))

/** Transcripts and keyboards drop accents. */
const folded = (word: string): string => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

/** Whether two words differ at most in their endings: "volcano" and "volcanoes", "history" and "historic", not "contract" and "contrast". */
function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  let same = 0
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1
  const endings = [a.slice(same), b.slice(same)]
  if (same >= 6) return endings.every(({ length }) => length <= 3) && endings.some(({ length }) => length <= 1)
  return same >= 4 && endings.every((ending) => /^(?:e?s|e?n|e)?$/.test(ending))
}
