import type { TutorLanguage } from '../../models/index.ts'

/** What is said of pictures without a model that sees them. `mark` is a citation, such as ` [1]`. */
export interface VisionPhrases {
  /** `which` counts from 1; null where there is one picture alone. */
  about(which: number | null, size: string, lines: number): string
  nothingRead(which: number | null, size: string): string
  /** Not read yet. */
  waiting(which: number | null): string
  headings(quotes: string): string
  begins(quote: string): string
  answer(quotes: string): string
  notSaid: string
  nearest(quote: string): string
  text(which: number | null): string
  more(lines: number): string
  sameText: string
  onlyIn(which: number, quotes: string): string
  inBoth(lines: number): string
  sizes(first: string, second: string): string
  /** Begins the answer, before anything is read. */
  reading: string
  cannotSee(model: string): string
  /** What it cannot tell. */
  limits: string
  tooMany(left: number): string
}

const english: VisionPhrases = {
  about: (which, size, lines) =>
    `${which ? `Picture ${which}` : 'The picture'} has ${size} pixels and ${lines === 1 ? 'one line' : `${lines} lines`} of text.`,
  nothingRead: (which, size) =>
    `${which ? `Picture ${which}` : 'The picture'} has ${size} pixels, and I can read no writing in it.`,
  waiting: (which) =>
    `${which ? `Picture ${which}` : 'The picture'} is still being read on this device: ask again in a moment.`,
  headings: (quotes) => `Set larger than the rest: ${quotes}.`,
  begins: (quote) => `It begins: ${quote}.`,
  answer: (quotes) => `In the picture it says: ${quotes}.`,
  notSaid: 'What can be read in it does not say that.',
  nearest: (quote) => `What comes nearest: ${quote}.`,
  text: (which) => (which ? `Picture ${which} says:` : 'It says:'),
  more: (lines) => `… and ${lines === 1 ? 'one more line' : `${lines} more lines`}, kept with the picture.`,
  sameText: 'The same text can be read in both.',
  onlyIn: (which, quotes) => `Only in picture ${which}: ${quotes}.`,
  inBoth: (lines) => `${lines === 1 ? 'One line stands' : `${lines} lines stand`} in both.`,
  sizes: (first, second) =>
    first === second ? `Both have ${first} pixels.` : `The first has ${first} pixels, the second ${second}.`,
  reading: 'This is what your device reads in it:',
  cannotSee: (model) => `${model} could not look at it. This is what your device reads in it:`,
  limits:
    'Your device knows writing alone: what else a picture shows, a language model that sees pictures can tell you (Settings, Models).',
  tooMany: (left) => `${left === 1 ? 'One more picture is' : `${left} more pictures are`} not compared here.`,
}

const german: VisionPhrases = {
  about: (which, size, lines) =>
    `${which ? `Bild ${which}` : 'Das Bild'} hat ${size} Pixel und ${lines === 1 ? 'eine Zeile' : `${lines} Zeilen`} Text.`,
  nothingRead: (which, size) =>
    `${which ? `Bild ${which}` : 'Das Bild'} hat ${size} Pixel, und ich kann keine Schrift darin lesen.`,
  waiting: (which) =>
    `${which ? `Bild ${which}` : 'Das Bild'} wird auf diesem Gerät noch gelesen: Frag gleich noch einmal.`,
  headings: (quotes) => `Größer als der Rest steht da: ${quotes}.`,
  begins: (quote) => `Es beginnt so: ${quote}.`,
  answer: (quotes) => `Im Bild steht: ${quotes}.`,
  notSaid: 'In dem, was sich darin lesen lässt, steht das nicht.',
  nearest: (quote) => `Am nächsten kommt: ${quote}.`,
  text: (which) => (which ? `In Bild ${which} steht:` : 'Da steht:'),
  more: (lines) => `… und ${lines === 1 ? 'eine weitere Zeile' : `${lines} weitere Zeilen`}, die beim Bild liegen.`,
  sameText: 'In beiden lässt sich derselbe Text lesen.',
  onlyIn: (which, quotes) => `Nur in Bild ${which}: ${quotes}.`,
  inBoth: (lines) => `${lines === 1 ? 'Eine Zeile steht' : `${lines} Zeilen stehen`} in beiden.`,
  sizes: (first, second) =>
    first === second ? `Beide haben ${first} Pixel.` : `Das erste hat ${first} Pixel, das zweite ${second}.`,
  reading: 'Das liest dein Gerät darin:',
  cannotSee: (model) => `${model} konnte es nicht ansehen. Das liest dein Gerät darin:`,
  limits:
    'Dein Gerät kennt nur Schrift: Was ein Bild sonst zeigt, kann dir ein Sprachmodell sagen, das Bilder sieht (Einstellungen, Modelle).',
  tooMany: (left) =>
    `${left === 1 ? 'Ein weiteres Bild wird' : `${left} weitere Bilder werden`} hier nicht verglichen.`,
}

const spanish: VisionPhrases = {
  about: (which, size, lines) =>
    `${which ? `La imagen ${which}` : 'La imagen'} tiene ${size} píxeles y ${lines === 1 ? 'una línea' : `${lines} líneas`} de texto.`,
  nothingRead: (which, size) =>
    `${which ? `La imagen ${which}` : 'La imagen'} tiene ${size} píxeles y no puedo leer nada escrito en ella.`,
  waiting: (which) =>
    `${which ? `La imagen ${which}` : 'La imagen'} se está leyendo todavía en este equipo: vuelve a preguntar en un momento.`,
  headings: (quotes) => `Más grande que el resto pone: ${quotes}.`,
  begins: (quote) => `Empieza así: ${quote}.`,
  answer: (quotes) => `En la imagen pone: ${quotes}.`,
  notSaid: 'Lo que se puede leer en ella no lo dice.',
  nearest: (quote) => `Lo más cercano: ${quote}.`,
  text: (which) => (which ? `En la imagen ${which} pone:` : 'Pone:'),
  more: (lines) => `… y ${lines === 1 ? 'una línea más' : `${lines} líneas más`}, guardadas con la imagen.`,
  sameText: 'En las dos se puede leer el mismo texto.',
  onlyIn: (which, quotes) => `Solo en la imagen ${which}: ${quotes}.`,
  inBoth: (lines) => `${lines === 1 ? 'Una línea está' : `${lines} líneas están`} en las dos.`,
  sizes: (first, second) =>
    first === second ? `Las dos tienen ${first} píxeles.` : `La primera tiene ${first} píxeles; la segunda, ${second}.`,
  reading: 'Esto es lo que tu equipo lee:',
  cannotSee: (model) => `${model} no pudo mirarla. Esto es lo que tu equipo lee:`,
  limits:
    'Tu equipo solo conoce la escritura: lo demás que muestra una imagen te lo puede decir un modelo de lenguaje que vea imágenes (Ajustes, Modelos).',
  tooMany: (left) => `${left === 1 ? 'Una imagen más no se compara' : `${left} imágenes más no se comparan`} aquí.`,
}

export const VISION_PHRASES: Record<TutorLanguage, VisionPhrases> = { en: english, de: german, es: spanish }
