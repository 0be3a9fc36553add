import type { TutorLanguage } from '../../models/index.ts'
import type { Analysis } from '../../vault/index.ts'

/** Beginnings of words by which learners say how they feel about what they do. */
const GOOD: Record<TutorLanguage, string> = {
  en: 'love* enjoy* great excellent awesome amazing wonderful fantastic beautiful* fun excit* happy glad proud* interest* fascinat* curious confident* easy easier clear* clicked* understood solved nailed aced succe* improv* better best helpful thank* cool nice brilliant satisf* motivat* inspir* elegant* relie* enthusias* good pleased pleasant pleasure rewarding',
  de: 'liebe* genieß* toll* großartig* super* wunderbar* fantastisch* schön* spaß* freu* froh* glücklich* stolz* interess* spannend* faszin* neugierig* sicher* leicht* klar* verstanden gelöst geschafft gelungen erfolg* verbesser* besser* beste* hilfreich* danke* cool* nett* genial* zufrieden* motiviert* inspir* elegant* erleichter* begeister* gut* angenehm*',
  es: 'encanta* disfrut* genial* excelente* increíble* maravill* fantástic* hermos* divert* emocion* feliz* content* alegr* orgullos* interes* fascin* curios* segur* fácil* clar* entendí comprendí resuelto resolví logré logrado éxito* mejor* útil* gracias bonit* brillante* satisf* motivad* inspir* elegante* alivi* entusiasm* bien buen* agrad* gusta* gustó',
}
const BAD: Record<TutorLanguage, string> = {
  en: 'hate* hated boring bored confus* frustrat* stuck lost difficult* hard harder struggl* annoy* tired tiring exhaust* overwhelm* afraid anxious anxiety worr* nervous scared stress* fail* bad worse worst terrible awful horrible useless pointless forgot* forgetting mistake* wrong sad unhappy disappoint* hopeless discourag* panic* dread* embarrass* dumb stupid painful ugly tedious demotivat*',
  de: 'hasse* langweil* verwirr* frustr* fest* verloren schwierig* schwer* kämpfe* nerv* müde* anstrengend* erschöpf* überforder* angst* sorge* nervös* stress* gescheitert scheiter* schlecht* schlimm* furchtbar* schrecklich* nutzlos* sinnlos* vergessen vergesse vergaß* verwechsl* fehler* falsch* traurig* enttäusch* hoffnungslos* entmutig* panik* peinlich* dumm* blöd* mühsam* verzweifel* durchgefallen',
  es: 'odi* aburr* confund* confus* frustr* atasc* perdid* difícil* cuesta* costó molest* cansad* agot* abrum* miedo* ansie* preocup* nervios* estrés estres* fracas* mal mala* peor* terrible* horrible* inútil* olvido olvidé olvidado error* equivoc* triste* decepcion* desanim* desmotiv* pánico* vergüenza* tont* torpe* pesad* suspendí desesper*',
}
/** Turn the next three words around. */
const NOT: Record<TutorLanguage, RegExp> = {
  en: /^(?:not|no|never|nothing|hardly|barely|without|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|can't|cannot|couldn't|won't|wouldn't|haven't|hasn't|dont|isnt|cant)$/u,
  de: /^(?:nicht|kein\p{L}*|nie|niemals|nichts|kaum|ohne|weder)$/u,
  es: /^(?:no|nunca|jamás|nada|sin|tampoco|apenas)$/u,
}
const REACH = 3
/** Weigh the next word more, or less. */
const MORE =
  /^(?:very|really|so|extremely|totally|completely|absolutely|super|sehr|wirklich|total|völlig|extrem|absolut|muy|realmente|tan|totalmente|sumamente|súper)$/u
/** What follows it is what is meant. */
const BUT = /^(?:but|however|yet|although|though|aber|jedoch|doch|trotzdem|pero|sino|aunque)$/u

/** Beyond it a feeling is one, in words for every square root of the words said. */
const CLEAR = 0.25

const patterns = new Map<string, RegExp>()

/**
 * How the learner feels, by the words of feeling in what they say: turned around by a negation before them, weighed up by an intensifier,
 * and half as much before a "but" (in the manner of VADER, Hutto and Gilbert 2014).
 */
export function sentimentOf(text: string, language: TutorLanguage): Analysis['sentiment'] {
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}']+/gu) ?? []
  const turn = words.findLastIndex((word) => BUT.test(word))
  let sum = 0
  words.forEach((word, at) => {
    const feeling = feelingOf(word, language)
    if (feeling === 0) return
    const before = words.slice(Math.max(0, at - REACH), at)
    const turned = before.some((one) => NOT[language].test(one)) ? -0.8 : 1
    const weight = MORE.test(words[at - 1] ?? '') ? 1.5 : 1
    sum += feeling * turned * weight * (at < turn ? 0.5 : 1)
  })
  const strength = sum / Math.sqrt(Math.max(4, words.length))
  if (strength > CLEAR / 2 && sum >= 0.8) return 'positive'
  return strength < -CLEAR / 2 && sum <= -0.4 ? 'negative' : 'neutral'
}

function feelingOf(word: string, language: TutorLanguage): number {
  if (listed(GOOD[language]).test(word)) return 1
  return listed(BAD[language]).test(word) ? -1 : 0
}

function listed(words: string): RegExp {
  const known = patterns.get(words) ?? new RegExp(`^(?:${words.replaceAll('*', '\\p{L}*').replaceAll(' ', '|')})$`, 'u')
  patterns.set(words, known)
  return known
}
