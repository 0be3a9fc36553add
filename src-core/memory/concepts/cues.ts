import type { ReadRelation } from './types.ts'

/**
 * Words between two phrases that say how they are connected. `A … B`: a cue that reads backwards turns them round.
 * English, German and Spanish.
 */
interface Cue {
  relation: ReadRelation['relation']
  between: RegExp
  /** What must stand before the first phrase. */
  before?: RegExp
  backwards?: true
}

const ARTICLE = `(?:the |a |an |some |your |der |die |das |den |dem |ein |eine |einen |einem |einer |el |la |los |las |un |una )?`
const cue = (pattern: string) =>
  new RegExp(String.raw`^\s*(?:(?:\([^)]*\)|\))\s*)?,?\s*(?:${pattern})\s*${ARTICLE}$`, 'iu')

const CUES: readonly Cue[] = [
  {
    relation: 'part_of',
    between: cue(
      '(?:is|are|was|were|forms?|as) (?:an? |one |another )?(?:important |essential |central )?(?:part|parts|component|components|branch|subset|subfield|element|kind|type) of',
    ),
  },
  { relation: 'part_of', between: cue('belongs? to') },
  {
    relation: 'part_of',
    between: cue('(?:consists?|is made up|are made up|is composed|are composed) of|contains?|comprises?|includes?'),
    backwards: true,
  },
  {
    relation: 'part_of',
    between: cue('(?:ist|sind) (?:ein |eine )?(?:Teil|Teile|Teilgebiet|Bestandteil)(?: von)?|gehört zu|gehören zu'),
  },
  { relation: 'part_of', between: cue('besteht aus|bestehen aus|enthält|enthalten|umfasst'), backwards: true },
  { relation: 'part_of', between: cue('(?:es|son) (?:una )?(?:partes?|rama) del?|pertenece a') },
  {
    relation: 'prerequisite',
    between: cue(
      '(?:is|are) (?:a |the )?(?:prerequisite|prerequisites|requirement|basis|foundation|foundations) (?:for|of|to)',
    ),
  },
  {
    relation: 'prerequisite',
    between: cue('(?:is|are) (?:needed|required|necessary|essential) (?:for|to understand|to learn|before)'),
  },
  { relation: 'prerequisite', between: cue('(?:comes?|goes|go) before') },
  {
    relation: 'prerequisite',
    between: cue('before|to understand|in order to understand|to learn'),
    before: /\b(?:need|needs|learn|study|understand|know|master|requires?)\s+(?:the |some |a |an )?$/iu,
  },
  {
    relation: 'prerequisite',
    between: cue('builds? (?:up)?on|requires?|presupposes?|depends? on|rests? on|needs?|follows? from'),
    backwards: true,
  },
  {
    relation: 'prerequisite',
    between: cue('(?:ist|sind) (?:die |eine )?(?:Voraussetzung|Voraussetzungen|Grundlage|Grundlagen) (?:für|von)'),
  },
  { relation: 'prerequisite', between: cue('baut auf|bauen auf|setzt|erfordert|braucht|benötigt'), backwards: true },
  { relation: 'prerequisite', between: cue('(?:es|son) (?:un )?(?:requisito|requisitos|base) (?:para|de)') },
  { relation: 'prerequisite', between: cue('requiere|requieren|necesita|depende del?'), backwards: true },
  {
    relation: 'similar',
    between: cue(
      '(?:is|are) (?:very |quite )?(?:similar|analogous|equivalent|closely related|related) to|resembles?|(?:is|are) like|also known as|(?:is|are) also called',
    ),
  },
  {
    relation: 'similar',
    between: cue('ähnelt|ähneln|(?:ist|sind) ähnlich wie|entspricht|(?:es|son) (?:similar|parecid[oa]s?) al?'),
  },
  {
    relation: 'contradicts',
    between: cue(
      'contradicts?|conflicts? with|disproves?|refutes?|(?:is|are) (?:the )?opposite of|(?:is|are) incompatible with|widerspricht|widersprechen|contradice',
    ),
  },
  {
    relation: 'uses',
    between: cue(
      'uses?|used|employs?|applies|apply|relies on|rely on|(?:is|are) based on|works? with|(?:is|are) computed with|verwendet|verwenden|nutzt|nutzen|benutzt|basiert auf|basieren auf|usa|usan|utiliza|utilizan|se basa en',
    ),
  },
  {
    relation: 'uses',
    between: cue('(?:is|are) (?:used|applied) (?:in|for|by)|wird (?:in|für|bei)|se usa en'),
    backwards: true,
  },
]

/** The connection that stands between two neighbouring phrases of a sentence, or undefined. */
export function connection(
  before: string,
  between: string,
): { relation: ReadRelation['relation']; backwards: boolean } | undefined {
  if (between.length > LONGEST_CUE) return undefined
  const found = CUES.find((each) => each.between.test(between) && (each.before?.test(before) ?? true))
  return found && { relation: found.relation, backwards: found.backwards ?? false }
}

const LONGEST_CUE = 80

/** Verbs of Spanish cues, which the list of little words lacks: no phrase goes across them. */
export const CONNECTING_WORDS: ReadonlySet<string> = new Set(
  `requiere requieren necesita necesitan depende dependen usa usan utiliza utilizan pertenece pertenecen contradice contradicen
  consiste consisten contiene contienen significa describe`.split(/\s+/),
)

/** What stands between a phrase at the beginning of a sentence and its explanation. */
const DEFINING =
  /^\s*(?:\([^)]*\)\s*)?(?:is|are) (?:an? |the |when |defined as )|^\s*(?:\([^)]*\)\s*)?(?:means |refers to |describes |denotes )|^\s*(?:ist|sind) (?:ein|eine|der|die|das) |^\s*(?:bedeutet|bezeichnet|beschreibt) |^\s*(?:es|son) (?:un|una|el|la) |^\s*(?:significa|describe) |^:\s+\p{L}/iu

/** Whether the text behind a phrase explains it. */
export function isExplained(behind: string): boolean {
  return DEFINING.test(behind)
}
