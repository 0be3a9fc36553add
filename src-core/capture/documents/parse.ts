import { extname } from 'node:path'
import { LvaError } from '../../kernel/index.ts'
import { damaged, notSupported, tooComplex } from './errors.ts'
import type { DocumentFormat, DocumentParser, DocumentSource, ParseContext, ParsedDocument } from './types.ts'

/** Each parser is loaded when the first document of its kind comes. */
const PARSERS: Partial<Record<DocumentFormat, () => Promise<DocumentParser>>> = {
  text: async () => (await import('./parsers/plain.ts')).plainParser,
  markdown: async () => (await import('./parsers/plain.ts')).plainParser,
  vtt: async () => (await import('./parsers/vtt.ts')).vttParser,
  csv: async () => (await import('./parsers/csv.ts')).csvParser,
  html: async () => (await import('./parsers/html.ts')).htmlParser,
  pdf: async () => (await import('./parsers/pdf.ts')).pdfParser,
  docx: async () => (await import('./parsers/docx.ts')).docxParser,
  pptx: async () => (await import('./parsers/pptx.ts')).pptxParser,
  xlsx: async () => (await import('./parsers/xlsx.ts')).xlsxParser,
  xls: async () => (await import('./parsers/xls.ts')).xlsParser,
  odt: async () => (await import('./parsers/odf.ts')).odtParser,
  odp: async () => (await import('./parsers/odf.ts')).odpParser,
  ods: async () => (await import('./parsers/odf.ts')).odsParser,
  rtf: async () => (await import('./parsers/rtf.ts')).rtfParser,
  epub: async () => (await import('./parsers/epub.ts')).epubParser,
  eml: async () => (await import('./parsers/eml.ts')).emlParser,
  msg: async () => (await import('./parsers/msg.ts')).msgParser,
  image: async () => (await import('./parsers/image.ts')).imageParser,
}

/**
 * Reads a document of any kind. What a parser throws beyond our own errors means that the bytes are not what they should be.
 * @throws LvaError
 */
export async function parseDocument(source: DocumentSource, context: ParseContext): Promise<ParsedDocument> {
  context.signal.throwIfAborted()
  const load = PARSERS[source.format]
  if (!load) throw notSupported(extname(source.name).slice(1, 20))
  const parser = await load()
  try {
    return await parser.parse(source, context)
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof LvaError) throw error
    if (error instanceof RangeError) throw tooComplex()
    throw damaged(error)
  }
}
