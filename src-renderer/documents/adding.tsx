import { useNavigate } from '@tanstack/react-router'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { useToast } from '../ui/toasts.tsx'
import { AddDialog } from './add-dialog.tsx'
import { DropZone } from './drop-zone.tsx'
import { Uploads } from './uploads.ts'

/** The ways in for documents; the same wherever in the window the learner is. */
export interface Adding {
  uploads: Uploads
  /** Opens the system's own dialog. */
  pickFiles(): void
  /** Asks for an address or a text; `given` is what was pasted already. */
  askForText(given?: string): void
}

const AddingContext = createContext<Adding | null>(null)

export function useAdding(): Adding {
  const adding = use(AddingContext)
  if (!adding) throw new Error('useAdding needs an AddingProvider above it')
  return adding
}

export function AddingProvider({ children }: { children: ReactNode }) {
  const client = useClient()
  const [asking, setAsking] = useState<string | null>(null)
  const { t } = useTranslation()
  const toast = useToast()
  // Another language must not begin the uploads anew.
  const tellKnown = useRef<(name: string) => void>(() => undefined)
  tellKnown.current = (name) => toast({ text: t('documents.known', { name }) })
  const adding = useMemo<Adding>(() => {
    const uploads = new Uploads({
      async send(file, signal) {
        const { document, isNew } = await client.documents.add({ file, name: file.name }, { signal })
        if (!isNew) tellKnown.current(document.title || file.name)
      },
    })
    return {
      uploads,
      pickFiles: () => pickFiles((files) => uploads.add(files)),
      askForText: (given = '') => setAsking(given),
    }
  }, [client])
  useEffect(() => () => adding.uploads.cancelAll(), [adding])
  return (
    <AddingContext value={adding}>
      {children}
      {asking !== null && <AddDialog given={asking} onClose={() => setAsking(null)} />}
    </AddingContext>
  )
}

/** Files may be dropped anywhere in the window; the Library then shows what becomes of them. */
export function DropAnywhere() {
  const { t } = useTranslation()
  const { uploads } = useAdding()
  const navigate = useNavigate()
  return (
    <DropZone
      invitation={t('documents.drop')}
      onFiles={(files) => {
        uploads.add(files)
        void navigate({ to: '/library', search: { tab: 'documents' } })
      }}
    />
  )
}

function pickFiles(onFiles: (files: File[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.addEventListener('change', () => onFiles([...(input.files ?? [])]))
  input.click()
}
