import type { Analysis, Capture, Citation, Note } from '../../src-core/contract/index.ts'

/** What the imitated learner has said, so that screens show something worth reading. */

const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Said {
  session: string
  /** Milliseconds before now. */
  ago: number
  text: string
  answer: string | null
  analysis?: Analysis
  source?: Capture['source']
  /** Which earlier lines (by their place in the list) the answer cites. */
  cites?: number[]
}

const SAID: Said[] = [
  {
    session: 'attention',
    ago: 5 * DAY + 3 * HOUR,
    text: 'I’m learning how attention works in transformers. Each token asks a question and every other token offers a key.',
    answer:
      'That picture is a good one: the **query** of a token is compared with every **key**, and the scores decide how much of each **value** is taken over.\n\nWhat do you think happens when two keys fit a query equally well?',
    source: 'voice',
  },
  {
    session: 'attention',
    ago: 5 * DAY + 2.9 * HOUR,
    text: 'Then both values are mixed, half and half. The weights always sum to one because of the softmax.',
    answer:
      'Yes. Softmax turns scores into shares, so the output stays a weighted average of the values [1].\n\n- Large scores dominate quickly, because softmax is exponential.\n- That is why the scores are divided by `√d` first.\n\nWould you like to see with numbers why the division matters?',
    source: 'voice',
    cites: [0],
  },
  {
    session: 'spanish',
    ago: 3 * DAY + 5 * HOUR,
    text: 'El subjuntivo se usa después de expresiones de duda: dudo que venga.',
    answer: 'Exacto: *dudo que* pide subjuntivo. ¿Y qué pasa con *no dudo que*?',
  },
  {
    session: 'photosynthesis',
    ago: 2 * DAY + 6 * HOUR,
    text: 'Photosystem II comes before photosystem I. It splits water and that is where the oxygen comes from.',
    answer:
      'Right, the names follow the order of discovery and not the order of the electrons. The electrons then travel down to photosystem I through the cytochrome complex.',
    source: 'voice',
  },
  {
    session: 'photosynthesis',
    ago: 2 * DAY + 5.8 * HOUR,
    text: 'So the proton gradient across the thylakoid membrane drives ATP synthase, like water behind a dam.',
    answer:
      'A dam is a fair image. Two things fill it: splitting water inside, and pumping by the cytochrome complex [1].',
    cites: [3],
  },
  {
    session: 'bayes',
    ago: 1 * DAY + 4 * HOUR,
    text: 'A test that is 99 % accurate can still be wrong most of the time when the disease is rare. The base rate decides.',
    analysis: {
      by: 'device',
      intent: 'reflection',
      sentiment: 'positive',
      difficulty: 'medium',
      concepts: ['base rate', 'test', 'disease'],
      entities: [
        { kind: 'person', text: 'Thomas Bayes' },
        { kind: 'number', text: '99 %' },
      ],
      keywords: ['base', 'rate', 'test', 'disease'],
      openQuestions: ['I am not sure how the base rate is found in the first place.'],
    },
    answer:
      'Exactly. With one sick person in a thousand, about ten healthy ones also test positive, so a positive result means roughly one in eleven.\n\nWhat would you change first to make the test more useful: its sensitivity or whom you test?',
  },
  {
    session: 'bayes',
    ago: 1 * DAY + 3.8 * HOUR,
    text: 'Remember: write the exam topics down on Friday.',
    answer: null,
    source: 'cli',
  },
  {
    session: 'heads',
    ago: 1.4 * HOUR,
    text: 'Why does a transformer need several attention heads and not just one big one?',
    answer:
      'One head can only make one weighted average at each place. You said that the weights always sum to one [1], so a single head must share that one unit of attention between everything it cares about.\n\nSeveral heads look at different things at once: one may follow the subject of the verb, another the word before. Their results are put side by side and mixed again.\n\nEarlier you described it as tokens asking questions [2]. With that picture: how many questions can one head ask?',
    source: 'voice',
    cites: [1, 0],
  },
]

const TITLES: Record<string, string> = { attention: 'Attention in transformers', bayes: 'Bayes, base rates and tests' }
/** A recording that the imitated core can give back. */
const RECORDING = 'a'.repeat(64)

export interface Memory {
  captures: Capture[]
  titles: Map<string, string>
  notes: Note[]
}

