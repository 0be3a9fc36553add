import { useNavigate, useRouter } from '@tanstack/react-router'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { useSource } from '../shell/source.tsx'
import { useToast } from '../ui/toasts.tsx'
import { AddDialog } from './add-dialog.tsx'
import { DropZone } from './drop-zone.tsx'
import { type Entry, filesIn } from './dropped-files.ts'
import { sendFiles } from './send-files.ts'
import { Uploads } from './uploads.ts'

/** The ways in for documents; the same wherever in the window the learner is. */
export interface Adding {
  uploads: Uploads
  /** Opens the system's own dialog. */
  pickFiles(): void
  /** Asks for an address or a text; `given` is what was pasted already. */
  askForText(given?: string): void
  /** What dropping files means instead, while a screen says so. */
  dropMeaning: DropMeaning | null
  setDropMeaning(meaning: DropMeaning | null): void
}

interface DropMeaning {
  /** What is said while files are held over the window. */
  invitation: string
  onDrop(entries: (Entry | File)[]): void
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
  const [dropMeaning, setDropMeaning] = useState<DropMeaning | null>(null)
  const { t } = useTranslation()
  const toast = useToast()
  // Another language must not begin the uploads anew.
  const tellKnown = useRef<(titles: string[]) => void>(() => undefined)
  tellKnown.current = (titles) => toast({ text: t('documents.known', { count: titles.length, name: titles[0] ?? '' }) })
  const tellFailure = useRef<(error: unknown) => void>(() => undefined)
  tellFailure.current = useTellFailure()
  const ways = useMemo(() => {
    const uploads = new Uploads({
      send: (files, signal) => sendFiles(client.documents, files, (titles) => tellKnown.current(titles), signal),
      takeBack: (ids) => void client.documents.delete({ ids: [...ids] }).catch((error) => tellFailure.current(error)),
    })
    return {
      uploads,
      pickFiles: () => pickFiles((files) => uploads.add(files)),
      askForText: (given = '') => setAsking(given),
      setDropMeaning,
    }
  }, [client])
  useEffect(() => () => ways.uploads.close(), [ways])
  const adding = useMemo<Adding>(() => ({ ...ways, dropMeaning }), [ways, dropMeaning])
  return (
    <AddingContext value={adding}>
      {children}
      {asking !== null && <AddDialog given={asking} onClose={() => setAsking(null)} />}
    </AddingContext>
  )
}

/** While the calling screen is there, what is dropped goes to it and does not become documents. */
export function useDropMeaning(invitation: string, onDrop: DropMeaning['onDrop']): void {
  const { setDropMeaning } = useAdding()
  const latest = useRef(onDrop)
  latest.current = onDrop
  useEffect(() => {
    setDropMeaning({ invitation, onDrop: (entries) => latest.current(entries) })
    return () => setDropMeaning(null)
  }, [invitation, setDropMeaning])
}

/** Takes dropped files in; the Library then shows what becomes of them. Whoever reads a document goes on reading it. */
export function useDroppedDocuments(): (files: readonly File[]) => void {
  const { t } = useTranslation()
  const { uploads } = useAdding()
  const navigate = useNavigate()
  const router = useRouter()
  const toast = useToast()
  const { source } = useSource()
  return (files) => {
    if (files.length === 0) return
    uploads.add(files)
    const showQueue = () => void navigate({ to: '/library', search: { tab: 'documents' } })
    const { pathname, search } = router.state.location
    if (source) {
      toast({
        text: t('documents.queue.added', { count: files.length }),
        action: { label: t('documents.queue.show'), run: showQueue },
      })
    } else if (pathname !== '/library' || !('document' in search) || !search.document) showQueue()
  }
}

/** Files may be dropped anywhere in the window, unless a screen wants them otherwise. */
export function DropAnywhere() {
  const { t } = useTranslation()
  const { dropMeaning } = useAdding()
  const take = useDroppedDocuments()
  return (
    <DropZone
      invitation={dropMeaning?.invitation ?? t('documents.drop')}
      onDrop={async (entries) => {
        if (dropMeaning) return dropMeaning.onDrop(entries)
        take(await filesIn(entries))
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
