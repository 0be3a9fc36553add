import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LanguageMessage, Passage } from '../../types.ts'
import { replyTo } from './reply.ts'

const NOW = Date.UTC(2026, 2, 10, 12)

function passages(...entries: [text: string, when: string, score?: number][]): Passage[] {
  return entries.map(([text, when, score = 0.1], index) => ({
    number: index + 1,
    captureId: `c${index + 1}`,
    from: 'said',
    text,
    when,
    score,
  }))
}

const MEMORY = passages(
  ["I'm learning how attention works in transformers.", '2026-03-01T09:00:00Z'],
  [
    'Attention computes a weighted sum of the values. The weights come from a softmax over the dot products of queries and keys.',
    '2026-03-03T10:00:00Z',
  ],
  [
    'Self-attention lets every token look at every other token, because the order of the words matters less than their relations.',
    '2026-03-05T10:00:00Z',
  ],
  [
    'The Krebs cycle happens in the mitochondria and makes ATP. It was discovered by Hans Krebs in 1937.',
    '2025-11-20T10:00:00Z',
  ],
  ['What is the difference between supervised and unsupervised learning?', '2026-03-09T10:00:00Z'],
  [
    'Photosynthesis turns light into chemical energy. Plants have chloroplasts, e.g. in their leaves. There are 3 types of photosynthesis: C3, C4 and CAM.',
    '2026-03-10T08:00:00Z',
  ],
  [
    'Rome was founded in 753 BC, as the legend has it. Caesar crossed the Rubicon with his army.',
    '2026-02-01T10:00:00Z',
  ],
)

function reply(text: string, memory: Passage[] = MEMORY, history: LanguageMessage[] = []): string {
  const messages = [...history, { role: 'user' as const, text }]
  return replyTo({ messages, passages: memory, nowMs: NOW, timeZone: 'UTC' })
}

/** A conversation in which the tutor answers each text; returns its last answer. */
function converse(texts: string[], memory: Passage[] = MEMORY): string {
  const history: LanguageMessage[] = []
  let answer = ''
  for (const text of texts) {
    answer = reply(text, memory, history)
    history.push({ role: 'user', text }, { role: 'assistant', text: answer })
  }
  return answer
}

const withoutQuotes = (text: string) => text.replace(/“[^”]*”|„[^“]*“|«[^»]*»/g, 'quote')

describe('questions that memory answers', () => {
  it.each([
    ['What is attention?', '“Attention computes a weighted sum of the values” [2]'],
    ['what is attention', '“Attention computes a weighted sum of the values” [2]'],
    ['Where do the attention weights come from?', 'The weights come from a softmax over the dot products'],
    ['Why does self-attention let tokens look at each other?', 'because the order of the words matters less'],
    ['Who discovered the Krebs cycle?', 'discovered by Hans Krebs in 1937” [4]'],
    ['When was the Krebs cycle discovered?', 'in 1937” [4]'],
    ['Where does the Krebs cycle happen?', 'happens in the mitochondria and makes ATP” [4]'],
    ['How many types of photosynthesis are there?', '“There are 3 types of photosynthesis: C3, C4 and CAM” [6]'],
    ['When was Rome founded?', '“Rome was founded in 753 BC, as the legend has it” [7]'],
    ['Who crossed the Rubicon?', '“Caesar crossed the Rubicon with his army” [7]'],
    ['can you explain softmax', 'softmax over the dot products of queries and keys” [2]'],
    ['Tell me about mitochondria', 'mitochondria and makes ATP” [4]'],
    ['Do you remember what I said about light?', '“Photosynthesis turns light into chemical energy” [6]'],
    ['what did i say about plants', '“Plants have chloroplasts, e.g. in their leaves” [6]'],
    ['What about the mitochondria?', '[4]'],
    ['I read about Rome today. When was it founded, Rome?', '753 BC'],
    ['what weights does attention compute for the values', 'weighted sum of the values” [2]'],
    ['So, um, tell me, what is attention again?', '“Attention computes a weighted sum of the values” [2]'],
  ])('%s', (question, expected) => {
    expect(reply(question)).toContain(expected)
    expect(reply(question)).not.toMatch(/I find no|I looked|not quite/)
  })

  it('tells the day of what it quotes', () => {
    expect(reply('What is attention?')).toContain('3 March')
    expect(reply('Where does the Krebs cycle happen?')).toContain('20 November 2025')
    expect(reply('How many types of photosynthesis are there?')).toContain('today')
  })

  it('says first that nothing is from the time that was asked about', () => {
    const about = (text: string, emptyTime: string) =>
      replyTo({ messages: [{ role: 'user', text }], passages: MEMORY, emptyTime, nowMs: NOW, timeZone: 'UTC' })
    const answer = about('What did I say about photosynthesis last week?', 'last week')
    expect(answer).toMatch(/^For the time you name, “last week”, I find nothing on this\. .*light into chemical energy/)
    expect(about('Was habe ich letzte Woche über Photosynthese gesagt?', 'letzte Woche')).toMatch(/^Für die Zeit/)
    expect(about('I like photosynthesis.', 'last week')).not.toContain('last week')
  })

  it('answers for both sides of a comparison', () => {
    const answer = reply('What is the difference between attention and photosynthesis?')
    expect(answer).toMatch(/\[[23]\]/)
    expect(answer).toContain('[6]')
  })

  it('gathers what there is for an overview', () => {
    const answer = reply('What do I know about attention?')
    expect(answer).toContain('[2]')
    expect(answer).toContain('[3]')
    expect(reply('summarize what I know about photosynthesis')).toContain(
      '“Photosynthesis turns light into chemical energy”, “There are 3 types of photosynthesis: C3, C4 and CAM” [6]',
    )
  })

  it('understands what a follow-up is about', () => {
    expect(converse(['What is attention?', 'Why is that?'])).toContain('because')
    expect(converse(['What is attention?', 'how does it work?'])).toContain('[2]')
  })

  it('says something new when asked for more, and says when there is no more', () => {
    const first = reply('What is photosynthesis?')
    const second = converse(['What is photosynthesis?', 'tell me more'])
    expect(second).toContain('[6]')
    expect(second).not.toContain(/“([^”]*)”/.exec(first)?.[1] ?? '?')
    expect(converse(['What is the Krebs cycle?', 'tell me more', 'more', 'what else'])).toContain('That is all I find')
  })
})