/** @param now milliseconds since 1970 @param more further captures, spread over the past year @param perSession how many of those share a session */
export function remember(now: number, more: number, perSession: number): Memory {
  const captures: Capture[] = []
  for (const [index, said] of SAID.entries()) {
    const createdAt = new Date(now - said.ago).toISOString()
    captures.push({
      id: `said-${index}`,
      sessionId: said.session,
      createdAt,
      editedAt: index === 3 ? new Date(now - said.ago + HOUR).toISOString() : null,
      source: said.source ?? 'text',
      userText: said.text,
      audioSha256: said.source === 'voice' ? RECORDING : null,
      metadata: {},
      answer:
        said.answer === null
          ? null
          : {
              ...answerOf(
                said.answer,
                createdAt,
                (said.cites ?? []).map((at) => captures[at] as Capture),
              ),
              ...(said.analysis && { analysis: said.analysis }),
            },
    })
  }
  for (let index = 0; index < more; index += 1) {
    captures.push({
      id: `more-${index}`,
      sessionId: `more-${Math.floor(index / perSession)}`,
      createdAt: new Date(now - 6 * DAY - index * 25 * 60_000).toISOString(),
      editedAt: null,
      source: index % 3 === 0 ? 'voice' : 'text',
      userText: `Thought ${index}: ${TOPICS[index % TOPICS.length]}`,
      audioSha256: null,
      metadata: {},
      answer: null,
    })
  }
  const day = (ago: number) => new Date(now - ago * DAY).toISOString()
  return {
    captures,
    titles: new Map(Object.entries(TITLES)),
    notes: [
      {
        id: 'note-1',
        title: 'Questions for Thursday’s seminar',
        body: 'Why is the score divided by the square root of the dimension?\n\nIs there a head that only copies?\n\nWhat does positional encoding add that the order of the words does not?',
        createdAt: day(2),
        updatedAt: day(0.2),
      },
      {
        id: 'note-2',
        title: 'Exam plan',
        body: 'Friday: topics. Weekend: probability. Monday: photosynthesis, with drawings.',
        createdAt: day(4),
        updatedAt: day(1.3),
      },
    ],
  }
}

const TOPICS = [
  'the gradient points uphill, so we walk against it.',
  'mitochondria have their own DNA because they once were bacteria.',
  'in a market with few sellers each one watches the others.',
  'a fugue begins with one voice, and the others imitate it a fifth apart.',
  'der Dativ ist dem Genitiv sein Tod, sagt man, aber es stimmt nur halb.',
]

export function answerOf(text: string, createdAt: string, cited: Capture[]): NonNullable<Capture['answer']> {
  return {
    text,
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    inputTokens: 1_128,
    outputTokens: 96,
    costUsd: 0.0016,
    citations: citationsOf(cited),
    kind: 'simple',
    agentsUsed: [
      {
        agent: 'conversation',
        startedMs: 14,
        ms: 1_240,
        outcome: 'done',
        model: 'claude-haiku-4-5',
        inputTokens: 1_128,
        outputTokens: 96,
        costUsd: 0.0016,
      },
    ],
    ending: 'complete',
    createdAt,
  }
}

export function citationsOf(cited: Capture[]): Citation[] {
  return cited.map((capture, index) => {
    if (capture.pictures) return citationOfPicture(capture, index + 1)
    const start = Math.max(0, capture.userText.indexOf('. ') + 2)
    return {
      number: index + 1,
      captureId: capture.id,
      kind: 'capture',
      field: 'userText',
      start,
      end: capture.userText.length,
      text: capture.userText.slice(start),
      when: capture.createdAt,
    }
  })
}

/** The second line of what the first picture says (imitated-pictures.ts). */
function citationOfPicture({ id, createdAt, pictures }: Capture, number: number): Citation {
  const reading = pictures?.[0]?.reading
  const [start = 0, end = 0, , left = 0, top = 0, width = 0, height = 0] = reading?.blocks[1]?.lines?.[0] ?? []
  return {
    ...{ number, captureId: id, kind: 'capture', field: 'pictureText', start, end },
    text: reading?.text.slice(start, end) ?? '',
    when: createdAt,
    place: { picture: 1, box: [left, top, width, height] },
  }
}
