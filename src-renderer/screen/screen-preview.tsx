import { Crop, Sparkles, Square, SquarePlus, Undo2, X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { useTellFailure } from '../library/history.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import { bakedStill } from './baked.ts'
import { useInspection } from './inspection.ts'
import { InspectionLine } from './inspection-line.tsx'
import { ScaledLine } from './scaled-line.tsx'
import type { Still } from './screens.ts'
import { StillCanvas, type Tool } from './still-canvas.tsx'
import { type Part, StillEdit } from './still-edit.ts'

const MIDDLE: Part = [0.4, 0.45, 0.2, 0.1]
const MOST_OF_IT: Part = [0.1, 0.1, 0.8, 0.8]

/** The still before anything of it is kept: cut out, black out, attach or throw away. */
export function ScreenPreview({
  still: { image, seen, isPart },
  onTaken,
  onClose,
}: {
  still: Still
  /** `isExplained`: sent at once, with the wish to have it explained. */
  onTaken(picture: Blob, isExplained: boolean): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const manners = useDialogManners(onClose)
  const [edit] = useState(() => new StillEdit())
  const [tool, setTool] = useState<Tool>(isPart ? 'cut' : 'cover')
  const present = useStore(edit, (store) => store.present)
  const canUndo = useStore(edit, (store) => store.canUndo)
  /** The box that takes the focus when it comes up. */
  const focused = useRef<number | null | undefined>(undefined)

  const add = () => {
    if (tool === 'cut') {
      focused.current = null
      edit.cut(MOST_OF_IT)
    } else focused.current = edit.cover(MIDDLE)
  }
  const { inspection, skip } = useInspection(image, edit)
  const tellFailure = useTellFailure()
  const [isTaken, setTaken] = useState(false)
  const mayTake = inspection !== 'looking' && !isTaken
  const take = async (isExplained: boolean) => {
    setTaken(true)
    try {
      onTaken(await bakedStill(image, present), isExplained)
    } catch (error) {
      setTaken(false)
      tellFailure(error)
    }
  }

  return (
    <Primitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          onPointerDownOutside={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') {
              event.preventDefault()
              event.stopPropagation()
              edit.undo()
            }
            manners.onKeyDown(event)
          }}
          className="fixed inset-3 z-50 mx-auto flex max-w-[84rem] animate-appear flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-float outline-none md:inset-8"
        >
          <header className="flex shrink-0 items-start gap-3 pt-4 pr-3 pl-5">
            <div className="mr-auto">
              <Primitive.Title className="font-semibold text-words-small">{t('screen.title')}</Primitive.Title>
              <Primitive.Description className="mt-0.5 text-ink-soft text-meta">
                {isPart && !present.cut ? t('screen.aboutPart') : t('screen.about')}
              </Primitive.Description>
              <ScaledLine kept={image} seen={seen} />
            </div>
            <IconButton label={t('screen.discard')} onClick={onClose}>
              <X />
            </IconButton>
          </header>
          <div className="flex shrink-0 flex-wrap items-center gap-2 px-5 py-3">
            <Choice<Tool>
              label={t('screen.tool')}
              value={tool}
              onValue={setTool}
              options={[
                { value: 'cover', label: t('screen.cover'), icon: <Square aria-hidden className="fill-current" /> },
                { value: 'cut', label: t('screen.cut'), icon: <Crop aria-hidden /> },
              ]}
            />
            <Button size="small" look="quiet" onClick={add}>
              <SquarePlus aria-hidden />
              {tool === 'cut' ? t('screen.addCut') : t('screen.addBox')}
            </Button>
            <Button size="small" look="quiet" disabled={!canUndo} onClick={() => edit.undo()}>
              <Undo2 aria-hidden />
              {t('screen.undo')}
            </Button>
          </div>
          <div className="@container-[size] flex min-h-0 flex-1 items-center justify-center bg-sunken p-4 [--room:100cqh] [container-type:size]">
            <StillCanvas
              still={image}
              edit={edit}
              tool={tool}
              onBox={(id, element) => {
                if (!element || focused.current !== id) return
                focused.current = undefined
                element.focus()
              }}
            />
          </div>
          <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 px-5 py-4">
            <InspectionLine
              inspection={inspection}
              found={present.covers.filter(({ found }) => found !== null).length}
              onSkip={skip}
            />
            <Button look="quiet" onClick={onClose} className="max-md:hidden">
              {t('screen.discard')}
            </Button>
            <Button disabled={!mayTake} onClick={() => void take(true)}>
              <Sparkles aria-hidden />
              {t('screen.explain')}
            </Button>
            <Button look="primary" disabled={!mayTake} onClick={() => void take(false)}>
              {t('screen.attach')}
            </Button>
          </footer>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