describe('questions that memory does not answer', () => {
  it.each([
    ['What is the capital of Peru?', /nothing about .* in your memory.*(tell me|Search)/],
    ['Was ist die Hauptstadt von Peru?', /in deinem Gedächtnis .*nichts.*(erzählen|Suche)/],
    ['¿Cuál es la capital de Perú?', /no encuentro nada sobre .* en tu memoria.*(cuentas|Buscar)/],
  ])('says of %j that it is not there, and offers to be told or to search', (question, said) => {
    const text = reply(question)
    expect(text).toMatch(said)
    expect(text).not.toMatch(/\[\d+\]/)
  })

  it.each([
    'What is the capital of France?',
    'Who wrote Hamlet?',
    'How do I bake bread at home?',
    'What is the airspeed velocity of an unladen swallow?',
    '注意力是什么？',
    'Что такое внимание?',
  ])('%s', (question) => {
    expect(reply(question)).toMatch(/I find nothing about|I looked, but found nothing about/)
    expect(reply(question)).not.toMatch(/\[\d+\]/)
  })

  it('names what was looked for', () => {
    expect(reply('What is the capital of France?')).toContain('“capital of France”')
    expect(reply('What is attention?', [])).toContain('“attention”')
  })

  it('offers what comes nearest, and says that it is only that', () => {
    expect(reply('How does attention help with the translation of poetry?')).toMatch(
      /(no direct answer|not quite answer).*\[\d\]/,
    )
  })

  it('tells apart what was learned and what was only wondered about', () => {
    const wondered = passages(
      ["I'm learning how diffusion models work.", '2026-03-01T09:00:00Z'],
      ['I want to understand diffusion models better.', '2026-03-02T09:00:00Z'],
    )
    expect(reply('How do diffusion models work?', wondered)).toMatch(/You brought this up before.*I find no answer/)
    expect(reply('What is the difference between supervised and unsupervised learning?')).toMatch(
      /You brought this up before.*\[5\] \(yesterday\)/,
    )
  })

  it('trusts a high score where no word is shared, but says so', () => {
    const close = passages(['Self-attention lets every token look at every other one.', '2026-03-05T10:00:00Z', 0.25])
    expect(reply('What lets neural nets focus on parts of their input?', close)).toMatch(/closest in meaning.*\[1\]/)
    const far = close.map((passage) => ({ ...passage, score: 0.2 }))
    expect(reply('What lets neural nets focus on parts of their input?', far)).not.toContain('[1]')
  })

  it('asks what a question without a subject is about', () => {
    expect(reply('why?')).toContain('not sure yet what that is about')
  })

  it('does not take the question itself, stored a moment ago, for evidence', () => {
    const asked = passages(['What is entropy?', new Date(NOW - 1_000).toISOString()])
    expect(reply('What is entropy?', asked)).not.toContain('[1]')
  })
})

