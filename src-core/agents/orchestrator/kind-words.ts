/**
 * What words of the learner's wishes mean, in English, German and Spanish: the embedder has learned little of the latter two, so that what they
 * share with English must be told. Beginnings of words stand for all their forms; `=` asks for the whole word.
 */
const MEANINGS = {
  self: '=i =im =ive =id =me =my =mine =myself =ich =mir =mich =mein =meine =meinem =meinen =meiner =meines =yo =mi =mis =me =conmigo =mí',
  together: '=we =us =our =wir =uns =unser unsere nuestr =hemos =nosotros',
  haveI:
    '=am =have =did =do =ive =habe =bin =war =werde =kann =weiß =mache =lerne =übe =he =estoy =soy =voy =sé =tengo =aprendo =practico',
  partner: '=you =your =du =dir =dich =dein =deine =tú =te =ti =puedes =kannst =can =could',
  learning:
    'practic praktizier learn stud practi lern übe üben geübt wiederhol aprend estudi repas revis rehears session sitzung sesion sesión train',
  progress:
    'track kurs encamin avance avanza breakthrough erfolg descubrim kapitel chapter capítulo progress improv better further advance fortschritt besser verbess weiter progres avanz mejor faster growing grow wächst crece schneller rápido ready bereit listo',
  weakness:
    'contradict widersprech contradic falsch corrig weak gap hole stuck struggl mistake error wrong confus forget neglect avoid lack missing hard schwäch schwach lücke fehler verwechs vergess vergesse vernachlässig débil lagun atasc descuid confund olvid falta cuesta costó schwer difícil avoiding',
  strength: 'strength strong strongest stärke stark fuerte fortalez punto well gut bien',
  period:
    'monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag =lunes =martes =miércoles =jueves =viernes =sábado =domingo january february april june july august november december januar februar märz juni juli novemb dezemb oktob enero febrero marzo abril junio julio agosto septiembr octubr noviembr diciembr week month semester year today yesterday lately recent days weeks months autumn summer spring winter morning october september woche monat semester heute gestern zuletzt letzter jahr tage semana mes meses hoy ayer últim dias días año semestre so far since bisher seit hasta desde',
  span: 'lately recently since past last so far over bisher seit letzte vergangen zuletzt desde últimamente pasad ahora',
  next: 'pick ansetzen sigo seguir weitermach continue empezar anfang =next =now should focus priorit nächste sollte soll konzentr jetzt debería debo próxim concentr ahora toca siguient tomorrow morgen mañana',
  sumUp:
    'bilanz balance stock boil eingedampft condens quedó hängen takeaway pull trag junt reún reun liste list enumer bericht report informe weekly wochen summar recap overview review wrap sum highlight main points back covered conversation gespräch hauptpunkt behandelt conversación principales atrás vi visto zurück zusammen rückblick überblick resum repaso resumen balance recorr reflect',
  habit:
    'habit pattern often regular tend consistent always usually muster gewohnheit oft immer regelmäßig patrón patrones hábit siempre menudo suelo frecuen',
  notes:
    'chapters kapitel capítulos note notes notizen apunt nota notas journal diary sessions questions fragen preguntas goals ziele metas topics themen temas concepts conceptos ideas ideen',
  compare:
    'compar contrast differ versus =vs similarit distinguish vergleich unterscheid unterschied gegenüber diferenci distingu contrast común gemeinsam relate connect zusammenhäng relacion parec hängen hängt',
  evaluate:
    'examin examen untersuch claim behauptung afirmac tesis thesis position postura sopes widersprich contraria debat ethic problem pros =cons advantag disadvantag argument weigh assess evaluat critic discuss trade debate judg rank vorteil nachteil bewert beurteil abwäg erörter kritisch ventaja desventaja inconvenient argument evalú valor crític discut criti valora against gegen contra consensus theor position opin',
  depth:
    'zero null cero angles seiten ángulos piece stück pieza depth detail thorough step steps whole entire complete every each everything full fully deep really exactly ausführlich gründlich schritt ganze ganzen gesamt jede jeden jedes alles genau history development life cycle everything verlauf geschichte entwicklung historia desarrollo detalle profund paso pasos todo toda completa cada fondo verdad wirklich through',
  explain:
    'interpret deut lay expón expon darstell stell tell cuéntame teach bring trace unpack reconstruct verfolg recorr aclar llév ayúd hilf help understand begreif comprend structure aufbau estructura contribut beiträgt aporta happens passiert pasa lief proceso explain analys analyz teach walk describe outline erklär analysier erläuter beschreib erzähl beibring explic analiz enseñ describ cuént',
  prove:
    'prove proof deriv solve show compute calculate beweis herleit leite löse zeige bestimm berechn demuestr deduc resuelv calcul muestr prueb',
  search:
    'forschung findings erkenntnis hallazgo summit konferenz conference cumbre beschlossen acordó acuerd concluy conclud google googl fetch get bring recent review report bericht informe last letzten nachseh schau geh mira indag busca encuéntra search look find google research source paper article stud latest current online web internet cite evidence investigat such recherch quelle studie artikel neuest aktuell beleg netz finde herausfind busc fuent estudios artículo actual últimos internet cit averig investig verif check prüf comprueb encuentr novedad neues verific',
  make: 'essay aufsatz ensayo lesson unterricht lección plan unidad schedule prepára write plan design make build create draft prepare course essay outline timeline list put schreib kurs gliederung zeitleiste curso esquema cronolog liste lista entwirf plane erstell baue escrib diseñ haz planea prepar constru elabor',
  cause:
    '=why cause reason consequence effect lead warum weshalb ursach grund folge weil causa razón motivo consecuencia =porqué',
  several:
    '=and =then =also =first =finally =both =several =und =dann =erst =beide =mehrere =y =e =luego =después =primero =ambos =varias =varios',
  define:
    'mean means meaning called define spell pronounce translat synonym bedeut heißt schreib buchstab aussprech übersetz signific llama deletre pronunc traduc =dice =sagt =escribe =schreibt',
  fact: '=who =when =where =how =many =much =wer =wann =wo =wie =viele =quién =cuándo =dónde =cuánto =cuántos =cuántas =capital =formula',
  recall:
    'said told mentioned remember remind wrote recommended gesagt erwähnt erinner notiert merk dije recuerd mencion apunt',
  wish: '=give =dame =gib =show =zeig =zeige =muéstrame =enséñame =list =lies =tell =dime =sag =make =mach =haz =pull =put =let =lets =lass =hagamos =echemos =help =hilf =ayúdame =need =brauche =necesito =want =will =quiero =like =möchte',
  article:
    '=the =a =an =der =die =das =ein =eine =el =la =los =las =un =una =this =these =in =mi =my =our =unser =unsere',
  greeting:
    '=hi =hello =hey good thanks thank bye okay =ok =yes =no hallo guten danke tschüss ja nein =hola buenos buenas gracias adiós sí vale',
  told: '=learned =read =understood =think =thought =finished =made =saw =heard =noticed gelesen verstanden glaube denke gemacht gehört leí entendí creo pienso hice vi oí terminé aprendí',
} as const

const MATCHERS = Object.values(MEANINGS).map((list) => {
  const words = plain(list).split(' ')
  return {
    whole: new Set(words.filter((word) => word.startsWith('=')).map((word) => word.slice(1))),
    beginnings: words.filter((word) => !word.startsWith('=')),
  }
})

/** How strongly each meaning stands in these lower-cased words: 0, or 1 and a little more for each repetition. */
export function meaningsIn(words: readonly string[]): number[] {
  const read = words.map(plain)
  return MATCHERS.map(({ whole, beginnings }) => {
    const count = read.filter((word) => whole.has(word) || beginnings.some((start) => word.startsWith(start))).length
    return Math.log2(1 + count)
  })
}

/** Without accents: a Spanish verb has them in one form and not in the next. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '')
}
