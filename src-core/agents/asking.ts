/** Words that begin a question or a wish to be told, in English, German and Spanish; transcripts often lack the question mark. */
const BEGINNINGS =
  /^[\s¿"'„“«]*(?:what|when|where|who|whom|whose|which|how|why|did|do|does|was|were|is|are|have|can you|could you|tell me|show me|remind me|list|summari[sz]e|wann|wo|woher|wohin|wer|wen|wem|wie|warum|wieso|weshalb|welche[rsnm]?|habe ich|hatte ich|zeig|erzähl mir|erinnere mich|fasse|qué|cuándo|dónde|quién|quiénes|cómo|cuál|cuáles|cuánt[oa]s?|por qué|dime|recuérdame|muéstrame|resume)(?![\p{L}\p{N}])/iu

/** Whether somebody asks, and does not only tell. "Today I understood cells" tells; a time in it is no filter for what is remembered. */
export function isAsking(text: string): boolean {
  return /[?？؟]/.test(text) || BEGINNINGS.test(text)
}

/** Words that begin a sentence which tells something, in English, German and Spanish: who or what it is about, when it was, or one's own doing. */
const TELLING =
  /^[\s¿"'„“«]*(?:i|i[’'](?:m|ve|ll|d)|we|we[’'](?:ve|ll|re)|my|our|the|a|an|it|it[’']s|this|that|these|he|she|they|his|her|their|there|today|yesterday|tomorrow|tonight|next|last|before|after|in|at|on|for|ich|wir|mein\p{L}*|unser\p{L}*|der|die|das|dem|den|ein|eine[mnr]?|es|er|sie|dies\p{L}*|heute|gestern|morgen|nächste\p{L}*|letzte\p{L}*|bis|vor|nach|bei|beim|im|in|am|auf|yo|me|mis?|nuestr[oa]s?|el|la|los|las|lo|un|una|no|se|hoy|ayer|mañana|antes|después|en|al|para|por|tengo|debo|debería|he|hay|aún|todavía)(?![\p{L}\p{N}])/iu
/** A verb in the third person after a subject of up to three words: an imperative has its verb first. */
const STATING =
  /^[\s¿"'„“«]*(?:(?!(?:that|if|whether|how|when|why|who|dass|ob|wie|wann|que|si|cuándo|cómo)\s)[\p{L}\p{N}’'-]+ ){1,3}(?:is|are|was|were|isn[’']t|aren[’']t|has|had|can|can[’']t|cannot|could|will|would|may|might|must|means|makes|made|looks|feels|felt|seems|reminds?|depends?|comes?|came|goes|went|works?|gets?|got|keeps?|kept|takes?|took|needs?|ist|sind|war|waren|hat|haben|hatte|wird|werden|kann|können|muss|müssen|bedeutet|heißt|erinnert|hängt|kommt|steht|liegt|gibt|geht|lief|fällt|fiel|macht|sitzt|es|son|era|eran|fue|fueron|está|están|estaba|tiene|tienen|puede|pueden|significa|recuerda|depende|viene|va|van|hace|cuesta|parece|salió|salieron)(?![\p{L}\p{N}])/iu
/** Verbs with which one asks for something, in the imperative: what follows them about oneself is a reason for it. */
const COMMANDING =
  /^[\s¿¡"'„“«]*(?:please |bitte |por favor,? )?(?:compare|contrast|explain|describe|tell|show|give|make|write|list|sum|summari[sz]e|recap|find|search|look|check|prove|derive|solve|calculate|compute|translate|define|help|let|outline|discuss|analy[sz]e|evaluate|plan|design|draw|draft|walk|teach|trace|examine|prepare|build|create|lay|go|take|put|work|vergleich\p{L}*|erklär\p{L}*|erläuter\p{L}*|beschreib\p{L}*|nenn\p{L}*|zeig\p{L}*|gib|mach\p{L}*|schreib\p{L}*|list\p{L}*|fass\p{L}*|such\p{L}*|find\p{L}*|beweis\p{L}*|leite|lös\p{L}*|berechn\p{L}*|übersetz\p{L}*|hilf|lass\p{L}*|stell\p{L}*|erstell\p{L}*|entwirf|plan\p{L}*|sag|trag|erörter\p{L}*|bewert\p{L}*|analysier\p{L}*|prüf\p{L}*|compar[ae]\p{L}*|explic\p{L}*|expliqu\p{L}*|describ\p{L}*|di|dime|muestra\p{L}*|muéstra\p{L}*|da|dame|haz\p{L}*|escrib\p{L}*|lista|resum\p{L}*|busca\p{L}*|encuentra\p{L}*|demuestra\p{L}*|deriva|deduce|resuelv\p{L}*|calcula\p{L}*|traduc\p{L}*|ayúda\p{L}*|ayuda\p{L}*|prepara\p{L}*|diseña\p{L}*|traza\p{L}*|analiza\p{L}*|evalúa\p{L}*|comprueba\p{L}*)(?![\p{L}\p{N}])/iu
/** After the first clause, what the learner themselves did, thought or means to do. */
const OWN_CLAUSE =
  /[,;.] (?:(?:and|but|so|as|which|und|aber|also|das|wie|y|pero|así que) )?(?:i (?!want|wish|wonder)\p{L}+|i[’'](?:ll|ve)|(?:(?!(?:wa|wo|wi|we|di|de|da)\p{L}* )\p{L}+ )?(?:ich|mir)(?! (?:möchte|will))|(?:(?:me|lo|la|los|las|se me) )?\p{L}+(?:é|í))(?!\p{L})/iu
/** What somebody says who wants to be told, though nothing is asked. */
const WISHING =
  /(?<!\p{L})(?:i (?:want|need|wish|would (?:like|love)) (?:to (?:know|see|hear|understand)|an?|the|your)|i[’']d (?:like|love)|i wonder|(?:ich )?(?:möchte|will|würde|wüsste|hätte|brauche) (?:ich )?(?:gern|gerne|wissen|sehen|verstehen|hören|ein\p{L}*|alle\p{L}*)|wüsste ich|mich (?:würde )?interessier\p{L}*|(?:quiero|necesito|querría|quisiera|me gustaría) (?:saber|ver|entender|oír|un|una|que)|me interesa)(?!\p{L})/iu

/** Whether somebody only tells: nothing is asked, nothing wished for, and it begins as what is told begins. An imperative does not. */
export function isTelling(text: string): boolean {
  if (isAsking(text) || COMMANDING.test(text) || WISHING.test(text)) return false
  return TELLING.test(text) || STATING.test(text) || OWN_CLAUSE.test(text)
}