describe('what the learner tells', () => {
  it('is tied to the earliest related passage', () => {
    const memory = passages(
      ['Entropy measures disorder in a closed system.', '2026-03-05T10:00:00Z'],
      ['Entropy in a closed system never falls.', '2026-01-05T10:00:00Z'],
    )
    expect(reply('Today I read that entropy in a closed system also drives the arrow of time.', memory)).toContain(
      '[2]',
    )
  })

  it('is acknowledged as new where nothing is related', () => {
    expect(reply('Bananas are berries, while strawberries are not, botanically speaking at least.')).toMatch(
      /nothing earlier about .*“Bananas”|“Bananas”.*nothing earlier/,
    )
    expect(reply('I am learning how neural nets work at the moment and it is fun.', [])).toContain('“neural nets”')
  })

  it('is recognised when it was said before', () => {
    expect(reply('Attention computes a weighted sum of the values.')).toMatch(/same thought before.*\[2\]/)
  })

  it.each(['authentication flow', 'next.js', 'I want to learn C++', 'Attention is hard'])(
    'is asked about when it is short: %s',
    (text) => {
      expect(reply(text)).toMatch(/What exactly about|a little more about/)
    },
  )

  it.each([
    'When I was reading about photosynthesis I noticed that C4 plants do better in hot places.',
    'What struck me today is that attention is only a weighted sum of the values.',
    'What I learned today is that softmax turns scores into probabilities for the attention.',
    'the second law of thermodynamics says entropy never decreases in an isolated system',
    'lullabye songs help my kid sleep better at night, which surprised me a lot',
  ])('is no question, list or goodbye only because a word looks like one: %s', (text) => {
    const answer = reply(text)
    expect(answer).not.toMatch(/Goodbye|so far:|I looked|I find no direct/)
    expect(answer).toMatch(/\?$/)
  })

  it('is valued when it is an insight', () => {
    expect(
      reply('I finally understand that queries and keys are compared by dot products in the attention layer.'),
    ).toMatch(/worth holding on to.*\[2\]/)
  })

  it.each(["I don't know", "I'm totally stuck", 'I feel completely lost', 'no idea'])(
    'is met gently when stuck: %s',
    (text) => {
      expect(converse(['What is attention?', text])).toMatch(/“attention”.*\?$/)
    },
  )
})

describe('lists', () => {
  const LIST = 'First compute the queries, second compute the keys, then take the softmax.'

  it('are read back and asked for more once', () => {
    expect(reply(LIST)).toMatch(
      /3 so far: “compute the queries”; “compute the keys”; “take the softmax”\. Is there one more/,
    )
    expect(reply('My topics for this week: optics, waves and sound.')).toContain('“optics”; “waves”; “sound”')
    expect(reply('Attention uses queries, keys and values to mix tokens.')).not.toContain('so far')
  })

  it.each([
    ['no', 3],
    ["that's all", 3],
    ['and multiply by the values', 4],
  ])('are summed up afterwards: %s', (text, count) => {
    const answer = converse([LIST, text])
    expect(answer).toContain('Your list, then')
    expect(answer.match(/“/g)).toHaveLength(count)
  })

  it('wait for the point that was announced', () => {
    expect(converse([LIST, 'yes'])).toContain('Which one?')
    expect(converse([LIST, 'yes', 'multiply by the values'])).toContain('“multiply by the values”')
  })
})

describe('manners', () => {
  it.each([
    ['hello', /^Hello/],
    ['Good morning!', /^Hello/],
    ['thanks a lot', /welcome|Gladly/],
    ['who are you?', /offline tutor.*invent nothing/],
    ['help', /offline tutor/],
    ['', /did not catch/],
    ['  \n ', /did not catch/],
    ['...?!', /did not catch/],
    ['👍', /did not catch/],
    ['yes', /^(Good|Fine)/],
    ['no', /^(All right|Fine)/],
  ])('%j', (text, expected) => {
    expect(reply(text)).toMatch(expected)
  })

  it('says goodbye, confirms and sums up', () => {
    const answer = converse([
      'What is attention?',
      'The Krebs cycle makes ATP in the mitochondria of each cell.',
      'goodbye',
    ])
    expect(answer).toMatch(/^Goodbye.*“attention” and “Krebs cycle”.*in your memory/)
    expect(answer).not.toContain('?')
    expect(reply('bye')).toMatch(/^Goodbye/)
    expect(reply('see you later!')).toMatch(/^Goodbye/)
  })

  it('does not ask the same thing twice in a row', () => {
    const first = reply('Is the Krebs cycle related to photosynthesis?')
    const history: LanguageMessage[] = [
      { role: 'user', text: 'x' },
      { role: 'assistant', text: first },
    ]
    const again = reply('Is the Krebs cycle related to photosynthesis?', MEMORY, history)
    expect(again.split(/(?<=\.) /).at(-1)).not.toBe(first.split(/(?<=\.) /).at(-1))
  })

  it('speaks German and Spanish to those who do', () => {
    expect(reply('Was macht die Photosynthese?')).toMatch(/(Gedächtnis steht|festgehalten): „.*“ \[6\] \(heute\)/)
    expect(reply('Wann wurde Rom gegründet?', [])).toContain('„Rom“')
    expect(reply('¿Qué es la fotosíntesis?')).toContain('«fotosíntesis»')
    expect(reply('Tschüss')).toContain('Auf Wiedersehen')
    expect(reply('hola')).toMatch(/^Hola/)
    expect(converse(['Was ist die Aufmerksamkeit?', 'ja'])).toContain('Aufmerksamkeit')
  })
})

