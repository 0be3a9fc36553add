import type { Cited, Phrases, Topic } from './phrases.ts'

const on = (topic: Topic) => topic ?? 'diesem Thema'
const dated = ({ when, quote }: Cited) => (when === '' ? quote : `${quote} (${when})`)

export const germanPhrases: Phrases = {
  quote: (text) => `„${text}“`,
  join: (things) => (things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} und ${things.at(-1)}`),
  today: 'heute',
  yesterday: 'gestern',

  answer: (found) => [
    `In deinem Gedächtnis steht: ${found.map(dated).join('; ')}.`,
    `Das hast du festgehalten: ${found.map(dated).join('; ')}.`,
  ],
  nearest: (found) => [`Eine direkte Antwort finde ich in deinem Gedächtnis nicht; am nächsten kommt ${dated(found)}.`],
  onlyMentioned: (found) => [
    `Du hast es schon einmal angesprochen, ${dated(found)}, aber eine Antwort finde ich in deinem Gedächtnis noch nicht.`,
  ],
  closeInMeaning: (found) => [
    `Mit diesen Worten finde ich nichts; dem Sinn nach am nächsten ist vielleicht ${dated(found)}.`,
  ],
  nothing: (topic) => [
    `Zu ${on(topic)} finde ich in deinem Gedächtnis noch nichts, und offline antworte ich nur daraus.`,
    `Ich habe gesucht, aber zu ${on(topic)} finde ich in deinem Gedächtnis bisher nichts.`,
  ],
  nothingFromThen: (time) => `Für die Zeit, die du nennst, ${time}, finde ich dazu nichts.`,
  noMore: (topic) => [`Mehr finde ich zu ${on(topic)} im Moment nicht in deinem Gedächtnis.`],

  connects: (found) => [`Notiert, und es knüpft an etwas Früheres an: ${dated(found)}.`],
  mayTouch: (found) => [`Notiert; es könnte mit ${dated(found)} zu tun haben.`],
  saidBefore: (found) => [`Denselben Gedanken hast du schon festgehalten: ${dated(found)}.`],
  isNew: (topic) => [
    `Notiert; zu ${on(topic)} finde ich nichts Früheres in deinem Gedächtnis, das ist also ein Anfang.`,
  ],
  insight: (found) =>
    found
      ? [`Das ist es wert, behalten zu werden, und es baut auf ${dated(found)} auf.`]
      : ['Das ist es wert, behalten zu werden.'],

  listSoFar: (items) => [`Verstanden, bisher ${items.length}: ${items.join('; ')}.`],
  listDone: (items) => [`Deine Liste also: ${items.join('; ')}.`],

  empty: ['Ich habe keine Worte gehört.'],
  unclear: ['Ich bin noch nicht sicher, worum es geht.'],
  hello: (found) =>
    found
      ? [`Hallo, schön, dich zu hören: In deinem Gedächtnis steht zum Beispiel ${dated(found)}.`]
      : ['Hallo, ich bin der Offline-Tutor: Erzähl mir, was du lernst, und ich finde es wieder, wenn du fragst.'],
  welcome: ['Gern geschehen.'],
  aboutMe: [
    'Ich bin der Offline-Tutor: Ich finde und zitiere, was du mir früher gesagt hast, und erfinde nichts; ein Sprachmodell lässt sich in den Einstellungen hinzufügen.',
  ],
  takeHeart: (topic) => [`Das geht allen so, die etwas lernen; machen wir den Schritt bei ${on(topic)} kleiner.`],
  good: ['Gut.'],
  allRight: ['In Ordnung.'],
  goodbye: (topics) =>
    topics.length > 0
      ? [`Auf Wiedersehen! Diesmal ging es um ${germanPhrases.join(topics)}, und es ist jetzt in deinem Gedächtnis.`]
      : ['Auf Wiedersehen! Komm wieder, wann immer dich etwas beschäftigt.'],

  ladder: {
    youKnow: [
      'In deinem Gedächtnis steht es, also versuch es zuerst selbst.',
      'Das hast du schon einmal festgehalten; sieh, ob du es noch weißt.',
    ],
    whereToLook: (when) => [
      when === ''
        ? 'Noch nicht; denk daran, wo es dir zuerst begegnet ist, es steht in deinem Gedächtnis.'
        : `Noch nicht; denk zurück an das, was du ${/^\d/.test(when) ? `am ${when}` : when} festgehalten hast.`,
    ],
    withGaps: (text) => [`Näher dran: In deinen Worten hieß es ${text}.`],
    withLetters: (text) => [`Fast alles davon: ${text}.`],
    right: (found) => [`Genau das ist es: ${dated(found)}.`],
    try: ['Was vermutest du?', 'Wie würdest du es sagen?', 'Was fällt dir dazu ein?'],
  },

  reckoned: {
    of: 'von',
    exactly: 'genau',
    here: 'Das sagt der Rechner dieses Geräts.',
    impossible: 'Das kann der Rechner dieses Geräts nicht ausrechnen. Steckt ein Versehen darin?',
    noSuchDay: 'Einen solchen Tag gibt es im Kalender nicht. Steckt ein Versehen darin?',
    now: (day, time, place) => `Es ist ${day}, ${time} Uhr${place === '' ? '' : ` in ${place}`}.`,
    day: (day) => `Das ist ${day}.`,
    until: (day, days) =>
      days < 0
        ? `${day} war vor ${-days} ${days === -1 ? 'Tag' : 'Tagen'}.`
        : `Bis ${day} ${days === 1 ? 'ist es 1 Tag' : `sind es ${days} Tage`}.`,
  },

  ask: {
    afterAnswer: {
      why: ['Überzeugt dich dieser Grund, oder fehlt noch etwas?'],
      how: ['Welchen Schritt davon möchtest du genauer ansehen?'],
      what: ['Wie würdest du das in eigenen Worten sagen?'],
      compare: ['Welcher Unterschied ist dir am wichtigsten?'],
      overview: ['Worauf davon möchtest du näher eingehen?'],
      other: ['Ist es das, was du gesucht hast?', 'Was würdest du heute hinzufügen?'],
    },
    isThatIt: (topic) => (topic ? [`Ist das die Seite von ${topic}, die du meinst?`] : ['Ist es das, was du meinst?']),
    afterNothing: [
      'Magst du mir erzählen, was du darüber weißt, damit es bleibt, oder in der Suche mit anderen Worten danach schauen?',
    ],
    afterMention: ['Was hast du seitdem darüber herausgefunden?'],
    link: ['Was verbindet die beiden aus deiner Sicht?', 'Bestätigt es das, oder ändert es etwas?'],
    aboutNew: (topic) => [
      'Was hat dich darauf neugierig gemacht?',
      `Was möchtest du an ${on(topic)} vor allem verstehen?`,
    ],
    whichSide: (topic) => [`Was genau an ${on(topic)} hast du im Sinn?`],
    afterInsight: ['Wodurch ist dir das klar geworden?', 'Was folgt daraus?'],
    oneMore: 'Kommt noch etwas dazu?',
    whichOne: 'Was denn?',
    afterList: ['Was davon ist dir am wichtigsten?'],
    smallestPart: (topic) => [`Welchen Teil von ${on(topic)} könntest du schon jemandem erklären?`],
    whatNow: ['Was möchtest du als Nächstes ansehen?'],
    goOn: (topic) => (topic ? [`Was fällt dir zu ${topic} als Erstes ein?`] : ['Worüber möchtest du sprechen?']),
    repeat: ['Sagst du es noch einmal?'],
    lookUp: ['Was soll ich in deinem Gedächtnis nachsehen?', 'Was lernst du gerade?'],
    whatLearning: ['Was lernst du gerade?'],
  },
}
