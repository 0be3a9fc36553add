import { seededRandom } from '../src-core/kernel/index.ts'

const SUBJECTS = [
  'attention',
  'entropy',
  'mitosis',
  'inflation',
  'recursion',
  'the French Revolution',
  'tectonic plates',
  'eigenvectors',
]
const SEEN = [
  'reminds me of',
  'depends on',
  'can be explained by',
  'is the opposite of',
  'comes before',
  'is often confused with',
]
const THINGS = [
  'a feedback loop',
  'the water cycle',
  'compound interest',
  'a balanced tree',
  'the immune system',
  'a queue at a bakery',
]
const PLACES = [
  'in the second lecture',
  'while reading chapter',
  'when I drew it on paper as figure',
  'during exercise',
  'talking to my sister about question',
]
const DOUBTS = [
  'but I am not sure yet',
  'and now it makes sense',
  'although the proof is missing',
  'so I should review it next week',
]

/** Sentences such as a learner says, all different, the same in every run. */
export function sentences(count: number, seed = 1): string[] {
  const random = seededRandom(seed)
  const one = (list: readonly string[]) => list[Math.floor(random.fraction() * list.length)]
  return Array.from(
    { length: count },
    (_, number) => `${one(SUBJECTS)} ${one(SEEN)} ${one(THINGS)}, I noticed ${one(PLACES)} ${number}, ${one(DOUBTS)}.`,
  )
}
