import {
  BookText,
  Captions,
  FileAudio,
  FileCode,
  FileImage,
  FileQuestion,
  FileSpreadsheet,
  FileText,
  Mail,
  Presentation,
} from 'lucide-react'

const SIGNS = {
  pptx: Presentation,
  xlsx: FileSpreadsheet,
  csv: FileSpreadsheet,
  epub: BookText,
  html: FileCode,
  eml: Mail,
  image: FileImage,
  audio: FileAudio,
  vtt: Captions,
  unknown: FileQuestion,
} as const

/** What kind of document it is, at a glance. The words beside it say the same. */
export function FormatSign({ format, className }: { format: string; className: string }) {
  const Sign = SIGNS[format as keyof typeof SIGNS] ?? FileText
  return <Sign aria-hidden className={className} />
}
