import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeskState, GLOBAL_KEYS, type GlobalKey } from '../../src-core/contract/index.ts'
import { pressedKeys, printedKeys } from '../desk/accelerator.ts'
import type { DeskLine } from '../desk/desk-line.ts'
import { isMac } from '../shell/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Keys } from '../ui/keys.tsx'

type Trouble = { why: 'unsuitable' } | { why: 'taken'; by: GlobalKey }

/** One key that works everywhere: shown, changed by pressing another, switched off. */
export function GlobalKeyField({ name, line, keys }: { name: GlobalKey; line: DeskLine; keys: DeskState['keys'] }) {
  const { t } = useTranslation()
  const [isPressing, setPressing] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const { keys: present, isRefused } = keys[name]
  // While they are being pressed the present keys rest, also where this place goes away meanwhile.
  useEffect(() => {
    if (!isPressing) return
    line.pressKeys(true)
    return () => line.pressKeys(false)
  }, [isPressing, line])

  const onKey = (event: KeyboardEvent) => {
    if (!isPressing || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') {
      setTrouble(null)
      return setPressing(false)
    }
    const pressed = pressedKeys(event.nativeEvent, isMac)
    if (pressed === 'unfinished') return
    if (pressed === 'unsuitable') return setTrouble({ why: 'unsuitable' })
    const by = GLOBAL_KEYS.find((other) => other !== name && keys[other].keys === pressed.keys)
    if (by) return setTrouble({ why: 'taken', by })
    setTrouble(null)
    setPressing(false)
    line.change({ keys: { [name]: pressed.keys } })
  }
  const says = trouble
    ? trouble.why === 'taken'
      ? t('settings.desktop.taken', { what: t(`settings.desktop.key.${trouble.by}`) })
      : t('settings.desktop.unsuitable')
    : isRefused
      ? t('settings.desktop.refused')
      : ''
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <span className="font-medium text-ui max-sm:w-full sm:mr-auto">{t(`settings.desktop.key.${name}`)}</span>
        <Button
          ref={button}
          size="small"
          aria-pressed={isPressing}
          onKeyDown={onKey}
          onBlur={() => {
            setPressing(false)
            setTrouble(null)
          }}
          onClick={() => {
            setTrouble(null)
            setPressing(true)
          }}
          className={isPressing ? 'border-accent!' : ''}
        >
          <span className="sr-only">{t('settings.desktop.change', { what: t(`settings.desktop.key.${name}`) })} </span>
          {isPressing ? (
            t('settings.desktop.press')
          ) : present === '' ? (
            t('settings.desktop.none')
          ) : (
            <Keys keys={printedKeys(present, isMac)} />
          )}
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={present === ''}
          aria-label={t('settings.desktop.switchOff', { what: t(`settings.desktop.key.${name}`) })}
          onClick={() => line.change({ keys: { [name]: '' } })}
        >
          {t('settings.desktop.off')}
        </Button>
      </div>
      <p role="status" className="text-danger text-meta">
        {says}
      </p>
      {name === 'talk' && <p className="mt-0.5 text-ink-quiet text-meta">{t('settings.desktop.talkHelp')}</p>}
    </div>
  )
}
