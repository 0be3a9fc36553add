import type { Gate } from './run-call.ts'

/** Of what was said, wishes are looked for in so much of its beginning and of its end: what is pasted between them is no wish. */
const LOOKED_AT = 400

/** What may stand before a wish in its clause, in English, German and Spanish. */
const LEAD =
  /^(?:(?:please|ok(?:ay)?|hey|hi|and|also|then|now|so|yes|well|oh|(?:could|can|would|will) you|i(?:['’]d| would) like you to|i want you to|bitte|und|dann|jetzt|also|ja|auch|noch|por favor|y|entonces|ahora|sí|también|(?:puedes|podrías)|quiero que)[,\s]+)*/iu

/** Each is looked for at the beginning of a clause, so that what is denied, told of somebody, or asked about is none. */
const WISHES: Readonly<Record<string, readonly RegExp[]>> = {
  remember: [
    /^(?:remember(?!\s+(?:when|the time|how)\b)|memori[sz]e|(?:keep|bear) (?:this |that |it )?in mind|(?:don['’]?t|do not|never) forget)(?!\p{L})/iu,
    /^(?:merke? dir|merk(?:e|s|['’]s)? dir|behalte? (?:das |dir |es |bitte )|denk(?:e)? (?:bitte )?daran|vergiss (?:bitte )?nicht)(?!\p{L})/iu,
    /^(?:kannst|könntest|würdest) du dir (?:.{1,200} )?merken(?!\p{L})/iu,
    /^(?:recuerda|acuérdate|recuérdalo|ten (?:en cuenta|presente)|memoriza|no (?:te )?olvides)(?!\p{L})/iu,
    /^(?:recordar|memorizar) (?:que|esto)(?!\p{L})/iu,
  ],
  forget: [
    /^forget (?:that i|what i|everything i|all i|(?:about )?my|the (?:fact|memory|statement|thing)|i |that\s*$)/iu,
    /^(?:delete|remove|erase) (?:\p{L}+ ){0,4}(?:memory|memories|what you know|you remember)(?!\p{L})/iu,
    /^vergiss(?: bitte)? (?:dass ich|was ich|alles,? was ich|mein\p{L}*|die erinnerung)(?!\p{L})/iu,
    /^lösche? (?:bitte )?(?:\p{L}+ ){0,3}(?:erinnerung\p{L}*|was du über mich weißt)/iu,
    /^olvida (?:que (?:yo )?|lo que|todo lo que|mis?(?!\p{L}))/iu,
    /^borra (?:\p{L}+ ){0,3}(?:recuerdos?|memoria)(?!\p{L})/iu,
  ],
  create_note: [
    /^(?:make|write|create|take|add|save|start|keep|put)(?: (?!not(?!\p{L}))\p{L}+){0,6} notes?(?!\p{L})/iu,
    /^(?:note (?:that|this|down|it|to self)|(?:write|jot|put|note) (?:this |that |it |these )?down)(?!\p{L})/iu,
    /^(?:notiere?(?: dir)?|schreibe? (?:dir |mir |das |es |bitte )*auf|(?:mache?|schreibe?|erstelle?|lege?)(?: \p{L}+){0,5} notiz\p{L}*)(?!\p{L})/iu,
    /^(?:kannst|könntest|würdest) du (?:.{1,200} )?(?:notieren|aufschreiben|notiz\p{L}* (?:machen|schreiben|erstellen|anlegen))(?!\p{L})/iu,
    /^(?:anota(?:lo)?|anótalo|apunta(?:lo)?|apúntalo|toma notas?|(?:haz|hazme|crea|escribe|añade|guarda)(?: \p{L}+){0,5} notas?)(?!\p{L})/iu,
  ],
  create_card: [
    /^(?:make|write|create|add|give me|prepare|turn)(?: (?!not(?!\p{L}))\p{L}+){0,8} (?:(?:flash|study|review|learning|index) ?)?(?:flash)?cards?(?!\p{L})/iu,
    /^(?:mache?|schreibe?|erstelle?|lege?|gib mir)(?: \p{L}+){0,6} (?:lern|kartei)?karten?(?!\p{L})/iu,
    /^(?:kannst|könntest|würdest) du (?:.{1,200} )?(?:lern|kartei)?karten? (?:machen|schreiben|erstellen|anlegen)(?!\p{L})/iu,
    /^(?:haz|hazme|crea|escribe|añade|prepara|dame)(?: \p{L}+){0,5} (?:tarjetas?|fichas?)(?!\p{L})/iu,
  ],
}

/**
 * Opens a tool that changes the learner's data only where the learner's own words of this turn ask for just that. A tool that is not known
 * here is never opened: whoever adds one says here how it is asked for.
 */
export const learnersWords: Gate = ({ name }, _input, words) => asksFor(name, words)

export function asksFor(tool: string, words: string): boolean {
  const wishes = Object.hasOwn(WISHES, tool) ? WISHES[tool] : undefined
  return wishes !== undefined && clausesOf(words).some((clause) => wishes.some((wish) => wish.test(clause)))
}

/** Whether the learner asks for any change. Then nothing foreign is offered to the model, so that nothing else decides what is changed. */
export function asksForChange(words: string): boolean {
  return Object.keys(WISHES).some((tool) => asksFor(tool, words))
}

/** What the learner said themselves, in clauses, each without what leads to it. Quoted and pasted words are left out. */
function clausesOf(words: string): string[] {
  const looked =
    words.length <= 2 * LOOKED_AT ? words : `${words.slice(0, LOOKED_AT)}\n${words.slice(words.length - LOOKED_AT)}`
  return (
    looked
      .replace(/```[\s\S]*?(?:```|(?![\s\S]))|`[^`\n]*`|^[ \t]*>.*$/gmu, '\n')
      // From the first mark to the last one: what is quoted may hold marks of its own.
      .replace(/"[\s\S]*(?:"|$)|“[\s\S]*(?:”|$)|„[\s\S]*(?:[“”]|$)|«[\s\S]*(?:»|$)/gu, '\n')
      // What is to be remembered or forgotten follows behind a comma in German.
      .replace(/,\s+(?=(?:dass|was|alles)(?!\p{L}))/giu, ' ')
      .split(/[.!?;:,\n–—…]+|\s+(?:and|und|y)\s+(?=\S)/u)
      .map((clause) =>
        clause
          .trim()
          .replace(/^[¡¿(\s]+/u, '')
          .replace(LEAD, ''),
      )
      .filter((clause) => clause !== '')
  )
}
