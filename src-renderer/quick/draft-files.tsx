import { File as FileSign, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'

/** The files that go along with what is written, each to be taken out again. */
export function DraftFiles({ files, onRemove }: { files: readonly File[]; onRemove(file: File): void }) {
  const { t } = useTranslation()
  if (files.length === 0) return null
  return (
    <ul aria-label={t('quick.files')} className="flex max-h-24 shrink-0 flex-wrap gap-2 overflow-y-auto px-5 pt-4">
      {files.map((file, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and none changes
          key={index}
          className="flex min-w-0 max-w-full items-center gap-1 rounded-lg border border-line bg-sunken pl-2.5 text-meta"
        >
          <FileSign aria-hidden className="size-4 shrink-0 text-ink-quiet" />
          <span className="min-w-0 max-w-64 truncate" title={file.name}>
            {file.name}
          </span>
          <IconButton size="small" label={t('quick.removeFile', { name: file.name })} onClick={() => onRemove(file)}>
            <X />
          </IconButton>
        </li>
      ))}
    </ul>
  )
}
