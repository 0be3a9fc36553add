import type { TutorLanguage } from './language.ts'

/** A word in a text. */
export interface Word {
  /** As written. */
  text: string
  /** UTF-16 place in the text, end exclusive. */
  start: number
  end: number
  /** Lower case, without accents, without ending: equal for forms of one word. */
  stem: string
  /** `content` carries the meaning; `weak` is a general word such as "use"; `stop` is grammar. */
  kind: 'content' | 'weak' | 'stop'
}

/** Scripts that are written without blanks, where words are found by dictionary. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u

/** Plus, hash and inner dots belong to names such as C++, C# and Node.js. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’.][\p{L}\p{N}]+)*[+#]*/gu

export function wordsOf(text: string, language: TutorLanguage): Word[] {
  let previous: Word['kind'] = 'stop'
  return rawWords(text).map(({ text: raw, start }) => {
    const plain = fold(raw)
    // "Learning" says nothing in "I am learning", but names the subject in "machine learning".
    const kind = plain === 'learning' && previous === 'content' ? 'content' : kindOf(raw, plain, language)
    previous = kind
    return { text: raw, start, end: start + raw.length, stem: stemOf(plain, language), kind }
  })
}

/** Stems of the words that carry meaning. */
export function contentStems(text: string, language: TutorLanguage): Set<string> {
  return new Set(
    wordsOf(text, language)
      .filter((word) => word.kind === 'content')
      .map((word) => word.stem),
  )
}

/** Whether two stems belong together: equal, or one a slightly longer form of the other, as `transform` and `transformer`. */
export function stemsMatch(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  return short.length >= 5 && long.length - short.length <= 3 && long.startsWith(short)
}

/** The word in lower case, without accents. */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('’', "'").replaceAll('ß', 'ss').normalize('NFKD').replace(/\p{M}/gu, '')
}

function rawWords(text: string): { text: string; start: number }[] {
  if (!UNSPACED.test(text)) return Array.from(text.matchAll(WORD), (match) => ({ text: match[0], start: match.index }))
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text))
    .filter((part) => part.isWordLike)
    .map((part) => ({ text: part.segment, start: part.index }))
}

