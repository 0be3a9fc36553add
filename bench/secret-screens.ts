import { createCanvas } from '@napi-rs/canvas'
import { type PlantedSecret, plantedSecrets } from '../test/made-secrets.ts'

const LOOKS = [
  { name: 'editor', font: '15px monospace', ink: '#1f2328', paper: '#ffffff', line: 26 },
  { name: 'dark terminal', font: '14px monospace', ink: '#d6deeb', paper: '#0d1117', line: 24 },
  { name: 'settings page', font: '16px sans-serif', ink: '#24292f', paper: '#f6f8fa', line: 34 },
] as const

export interface SecretScreen {
  look: string
  picture: Buffer
  planted: PlantedSecret[]
}

const PER_SCREEN = 9
const WORDS = 'Xylem moves water upwards in plants'

/** Screens on which the secrets stand, a few on each, with lines between that anybody may read. */
export function secretScreens(random: () => number): SecretScreen[] {
  const planted = plantedSecrets(random)
  const screens: SecretScreen[] = []
  for (const look of LOOKS) {
    for (let from = 0; from < planted.length; from += PER_SCREEN) {
      const group = planted.slice(from, from + PER_SCREEN)
      const lines = group.flatMap(({ lines }) => [WORDS, ...lines, ''])
      const canvas = createCanvas(1_280, Math.max(720, 80 + lines.length * look.line))
      const context = canvas.getContext('2d')
      context.fillStyle = look.paper
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.fillStyle = look.ink
      context.font = look.font
      for (const [row, line] of lines.entries()) context.fillText(line, 48, 60 + row * look.line)
      screens.push({ look: look.name, picture: canvas.toBuffer('image/png'), planted: group })
    }
  }
  return screens
}
