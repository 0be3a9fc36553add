import { FileAudio, ImageUp, MonitorUp, Plus } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useDropMeaning, useDroppedDocuments } from '../documents/adding.tsx'
import { filesIn } from '../documents/dropped-files.ts'
import { canShowScreen } from '../screen/take-still.ts'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { IconButton } from '../ui/button.tsx'
import { Keys } from '../ui/keys.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toasts.tsx'
import { type DraftPicture, MOST_PICTURES, picturesAmong } from './draft-picture.ts'

/** Takes files as pictures, and says so of those that are none. */
export function useTakePictures(onTaken: (pictures: DraftPicture[]) => void) {
  const { t } = useTranslation()
  const toast = useToast()
  return (files: readonly File[]) => {
    const { pictures, others } = picturesAmong(files)
    if (others.length > 0)
      toast({ text: t('pictures.notTaken', { count: others.length }), detail: t('pictures.kinds') })
    if (pictures.length > 0) onTaken(pictures)
  }
}

/** While the calling screen is there, pictures that are dropped go along with what is said; anything else becomes documents, as elsewhere. */
export function useDroppedPictures(onTaken: (pictures: DraftPicture[]) => void): void {
  const { t } = useTranslation()
  const takeDocuments = useDroppedDocuments()
  useDropMeaning(t('pictures.drop'), async (entries) => {
    const hasFolders = entries.some((entry) => !(entry instanceof File) && entry.isDirectory)
    const files = await filesIn(entries)
    const { pictures, others } = picturesAmong(files)
    if (!hasFolders && others.length === 0 && pictures.length <= MOST_PICTURES) return onTaken(pictures)
    takeDocuments(files)
  })
}

/** The button beside the editor: pictures and recordings from files, or a picture of the screen. */
export function AddPictures({
  onTaken,
  onRecording,
  onShowScreen,
}: {
  onTaken(pictures: DraftPicture[]): void
  onRecording(file: File): void
  onShowScreen(): void
}) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const take = useTakePictures(onTaken)
  const sound = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        multiple
        hidden
        data-pictures
        onChange={(event) => {
          take([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <input
        ref={sound}
        type="file"
        accept="audio/*,.wav,.mp3,.m4a,.aac,.ogg,.opus,.webm,.flac"
        hidden
        data-recording
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onRecording(file)
          event.target.value = ''
        }}
      />
      <Menu
        trigger={
          <IconButton label={t('pictures.add')}>
            <Plus />
          </IconButton>
        }
        align="start"
      >
        <MenuItem icon={<ImageUp aria-hidden />} onSelect={() => input.current?.click()}>
          {t('pictures.choose')}
        </MenuItem>
        <MenuItem icon={<FileAudio aria-hidden />} onSelect={() => sound.current?.click()}>
          {t('talk.addRecording')}
        </MenuItem>
        {canShowScreen() && (
          <MenuItem icon={<MonitorUp aria-hidden />} onSelect={onShowScreen}>
            {t('screen.show')}
            <Keys keys={SHORTCUTS.showScreen.keys} />
          </MenuItem>
        )}
      </Menu>
    </>
  )
}
