import type { Cited, Phrases, Topic } from './phrases.ts'

const on = (topic: Topic) => topic ?? 'that'
const of = ({ when }: Cited) => (when === '' ? '' : ` of ${when}`)
const dated = ({ when, quote }: Cited) => (when === '' ? quote : `${quote} (${when})`)

export const englishPhrases: Phrases = {
  quote: (text) => `“${text}”`,
  join: (things) => (things.length < 2 ? things.join('') : `${things.slice(0, -1).join(', ')} and ${things.at(-1)}`),
  today: 'today',
  yesterday: 'yesterday',

  answer: (found) => {
    const [first, ...more] = found
    if (!first) return []
    if (more.length > 0)
      return [
        `Your memory says: ${found.map(dated).join('; ')}.`,
        `Here is what you kept: ${found.map(dated).join('; ')}.`,
      ]
    return [`Your memory${of(first)} says: ${first.quote}.`, `Here is what you kept: ${dated(first)}.`]
  },
  nearest: (found) => [
    `I find no direct answer in your memory; the nearest to it is ${dated(found)}.`,
    `Your memory does not quite answer that; closest comes ${dated(found)}.`,
  ],
  onlyMentioned: (found) => [
    `You brought this up before, ${dated(found)}, but I find no answer to it in your memory yet.`,
  ],
  closeInMeaning: (found) => [`I find nothing in those words; the closest in meaning may be ${dated(found)}.`],
  nothing: (topic) => [
    `I find nothing about ${on(topic)} in your memory yet, and offline I answer from nothing else.`,
    `I looked, but found nothing about ${on(topic)} in your memory so far.`,
  ],
  nothingFromThen: (time) => `For the time you name, ${time}, I find nothing on this.`,
  noMore: (topic) => [`That is all I find about ${on(topic)} in your memory for now.`],

  connects: (found) => [
    `Noted, and it connects to what you kept before: ${dated(found)}.`,
    `I see, and your memory${of(found)} already has ${found.quote}.`,
  ],
  mayTouch: (found) => [`Noted; it may touch on ${dated(found)}.`],
  saidBefore: (found) => [`You kept the same thought before: ${dated(found)}.`],
  isNew: (topic) => [
    `Noted; I find nothing earlier about ${on(topic)} in your memory, so this is a beginning.`,
    `Good, a first note on ${on(topic)}: I find nothing earlier about it in your memory.`,
  ],
  insight: (found) =>
    found
      ? [`That is worth holding on to, and it builds on ${dated(found)}.`]
      : ['That is worth holding on to.', 'Good, that sounds like a step forward.'],

  listSoFar: (items) => [`Got it, ${items.length} so far: ${items.join('; ')}.`],
  listDone: (items) => [`Your list, then: ${items.join('; ')}.`],

  empty: ['I did not catch any words.'],
  unclear: ['I am not sure yet what that is about.'],
  hello: (found) =>
    found
      ? [`Hello, good to hear you: your memory has ${dated(found)}, for one.`]
      : ['Hello, I am the offline tutor: tell me what you learn, and I find it again when you ask.'],
  welcome: ['You are welcome.', 'Gladly.'],
  aboutMe: [
    'I am the offline tutor: I find and quote what you told me before and invent nothing, while a language model can be added in Settings.',
  ],
  takeHeart: (topic) => [
    `That happens to everyone who learns, so let us make ${on(topic)} smaller.`,
    `No trouble, being stuck on ${on(topic)} only means the next step is still too big.`,
  ],
  good: ['Good.', 'Fine.'],
  allRight: ['All right.', 'Fine, that is enough for now.'],
  goodbye: (topics) =>
    topics.length > 0
      ? [`Goodbye! This time you talked about ${englishPhrases.join(topics)}, and it is in your memory now.`]
      : ['Goodbye! Come back whenever something is on your mind.'],

  ladder: {
    youKnow: [
      'Your memory holds this, so try it yourself first.',
      'You kept the answer once; see whether you still have it.',
    ],
    whereToLook: (when) => [
      when === ''
        ? 'Not yet; think of where you first met it, it is in your memory.'
        : `Not yet; think back to what you kept ${/^\d/.test(when) ? `on ${when}` : when}.`,
    ],
    withGaps: (text) => [`Nearer: in your own words it went ${text}.`],
    withLetters: (text) => [`Almost all of it: ${text}.`],
    right: (found) => [`That is it: ${dated(found)}.`],
    try: ['What is your guess?', 'How would you put it?', 'What comes to your mind?'],
  },

  reckoned: {
    of: 'of',
    exactly: 'exactly',
    here: 'The calculator of this device says so.',
    impossible: 'The calculator of this device cannot work that out. Is there a slip in it?',
    noSuchDay: 'The calendar has no such day. Is there a slip in it?',
    now: (day, time, place) => `It is ${day}, ${time}${place === '' ? '' : ` in ${place}`}.`,
    day: (day) => `That is ${day}.`,
    until: (day, days) =>
      days < 0
        ? `${day} was ${-days} ${days === -1 ? 'day' : 'days'} ago.`
        : `Until ${day} it is ${days} ${days === 1 ? 'day' : 'days'}.`,
  },

  ask: {
    afterAnswer: {
      why: ['Does that reason convince you, or is a piece missing?', 'What would happen if it were otherwise?'],
      how: [
        'Which step of it would you like to look at closer?',
        'Could you walk through it with an example of your own?',
      ],
      what: ['How would you put that in your own words?', 'Where have you seen it at work?'],
      compare: ['Which of these differences matters most to you?', 'When would you choose one over the other?'],
      overview: ['Which of these would you like to go deeper into?', 'What would you add to it today?'],
      other: ['Is that what you were looking for?', 'What would you add to it today?'],
    },
    isThatIt: (topic) =>
      topic
        ? [
            `Is that the side of ${topic} you meant, or another one?`,
            `What about ${topic} would you like to know beyond that?`,
          ]
        : ['Is that what you meant, or something else?'],
    afterNothing: [
      'Will you tell me what you know of it, so that it is kept, or look for it in Search in other words?',
    ],
    afterMention: ['What have you found out about it since?', 'What would your best guess be today?'],
    link: [
      'What links the two, as you see it?',
      'Does it confirm that or change it?',
      'How do the two fit together for you?',
    ],
    aboutNew: (topic) => ['What made you curious about it?', `What do you most want to understand about ${on(topic)}?`],
    whichSide: (topic) => [
      `What exactly about ${on(topic)} do you have in mind?`,
      `Could you say a little more about ${on(topic)}?`,
    ],
    afterInsight: ['What made it click?', 'How could you put it to the test?', 'What follows from it?'],
    oneMore: 'Is there one more to add?',
    whichOne: 'Which one?',
    afterList: ['Which of them matters most to you?', 'Which one would you like to start with?'],
    smallestPart: (topic) => [
      `Which part of ${on(topic)} could you already explain to a friend?`,
      'What is the last point at which it still made sense?',
    ],
    whatNow: ['What would you like to look at next?', 'What else is on your mind?'],
    goOn: (topic) =>
      topic ? [`What comes to your mind first about ${topic}?`] : ['What would you like to talk about?'],
    repeat: ['Would you say it once more?'],
    lookUp: ['What shall I look up in your memory?', 'What are you learning at the moment?'],
    whatLearning: ['What are you learning at the moment?'],
  },
}
