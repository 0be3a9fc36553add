/** Last words after which a sentence goes on, in the languages of the screens. */
const GO_ON = new Set(
  [
    // English: articles, conjunctions, prepositions, auxiliaries, fillers.
    'a an the my your his her its our their this these those and or but nor so because if when while although though unless until',
    'whether which whose than as of in on at by for from with without into onto about between through during against among toward towards',
    'is are was were am be been being has have had do does did can could will would shall should may might must to not very',
    'um uh er erm hmm like',
    // German.
    'der die das den dem des ein eine einen einem einer mein dein sein unser und oder aber sondern denn weil wenn als ob obwohl damit dass',
    'während bis wie von mit für durch gegen ohne um aus bei nach seit vom zum zur beim im am ins auf über unter zwischen ist sind war',
    'waren hat haben hatte kann können muss müssen will wollen soll sollen wird werden würde nicht sehr äh ähm',
    // Spanish.
    'el la los las un una unos unas mi tu su y e o u pero porque si cuando mientras aunque que como de del al en con sin por para entre',
    'sobre desde hasta hacia según es son era eran está están ha han había puede pueden debe deben quiere muy eh este',
  ].flatMap((words) => words.split(' ')),
)
/** Of these, those that also end a sentence: "what is it about?", "so ist es, wie". They count only without a mark of its end. */
const ALSO_LAST = new Set(
  'is are was were am be been do does did can could will would have has had not so this these those about in on by with for to like as this that her das sein an auf aus bei nach um mit über wie ist sind war kann muss will wird nicht este sobre por si es son para'.split(
    ' ',
  ),
)

/**
 * Whether a sentence, as it was heard, can stand as it is. The recogniser writes a full stop after anything, so that words count first and
 * marks only where words leave it open.
 */
export function isFinished(text: string): boolean {
  const heard = text.trim()
  if (heard === '') return true
  if (/[,;:\-–—…]$|\.\.\.$/.test(heard)) return false
  const last = /([\p{L}\p{M}'’]+)[^\p{L}\p{M}]*$/u.exec(heard)?.[1]?.toLowerCase()
  if (last === undefined || !GO_ON.has(last)) return true
  return ALSO_LAST.has(last) && /[.!?]["'”’)]*$/.test(heard)
}
