import type { PeriodTopics } from '../../memory/index.ts'
import type { TutorLanguage } from '../../models/index.ts'

type Kept = Pick<PeriodTopics, 'captures' | 'notes' | 'documents'>

/** What synthesis says without a language model. Quotes come with their marks, such as `“...” [2]`. */
export interface SynthesisPhrases {
  disagreeFigures(one: string, other: string): string
  disagreeDenial(one: string, other: string): string
  /** Begins a summary: the first and the last day, and what was kept. */
  kept(from: string, to: string, kept: Kept): string
  /** The same of a single day. */
  keptOn(day: string, kept: Kept): string
  /** What a model is asked for where the learner pressed a button. */
  sumUpSession: string
  sumUpDay: string
  topic(name: string, texts: number, quotes: string): string
  /** Ends it: what is still open. */
  open(questions: string): string
  next(names: string): string
  whichIsRight(one: string, other: string): string
  whatConnects(one: string, other: string): string
  whatElse(name: string): string
  untold(name: string): string
  whatIs(name: string): string
}

const list = (language: TutorLanguage, parts: readonly (string | false)[]) =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(parts.filter((part) => part !== false))

const englishThings = ({ captures, notes, documents }: Kept) =>
  list('en', [
    captures > 0 && `${captures} ${captures === 1 ? 'thought' : 'thoughts'}`,
    notes > 0 && `${notes} ${notes === 1 ? 'note' : 'notes'}`,
    documents > 0 && `${documents} ${documents === 1 ? 'document' : 'documents'}`,
  ])

const germanThings = ({ captures, notes, documents }: Kept) =>
  list('de', [
    captures > 0 && `${captures} Gedanken`,
    notes > 0 && `${notes} ${notes === 1 ? 'Notiz' : 'Notizen'}`,
    documents > 0 && `${documents} ${documents === 1 ? 'Dokument' : 'Dokumente'}`,
  ])

const spanishThings = ({ captures, notes, documents }: Kept) =>
  list('es', [
    captures > 0 && `${captures} ${captures === 1 ? 'pensamiento' : 'pensamientos'}`,
    notes > 0 && `${notes} ${notes === 1 ? 'nota' : 'notas'}`,
    documents > 0 && `${documents} ${documents === 1 ? 'documento' : 'documentos'}`,
  ])

const english: SynthesisPhrases = {
  disagreeFigures: (one, other) => `Two places give different figures: ${one}, but ${other}.`,
  disagreeDenial: (one, other) => `Two places contradict each other: ${one}, but ${other}.`,
  kept: (from, to, kept) => `From ${from} to ${to} you kept ${englishThings(kept)}.`,
  keptOn: (day, kept) => `On ${day} you kept ${englishThings(kept)}.`,
  sumUpSession: 'Sum up what I learned in this session.',
  sumUpDay: 'Sum up what I learned on this day.',
  topic: (name, texts, quotes) => `**${name}**${texts > 1 ? ` (${texts} times)` : ''}: ${quotes}`,
  open: (questions) => `Still open: ${questions}`,
  next: (names) => `What could come next: you mention ${names}, but hardly connect it with the rest yet.`,
  whichIsRight: (one, other) => `Which is right: ${one} or ${other}?`,
  whatConnects: (one, other) => `How are ${one} and ${other} connected?`,
  whatElse: (name) => `What else did I say about ${name}?`,
  untold: (name) => `What is still unclear about ${name}?`,
  whatIs: (name) => `What is “${name}”?`,
}

const german: SynthesisPhrases = {
  disagreeFigures: (one, other) => `Zwei Stellen nennen verschiedene Zahlen: ${one}, aber ${other}.`,
  disagreeDenial: (one, other) => `Zwei Stellen widersprechen einander: ${one}, aber ${other}.`,
  kept: (from, to, kept) => `Vom ${from} bis zum ${to} hast du ${germanThings(kept)} festgehalten.`,
  keptOn: (day, kept) => `Am ${day} hast du ${germanThings(kept)} festgehalten.`,
  sumUpSession: 'Fasse zusammen, was ich in dieser Sitzung gelernt habe.',
  sumUpDay: 'Fasse zusammen, was ich an diesem Tag gelernt habe.',
  topic: (name, texts, quotes) => `**${name}**${texts > 1 ? ` (${texts}-mal)` : ''}: ${quotes}`,
  open: (questions) => `Noch offen: ${questions}`,
  next: (names) => `Was als Nächstes käme: Du nennst ${names}, verbindest es aber noch kaum mit dem Übrigen.`,
  whichIsRight: (one, other) => `Was stimmt: ${one} oder ${other}?`,
  whatConnects: (one, other) => `Wie hängen ${one} und ${other} zusammen?`,
  whatElse: (name) => `Was habe ich sonst noch über ${name} gesagt?`,
  untold: (name) => `Was ist an ${name} noch unklar?`,
  whatIs: (name) => `Was ist „${name}“?`,
}

const spanish: SynthesisPhrases = {
  disagreeFigures: (one, other) => `Dos lugares dan cifras distintas: ${one}, pero ${other}.`,
  disagreeDenial: (one, other) => `Dos lugares se contradicen: ${one}, pero ${other}.`,
  kept: (from, to, kept) => `Del ${from} al ${to} guardaste ${spanishThings(kept)}.`,
  keptOn: (day, kept) => `El ${day} guardaste ${spanishThings(kept)}.`,
  sumUpSession: 'Resume lo que aprendí en esta sesión.',
  sumUpDay: 'Resume lo que aprendí en este día.',
  topic: (name, texts, quotes) => `**${name}**${texts > 1 ? ` (${texts} veces)` : ''}: ${quotes}`,
  open: (questions) => `Sigue abierto: ${questions}`,
  next: (names) => `Lo que podría venir ahora: mencionas ${names}, pero aún apenas lo conectas con lo demás.`,
  whichIsRight: (one, other) => `¿Qué es correcto: ${one} o ${other}?`,
  whatConnects: (one, other) => `¿Cómo se relacionan ${one} y ${other}?`,
  whatElse: (name) => `¿Qué más dije sobre ${name}?`,
  untold: (name) => `¿Qué sigue sin estar claro sobre ${name}?`,
  whatIs: (name) => `¿Qué es «${name}»?`,
}

export const SYNTHESIS_PHRASES: Record<TutorLanguage, SynthesisPhrases> = { en: english, de: german, es: spanish }
