/** What is to be done with pictures. `ask`: a question of its own about them. */
export type PictureWish = 'describe' | 'read' | 'explain' | 'compare' | 'ask'

/** `\b` knows no letters beyond ASCII. */
const word = (alternatives: string) => new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, 'iu')

/** In English, German and Spanish. The first that fits counts. */
const CUES: readonly (readonly [wish: PictureWish, pattern: RegExp])[] = [
  [
    'compare',
    word(
      'compar(?:e|ed|ison)|differen(?:ce|ces|t)|differ|versus|vs|in common|same|which (?:one )?is (?:better|newer|larger)|vergleich\\p{L}*|unterschied\\p{L}*|unterscheide\\p{L}*|gemeinsam|gleich|compara\\p{L}*|diferencias?|distint[ao]s?|en común|igual(?:es)?',
    ),
  ],
  [
    'explain',
    word(
      'explain\\p{L}*|what does (?:it|this|that) mean|meaning of|why|how does|walk me through|erklär\\p{L}*|erläuter\\p{L}*|was bedeutet|warum|wieso|wie funktioniert|explica\\p{L}*|qué significa|por qué|cómo funciona',
    ),
  ],
  [
    'read',
    word(
      'read|transcri(?:be|pt)\\p{L}*|type out|copy (?:out )?the text|(?:all|get|extract) (?:of )?the (?:text|words)|what does (?:it|this|that|the \\p{L}+) say|what is written|what (?:text|words)|lies|vorlesen|abschreiben|abtippen|schreib\\p{L}* (?:\\p{L}+ )*ab|was steht|den text|lee|leer|léeme|transcrib\\p{L}*|qué (?:pone|dice)|el texto',
    ),
  ],
  [
    'describe',
    word(
      "describe|what(?:'s| is| are) (?:this|that|these|it|here)|what (?:do|can) you see|what am i looking at|what (?:does|do) (?:this|that|the|these) (?:picture|image|photo|screenshot|screen|diagram)s? shows?|what(?:'s| is) (?:in|on) (?:this|that|the|my)|show(?:s|n)? here|beschreib\\p{L}*|was (?:ist|sind) (?:das|dies|hier)|was siehst du|was sieht man|was zeigt|was ist (?:auf|in)|describ\\p{L}*|qué (?:es|son) (?:esto|eso|estos)|qué (?:ves|se ve|muestra|hay)",
    ),
  ],
]

/** Words that point at the picture and say nothing of what is sought in it. */
const POINTING = word(
  'pictures?|images?|photos?|screenshots?|screens?|shown|show|see|say|says|written|read|here|bild(?:er|s)?|fotos?|screenshot|bildschirm(?:foto)?|steht|zeigt|hier|imagen(?:es)?|foto|captura|pantalla|dice|pone|aquí|muestra',
)
/** Beyond so many words somebody asks for more than one of the simple wishes. */
const SIMPLE_WORDS = 14

/** What the learner wants of the pictures, by what they said. Nothing said asks what they show. */
export function wishOf(said: string, pictures: number): PictureWish {
  const text = said.trim()
  if (text === '') return pictures > 1 ? 'compare' : 'describe'
  const wish = CUES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'ask'
  if (wish === 'compare' && pictures < 2) return 'ask'
  const isSimple = text.split(/\s+/).length <= SIMPLE_WORDS
  // "Describe what the second chapter says about mitosis" asks for something in particular.
  return isSimple || wish === 'compare' || wish === 'explain' ? wish : 'ask'
}

/** The question without the words that only point at the picture. */
export function soughtIn(said: string): string {
  return said.replace(new RegExp(POINTING.source, 'giu'), ' ')
}
