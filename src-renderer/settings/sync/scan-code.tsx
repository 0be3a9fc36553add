import { Camera, ImageUp } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { readQrFile, scanQr } from './read-qr.ts'

/** How our codes begin, as a new device shows them. */
const OURS = 'LVA1:'

type Trouble = 'noCamera' | 'noCode' | 'notOurs'

/** Reads the QR code of a new device by the camera, from a picture, or from one that is pasted anywhere on the screen. */
export function ScanCode({ onCode }: { onCode(code: string): void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const scanning = useRef<AbortController | null>(null)
  const [isScanning, setScanning] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const stop = useCallback(() => {
    scanning.current?.abort()
    scanning.current = null
    setScanning(false)
  }, [])
  useEffect(() => stop, [stop])

  const take = useCallback(
    (text: string | undefined) => {
      const isOurs = text?.toUpperCase().startsWith(OURS)
      setTrouble(text === undefined ? 'noCode' : isOurs ? null : 'notOurs')
      if (text !== undefined && isOurs) onCode(text)
    },
    [onCode],
  )
  const read = useCallback(
    async (file: Blob | undefined) => {
      if (!file) return
      setTrouble(null)
      take(await readQrFile(file).catch(() => undefined))
    },
    [take],
  )
  useEffect(() => {
    const onPaste = ({ clipboardData }: ClipboardEvent) => {
      const picture = Array.from(clipboardData?.files ?? []).find(({ type }) => type.startsWith('image/'))
      void read(picture)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [read])

  const scan = async () => {
    const stopping = new AbortController()
    scanning.current = stopping
    setTrouble(null)
    setScanning(true)
    const show = (stream: MediaStream) => {
      const shown = video.current
      if (!shown) throw new DOMException('The camera is not looked at any more.', 'AbortError')
      shown.srcObject = stream
      return shown
    }
    try {
      const text = await scanQr(show, stopping.signal)
      if (!stopping.signal.aborted) take(text)
    } catch {
      if (!stopping.signal.aborted) setTrouble('noCamera')
    } finally {
      if (scanning.current === stopping) stop()
    }
  }
  return (
    <div className="space-y-3">
      {isScanning && (
        <>
          <p className="text-ink-soft text-ui">{t('settings.sync.add.scanning')}</p>
          <video
            ref={video}
            muted
            playsInline
            aria-label={t('settings.sync.add.camera')}
            className="aspect-[4/3] w-full max-w-xs rounded-xl border border-line bg-sunken object-cover"
          />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {isScanning ? (
          <Button onClick={stop}>{t('settings.sync.add.stop')}</Button>
        ) : (
          <Button onClick={() => void scan()}>
            <Camera />
            {t('settings.sync.add.scan')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          data-testid="qr-picture"
          onChange={({ target }) => {
            void read(target.files?.[0])
            target.value = ''
          }}
        />
        <Button look="quiet" onClick={() => input.current?.click()}>
          <ImageUp />
          {t('settings.sync.add.picture')}
        </Button>
      </div>
      {trouble && (
        <p role="alert" className="text-danger text-ui">
          {t(`settings.sync.add.${trouble}`)}
        </p>
      )}
    </div>
  )
}
