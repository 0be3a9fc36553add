import type { Cited, Phrases, Topic } from './phrases.ts'

const on = (topic: Topic) => topic ?? 'ese tema'
const dated = ({ when, quote }: Cited) => (when === '' ? quote : `${quote} (${when})`)

export const spanishPhrases: Phrases = {
  quote: (text) => `«${text}»`,
  join: (things) => (things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} y ${things.at(-1)}`),
  today: 'hoy',
  yesterday: 'ayer',

  answer: (found) => [
    `En tu memoria está: ${found.map(dated).join('; ')}.`,
    `Esto es lo que guardaste: ${found.map(dated).join('; ')}.`,
  ],
  nearest: (found) => [`No encuentro una respuesta directa en tu memoria; lo más cercano es ${dated(found)}.`],
  onlyMentioned: (found) => [`Ya lo mencionaste, ${dated(found)}, pero aún no encuentro la respuesta en tu memoria.`],
  closeInMeaning: (found) => [
    `No encuentro nada con esas palabras; lo más cercano en sentido quizá sea ${dated(found)}.`,
  ],
  nothing: (topic) => [
    `Todavía no encuentro nada sobre ${on(topic)} en tu memoria, y sin conexión solo respondo a partir de ella.`,
    `He buscado, pero no encuentro nada sobre ${on(topic)} en tu memoria.`,
  ],
  nothingFromThen: (time) => `Del tiempo que nombras, ${time}, no encuentro nada sobre esto.`,
  noMore: (topic) => [`Por ahora no encuentro nada más sobre ${on(topic)} en tu memoria.`],

  connects: (found) => [`Anotado, y enlaza con algo anterior: ${dated(found)}.`],
  mayTouch: (found) => [`Anotado; quizá tenga que ver con ${dated(found)}.`],
  saidBefore: (found) => [`Ya habías guardado la misma idea: ${dated(found)}.`],
  isNew: (topic) => [`Anotado; no encuentro nada anterior sobre ${on(topic)} en tu memoria, así que es un comienzo.`],
  insight: (found) => (found ? [`Eso merece quedarse, y se apoya en ${dated(found)}.`] : ['Eso merece quedarse.']),

  listSoFar: (items) => [`Entendido, ${items.length} hasta ahora: ${items.join('; ')}.`],
  listDone: (items) => [`Tu lista, entonces: ${items.join('; ')}.`],

  empty: ['No he oído ninguna palabra.'],
  unclear: ['Todavía no sé bien de qué se trata.'],
  hello: (found) =>
    found
      ? [`Hola, qué bien oírte: en tu memoria está, por ejemplo, ${dated(found)}.`]
      : ['Hola, soy el tutor sin conexión: cuéntame lo que aprendes y lo encuentro cuando preguntes.'],
  welcome: ['De nada.'],
  aboutMe: [
    'Soy el tutor sin conexión: encuentro y cito lo que me contaste antes y no invento nada; en Ajustes se puede añadir un modelo de lenguaje.',
  ],
  takeHeart: (topic) => [`Le pasa a todo el que aprende; hagamos más pequeño el paso con ${on(topic)}.`],
  good: ['Bien.'],
  allRight: ['De acuerdo.'],
  goodbye: (topics) =>
    topics.length > 0
      ? [`¡Adiós! Esta vez hablaste de ${spanishPhrases.join(topics)}, y ya está en tu memoria.`]
      : ['¡Adiós! Vuelve cuando tengas algo en mente.'],

  ladder: {
    youKnow: [
      'Está en tu memoria, así que inténtalo primero.',
      'Ya guardaste la respuesta una vez; mira si todavía la sabes.',
    ],
    whereToLook: (when) => [
      when === ''
        ? 'Todavía no; piensa dónde lo encontraste por primera vez, está en tu memoria.'
        : `Todavía no; piensa en lo que guardaste ${/^\d/.test(when) ? `el ${when}` : when}.`,
    ],
    withGaps: (text) => [`Más cerca: con tus palabras decía ${text}.`],
    withLetters: (text) => [`Casi todo: ${text}.`],
    right: (found) => [`Eso es: ${dated(found)}.`],
    try: ['¿Qué supones?', '¿Cómo lo dirías?', '¿Qué se te ocurre?'],
  },

  reckoned: {
    of: 'de',
    exactly: 'exactamente',
    here: 'Lo dice la calculadora de este dispositivo.',
    impossible: 'La calculadora de este dispositivo no puede resolverlo. ¿Hay algún error?',
    noSuchDay: 'El calendario no tiene ese día. ¿Hay algún error?',
    now: (day, time, place) => `Es ${day}, ${time}${place === '' ? '' : ` en ${place}`}.`,
    day: (day) => `Es ${day}.`,
    until: (day, days) =>
      days < 0
        ? `${day} fue hace ${-days} ${days === -1 ? 'día' : 'días'}.`
        : `Hasta ${day} ${days === 1 ? 'falta 1 día' : `faltan ${days} días`}.`,
  },

  ask: {
    afterAnswer: {
      why: ['¿Te convence esa razón o falta algo?'],
      how: ['¿Qué paso te gustaría mirar más de cerca?'],
      what: ['¿Cómo lo dirías con tus propias palabras?'],
      compare: ['¿Qué diferencia te importa más?'],
      overview: ['¿En cuál de ellas te gustaría profundizar?'],
      other: ['¿Es lo que buscabas?', '¿Qué añadirías hoy?'],
    },
    isThatIt: (topic) => (topic ? [`¿Es ese el lado de ${topic} que te interesa?`] : ['¿Es eso lo que querías decir?']),
    afterNothing: ['¿Me cuentas lo que sabes de ello, para guardarlo, o lo buscas en Buscar con otras palabras?'],
    afterMention: ['¿Qué has averiguado desde entonces?'],
    link: ['¿Qué une las dos cosas, según tú?', '¿Lo confirma o lo cambia?'],
    aboutNew: (topic) => ['¿Qué despertó tu curiosidad?', `¿Qué es lo que más quieres entender de ${on(topic)}?`],
    whichSide: (topic) => [`¿Qué exactamente de ${on(topic)} tienes en mente?`],
    afterInsight: ['¿Qué te hizo verlo claro?', '¿Qué se sigue de ahí?'],
    oneMore: '¿Hay algo más que añadir?',
    whichOne: '¿Qué más?',
    afterList: ['¿Cuál te importa más?'],
    smallestPart: (topic) => [`¿Qué parte de ${on(topic)} podrías explicar ya a un amigo?`],
    whatNow: ['¿Qué te gustaría ver ahora?'],
    goOn: (topic) =>
      topic ? [`¿Qué es lo primero que se te ocurre sobre ${topic}?`] : ['¿De qué te gustaría hablar?'],
    repeat: ['¿Lo dices otra vez?'],
    lookUp: ['¿Qué busco en tu memoria?', '¿Qué estás aprendiendo ahora?'],
    whatLearning: ['¿Qué estás aprendiendo ahora?'],
  },
}
