/** What the learner's words want while a question of theirs is open; English, German and Spanish. */
interface Cues {
  /** To be told, now. */
  answer: RegExp
  /** More help, without an attempt. */
  help: RegExp
  /** A guess that may sound like a question. */
  attempt: RegExp
}

const CUES: readonly Cues[] = [
  {
    answer:
      /(?<!\p{L})(?:i give up|(?:give|tell|show|reveal)(?: me)? the (?:answer|solution)|what(?:['’]s| is) the (?:answer|solution)|just (?:tell|show) me|(?:tell|show) me(?: (?:it|now|please|already))*[\s.!]*$)/iu,
    help: /(?<!\p{L})(?:hint|clue|help me|i (?:really )?(?:don['’]?t|do not) know|no (?:idea|clue)|not sure|i['’ ]?a?m (?:stuck|lost))(?!\p{L})/iu,
    attempt:
      /^[\s"'“]*(?:well,? |so,? |hmm,? |um,? |then )?(?:maybe|perhaps|i(?:['’]d| would)? (?:think|guess|believe|suppose|say)|is it|isn['’]t it|could it|might it|does it|because|it['’]?s|it is)(?!\p{L})/iu,
  },
  {
    answer:
      /(?<!\p{L})(?:ich gebe auf|(?:zeig|sag|nenn|gib|verrat)e?(?: mir| uns)?(?: bitte)? die (?:antwort|lösung)|(?:wie lautet|was ist) die (?:antwort|lösung)|(?:sag|zeig|verrat)e?(?:['’]?s| es) (?:mir )?(?:einfach|doch|bitte|jetzt)|(?:sag|zeig|verrat)e?(?:['’]?s| es)? mir(?: (?:es|einfach|jetzt|bitte))*[\s.!]*$)/iu,
    help: /(?<!\p{L})(?:tipp|hinweis|hilf mir|hilfe|(?:ich )?weiß (?:ich )?(?:es |das )?nicht|keine ahnung|nicht sicher|komme nicht weiter)(?!\p{L})/iu,
    attempt:
      /^[\s"'„]*(?:na ja,? |also,? |hm+,? )?(?:vielleicht|ich (?:denke|glaube|vermute|meine|würde sagen)|ist es|sind es|könnte es|liegt es|weil|es (?:ist|sind|liegt))(?!\p{L})/iu,
  },
  {
    answer:
      /(?<!\p{L})(?:me rindo|(?:dime|dame|muéstrame|enséñame) la (?:respuesta|solución)|(?:cuál|que|qué) es la (?:respuesta|solución)|(?:dímelo|muéstramelo|enséñamelo)(?!\p{L})|dime(?: ya| por favor)*[\s.!]*$)/iu,
    help: /(?<!\p{L})(?:pista|ayúdame|ayuda|no (?:lo )?sé|ni idea|no estoy segur[oa]|estoy atascad[oa])(?!\p{L})/iu,
    attempt:
      /^[\s"'«¿]*(?:bueno,? |pues,? )?(?:quizás?|tal vez|creo|pienso|supongo|diría|será|podría ser|es (?:por|que|el|la|un|una)|porque)(?!\p{L})/iu,
  },
]

export const wantsAnswer = (text: string): boolean => CUES.some(({ answer }) => answer.test(text))
export const wantsHelp = (text: string): boolean => CUES.some(({ help }) => help.test(text))
export const isAttempt = (text: string): boolean => CUES.some(({ attempt }) => attempt.test(text))

const OF_THEMSELVES: readonly RegExp[] = [
  /(?<!\p{L})(?:my|mine|about me|(?:did|have|had|was|were|am|should) i|i(?:['’]ve| have)? (?:\p{L}+ )?(?:said|told|wrote|written|learn(?:ed|t)|read|asked|studied|noted))(?!\p{L})/iu,
  /(?<!\p{L})(?:mein(?:e[mnrs]?)?|über mich|(?:habe|hatte|war|bin|soll) ich|ich (?:\p{L}+ ){0,6}(?:gesagt|gelernt|gelesen|geschrieben|notiert|gefragt))(?!\p{L})/iu,
  /(?<!\p{L})(?:mis?|sobre mí|dije|aprendí|leí|escribí|anoté|pregunté|tengo|he (?:dicho|aprendido|leído|escrito|anotado))(?!\p{L})/iu,
]

/** Whether the learner asks of their own life or memory ("When is my exam?", "What did I say?"): there is nothing to work out. */
export const asksOfThemselves = (text: string): boolean => OF_THEMSELVES.some((pattern) => pattern.test(text))
