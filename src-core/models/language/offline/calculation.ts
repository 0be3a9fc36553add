import type { TutorLanguage } from './language.ts'

/** Longest text in which a calculation is looked for, in UTF-16 code units. */
const LONGEST_LOOK = 200

interface CalculationWords {
  /** How one asks for a calculation; what remains between the two is the expression. */
  before: RegExp
  after: RegExp
  /** Words for signs, in the order in which they are read. */
  signs: readonly (readonly [word: RegExp, sign: string])[]
  /** Figures in groups of three, and the sign before decimals. */
  group: RegExp
  decimal: RegExp
}

/** Signs of every language; `×`, `÷` and their like are read by the calculator itself. */
const SIGNS_OF_ALL: CalculationWords['signs'] = [[/(?<=[\d)])\s*x\s*(?=[\d(√])/g, ' * ']]

const WORDS: Record<TutorLanguage, CalculationWords> = {
  en: {
    before:
      /^(?:(?:please|hey|ok|okay|so|and|now|can you|could you|tell me),?\s+)*(?:(?:what|how much|how many)(?:['’]s| is| are| does| makes?| do)|calculate|compute|work out|reckon|evaluate)\s+/,
    after: /[\s,]*(?:(?:equals?|make|come to|please|now|exactly)[\s,]*)*[\s?!.=]*$/,
    signs: [
      [/\b(?:the )?square root of\b/g, '√'],
      [/\bhalf of\b/g, '50% of'],
      [/\bto the power of\b/g, '^'],
      [/\bsquared\b/g, '^2'],
      [/\bcubed\b/g, '^3'],
      [/\bfactorial\b/g, '!'],
      [/\b(?:multiplied by|times)\b/g, '*'],
      [/\b(?:divided by|over)\b/g, '/'],
      [/\bplus\b/g, '+'],
      [/\bminus\b/g, '-'],
      [/\bmodulo\b/g, 'mod'],
      [/\s*\b(?:percent|per cent)\b/g, '%'],
    ],
    group: /(?<=\d),(?=\d{3}(?!\d))/g,
    decimal: /(?<=\d),(?=\d)/g,
  },
  de: {
    before:
      /^(?:(?:bitte|hey|ok|okay|und|also|sag mir|kannst du|könntest du|mir),?\s+)*(?:(?:was|wie\s?viel)\s+(?:ist|sind|ergibt|ergeben|macht|machen|gibt)|berechne|rechne)\s+/,
    after: /[\s,]*(?:(?:aus(?:rechnen)?|berechnen|bitte|genau)[\s,]*)*[\s?!.=]*$/,
    signs: [
      [/(?<!\p{L})(?:die )?(?:quadrat)?wurzel (?:aus|von)(?!\p{L})/gu, '√'],
      [/(?<!\p{L})die hälfte von(?!\p{L})/gu, '50% of'],
      [/(?<!\p{L})(?:zum|im) quadrat(?!\p{L})/gu, '^2'],
      [/(?<!\p{L})hoch(?!\p{L})/gu, '^'],
      [/(?<!\p{L})fakultät(?!\p{L})/gu, '!'],
      [/(?<!\p{L})(?:multipliziert mit|mal)(?!\p{L})/gu, '*'],
      [/(?<!\p{L})(?:geteilt durch|dividiert durch|durch)(?!\p{L})/gu, '/'],
      [/(?<!\p{L})plus(?!\p{L})/gu, '+'],
      [/(?<!\p{L})minus(?!\p{L})/gu, '-'],
      [/(?<!\p{L})modulo(?!\p{L})/gu, 'mod'],
      [/\s*(?<!\p{L})prozent(?!\p{L})/gu, '%'],
      [/(?<=%)\s*von(?!\p{L})/gu, ' of'],
    ],
    group: /(?<=\d)\.(?=\d{3}(?!\d))/g,
    decimal: /(?<=\d),(?=\d)/g,
  },
  es: {
    before:
      /^¿?\s*(?:(?:por favor|oye|ok|y|dime|puedes|podrías),?\s+)*(?:(?:cu[áa]nto|cu[áa]ntos|qu[ée]|cu[áa]l)\s+(?:es|son|da|dan|hacen?|suman?)|calcula(?:r|me)?)\s+/,
    after: /[\s,]*(?:(?:por favor|exactamente)[\s,]*)*[\s?!.=]*$/,
    signs: [
      [/(?<!\p{L})(?:la )?ra[íi]z(?: cuadrada)? de(?!\p{L})/gu, '√'],
      [/(?<!\p{L})la mitad de(?!\p{L})/gu, '50% of'],
      [/(?<!\p{L})al cuadrado(?!\p{L})/gu, '^2'],
      [/(?<!\p{L})al cubo(?!\p{L})/gu, '^3'],
      [/(?<!\p{L})(?:elevado )?a la potencia de(?!\p{L})|(?<!\p{L})elevado a(?: la)?(?!\p{L})/gu, '^'],
      [/(?<!\p{L})factorial(?!\p{L})/gu, '!'],
      [/\s*(?<!\p{L})por ?ciento(?!\p{L})/gu, '%'],
      [/(?<!\p{L})(?:dividido (?:por|entre)|entre)(?!\p{L})/gu, '/'],
      [/(?<!\p{L})(?:multiplicado )?por(?!\p{L})/gu, '*'],
      [/(?<!\p{L})m[áa]s(?!\p{L})/gu, '+'],
      [/(?<!\p{L})menos(?!\p{L})/gu, '-'],
      [/(?<!\p{L})m[óo]dulo(?!\p{L})/gu, 'mod'],
      [/^(?:el|un)\s+(?=\d)/gu, ''],
      [/(?<=%)\s*del?(?!\p{L})/gu, ' of'],
    ],
    group: /(?<=\d)\.(?=\d{3}(?!\d))/g,
    decimal: /(?<=\d),(?=\d)/g,
  },
}

/** Figures, signs, and the two words that the calculator reads; nothing else may remain. */
const EXPRESSION = /^(?:[\d\s.()+\-*/^%!√²³×·⋅÷−–]|\bof\b|\bmod\b)+$/
/** Something is done with the figures. */
const DOES = /[+*/^!√²³×·⋅÷]|%|\bmod\b|\d\s*[-−–]\s*[\d(]/
/** Years, days, telephone numbers and sayings: figures that mean something else. */
const NO_CALCULATION = /^\d{3,}[-–]\d+$|^\d+(?:[-/.]\d+){2,}$|^(?:24\/7|50\/50|9\/11)$/

/**
 * The expression that somebody wants calculated, as the calculator reads it; undefined where the words ask for anything else. Words of all
 * three languages are read, the likelier language first: "Was ist 3,5 mal 4?", "17*3".
 */
export function calculationIn(
  text: string,
  likely: TutorLanguage,
): { expression: string; language: TutorLanguage } | undefined {
  if (text.length > LONGEST_LOOK || !/\d/.test(text)) return undefined
  const said = text.replace(/\s+/g, ' ').trim().toLowerCase()
  const languages = [likely, ...(['en', 'de', 'es'] as const).filter((language) => language !== likely)]
  for (const language of languages) {
    const { before } = WORDS[language]
    const asked = before.exec(said)
    const expression = asked && expressionIn(said.slice(asked[0].length), language)
    if (expression) return { expression, language }
  }
  // Figures and signs alone ask as well.
  const bare = expressionIn(said, likely)
  return bare === undefined ? undefined : { expression: bare, language: likely }
}

function expressionIn(text: string, language: TutorLanguage): string | undefined {
  const { after, signs, group, decimal } = WORDS[language]
  let expression = text.replace(after, '')
  if (NO_CALCULATION.test(expression)) return undefined
  for (const [word, sign] of [...signs, ...SIGNS_OF_ALL]) expression = expression.replace(word, sign)
  expression = expression.replace(group, '').replace(decimal, '.').replace(/\s+/g, ' ').trim()
  return EXPRESSION.test(expression) && /\d/.test(expression) && DOES.test(expression) ? expression : undefined
}