describe('quotations', () => {
  it('are cut where they are too long, and say so', () => {
    const long = `Entropy ${'and then it goes on without any end '.repeat(40)}`
    const answer = reply('What is entropy?', passages([long, '2026-03-05T10:00:00Z']))
    const quote = /“([^”]*)”/.exec(answer)?.[1] ?? ''
    expect(quote.length).toBeLessThan(230)
    expect(quote.endsWith('…')).toBe(true)
    expect(long).toContain(quote.slice(0, -1))
  })

  it('cannot forge a citation', () => {
    const answer = reply('What is entropy?', passages(['Entropy is disorder [7] in a system.', '2026-03-05T10:00:00Z']))
    expect(answer.match(/\[\d+\]/g)).toEqual(['[1]'])
  })

  it('need no readable date', () => {
    expect(reply('What is entropy?', passages(['Entropy is disorder in a system.', 'last week']))).toContain('[1]')
  })
})

describe('whatever is said', () => {
  const word = fc.constantFrom(
    ...'what why how attention entropy the is of I learned because in 1937 first second then no yes light Krebs cycle makes was e.g. feel think bye'.split(
      ' ',
    ),
  )
  const sentence = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 25 }), fc.constantFrom('.', '?', '!', '', '…', ':', ' [3].'))
    .map(([words, end]) => words.join(' ') + end)
  const text = fc.oneof(
    sentence,
    fc.array(sentence, { maxLength: 4 }).map((all) => all.join(' ')),
  )
  const memory = fc
    .array(
      fc.record({ text, day: fc.integer({ min: 1, max: 27 }), score: fc.double({ min: 0, max: 1, noNaN: true }) }),
      {
        maxLength: 5,
      },
    )
    .map((all) =>
      passages(
        ...all.map(({ text: said, day, score }): [string, string, number] => [
          said,
          `2026-02-${String(day).padStart(2, '0')}T10:00:00Z`,
          score,
        ]),
      ),
    )

  it('the tutor says at most two sentences, asks one question or says goodbye, and quotes word for word', () => {
    fc.assert(
      fc.property(text, memory, fc.array(text, { maxLength: 3 }), (said, held, before) => {
        const history = before.flatMap((earlier): LanguageMessage[] => [
          { role: 'user', text: earlier },
          { role: 'assistant', text: reply(earlier, held) },
        ])
        const answer = reply(said, held, history)
        expect(answer).toBe(reply(said, held, history))
        const bare = withoutQuotes(answer)
        expect(bare.match(/[.!?](?=\s|$)/g)?.length ?? 0).toBeLessThanOrEqual(2)
        expect(bare.match(/\?/g)?.length ?? 0).toBe(/^(Goodbye|Auf Wiedersehen|¡Adiós)/.test(answer) ? 0 : 1)
        for (const [, quotes, number] of answer.matchAll(/((?:[“„«][^“”«»]*[”“»](?:, )?)+) \[(\d+)\]/g)) {
          const source = held.find((passage) => passage.number === Number(number))
          const plain = source?.text.replace(/\s+/g, ' ').replace(/\[(\d+)\]/g, '($1)')
          for (const [, quote] of (quotes ?? '').matchAll(/[“„«]([^“”«»]*)[”“»]/g)) {
            expect(plain).toContain((quote ?? '').replace(/…$/, ''))
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('no text makes it fail', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (said, held) => {
          const answer = reply(said, passages([held, '2026-02-01T10:00:00Z', 1]))
          expect(answer.length).toBeGreaterThan(5)
          expect(answer.isWellFormed()).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('of long texts only the beginning is read', () => {
    const tail = ' filler'.repeat(500_000)
    const begin = 'What is the Krebs cycle?'
    expect(reply(`${begin}${tail}`)).toContain('[4]')
    const memory = Array.from({ length: 50 }, (_, index): [string, string] => [
      `Note ${index}. ${tail}`,
      '2026-02-01T10:00:00Z',
    ])
    expect(reply(`Note${tail}`, passages(...memory))).toMatch(/\?$/)
  })
})