function kindOf(raw: string, plain: string, language: TutorLanguage): Word['kind'] {
  const bare = plain.replace(/'(s|re|ve|ll|d|m)$/, '')
  if (STOP[language].has(plain) || STOP[language].has(bare)) return 'stop'
  if (WEAK[language].has(bare)) return 'weak'
  // One letter is a name in "the matrix Q", and noise elsewhere.
  if (bare.length === 1 && !UNSPACED.test(raw) && !/^[\p{Lu}\p{N}]$/u.test(raw)) return 'stop'
  return 'content'
}

/**
 * Takes the commonest endings off. Much coarser than a real stemmer, and enough to see that "computing" and "computes" are one word: a wrong
 * match only moves a quotation up, it never changes its words.
 */
function stemOf(plain: string, language: TutorLanguage): string {
  const word = plain.replace(/'s$/, '').replaceAll("'", '')
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word
  if (language === 'de') return cut(word, /(?:ungen|ung|en|er|es|em|e|n|s)$/, 4)
  if (language === 'es') return cut(cut(word, /(?:mente|es|s)$/, 4), /[aeo]$/, 4)
  return stemEnglish(word)
}

function stemEnglish(word: string): string {
  let stem = word
  if (stem.endsWith('ies') && stem.length > 4) stem = `${stem.slice(0, -3)}y`
  else if (/(?:ss|x|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2)
  else if (/[^suy]s$/.test(stem) && !/(?:is|sis)$/.test(stem)) stem = stem.slice(0, -1)
  const verb = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(stem)?.[1]
  if (verb !== undefined && verb.length >= 3) stem = verb.replace(/([^aeiouls])\1$/, '$1')
  else stem = cut(stem, /ly$/, 4)
  return cut(stem, /e$/, 3)
}

function cut(word: string, ending: RegExp, shortest: number): string {
  const stem = word.replace(ending, '')
  return stem.length >= shortest ? stem : word
}

function set(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/))
}

/** Grammar. All lists are in folded form. */
const STOP: Record<TutorLanguage, ReadonlySet<string>> = {
  en: set(`
    a an the this that these those it its he she they them their his her him we us our you your yours i me my mine myself yourself itself
    themselves himself herself ourselves
    am is are was were be been being do does did doing done have has had having can could will would shall should may might must let
    not no nor and or but if then else so than as at by for from in into of off on onto out over to up upon with without within about
    above after again against all also always any because before behind below between both during each either ever every few further
    here how however just more most much many neither never now often once one only other others own per quite rather same since some
    still such there therefore though through thus too toward towards under until very via what whatever when whenever where which
    while who whom whose why yes yet ok okay please well oh hey hi hello um uh hmm dont doesnt didnt isnt arent wasnt cant couldnt
    wont wouldnt shouldnt im ive id ill youre youve theyre its thats whats hows whos lets don't doesn't didn't isn't aren't wasn't
    can't couldn't won't wouldn't shouldn't today yesterday tomorrow lot lots bit maybe perhaps`),
  de: set(`
    der die das den dem des ein eine einen einem einer eines ich du er sie es wir ihr mich mir dich dir uns euch ihm ihn ihnen sich mein
    meine meinen meiner meinem dein deine deinen deiner sein seine ihre unser euer bin bist ist sind seid war waren wird werden wurde
    wurden worden geworden habe hast hat haben hatte hatten kann kannst konnen konnte soll sollen sollte muss mussen musste darf durfen
    will wollen wollte mochte wurde nicht kein keine keinen nie und oder aber wenn dann sonst als wie so dass weil denn ob an am auf
    aus bei beim bis durch fur gegen hinter im in ins mit nach neben ohne seit uber um unter von vom vor zu zum zur zwischen was wer wen
    wem wessen wo woher wohin wann warum wieso weshalb welche welcher welches welchen hier da dort heute gestern morgen jetzt immer auch
    nur noch schon sehr mehr viel viele alle alles etwas man dies diese dieser dieses diesen jede jeder jedes ja nein bitte mal doch
    eben halt also danke gibt`),
  es: set(`
    el la los las lo un una unos unas yo tu te ti me mi mis tus su sus se nos nosotros usted ustedes ellos ellas le les es son era eran
    fue fueron ser estar esta estan estoy estaba he ha han habia hay hace haces puede puedo pueden debe deben no ni y e o u pero si
    entonces como que cual cuales quien quienes cuyo donde cuando cuanto cuanta cuantos porque por para a al de del en con sin sobre
    entre hasta desde hacia segun tras durante antes despues aqui ahi alli hoy ayer manana ahora siempre nunca tambien solo ya muy mas
    mucho mucha muchos todo todos toda todas algo este esto esta estos estas ese eso esa esos esas aquel cada otro otra favor gracias`),
}

/** General words: they say little about the subject, but help to choose between two sentences. */
const WEAK: Record<TutorLanguage, ReadonlySet<string>> = {
  en: set(`
    learn learned learning learnt know knows knew known think thinks thought say says said tell tells told mention mentioned remember
    remind recall explain explains describe define definition mean means meant meaning understand understood work works worked working
    thing things stuff something anything everything nothing someone kind kinds sort sorts type types way ways part parts example
    examples idea ideas topic topics problem problems subject question questions answer answers note notes memory memories talk talked talking discuss
    discussed read reading study studied studying look looking find found use used uses using make makes made making get gets got
    getting go goes going went come comes came take takes took give gives gave given want wants wanted need needs needed like liked likes love loves prefer prefers
    try tried trying start started see seen saw show shows showed put difference differences different compare compared similar
    relation related relate happen happens happened summary summarise summarize overview list important good great really basically
    actually interesting interested help helps new first second third next finally lastly feel feels felt believe believed realise
    realised realize realized wonder wondering heard hear called name names time times better best worse worst hard easy difficult fun moment stuck lost confused confusing overwhelmed
    frustrated completely totally nice bad big small able`),
  de: set(`
    lernen lerne lernt gelernt weiss wissen wusste denke denken gedacht sage sagen sagt gesagt erzahl erzahle erzahlen erwahnt erinnere
    erinnern erklar erklare erklaren beschreibe definiere definition bedeutet bedeuten bedeutung verstehe verstehen verstanden
    funktioniert funktionieren ding dinge sache sachen art arten weise teil teile beispiel beispiele idee ideen thema frage fragen
    antwort notiz notizen gedachtnis reden geredet gelesen lesen lese finde gefunden nutzen benutzt verwendet macht machen gemacht geht
    gehen kommt kommen nimmt gebe geben brauche braucht gerne versuche unterschied unterschiede vergleich vergleiche ahnlich
    zusammenfassung ubersicht liste wichtig gut neu glaube fuhle gemerkt erkannt gehort heisst nennt zeit interessant eigentlich`),
  es: set(`
    aprender aprendo aprendi aprendiendo aprendido saber sabe sabes sabia pensar pienso dije dijo dicho decir dime cuenta cuentame
    mencione recuerdo recuerdas recordar explica explicame explicar describe define definicion significa significado entender entiendo
    entendi funciona funcionan cosa cosas tipo tipos manera forma parte partes ejemplo ejemplos idea ideas tema pregunta respuesta nota
    notas memoria hablar hable hablamos leer lei leyendo encontrar usa usar usan hacer hizo hago ir voy va viene tomar dar quiero
    necesito gusta diferencia diferencias comparar similar resumen lista importante bueno nuevo creo siento oi llama nombre tiempo
    interesante`),
}
