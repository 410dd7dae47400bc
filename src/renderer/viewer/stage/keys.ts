import { arrowDirection, crosshairStart, moveCrosshair } from '../gestures/crosshair'
import { gripsOf, nudgeGrip, sameGrip } from '../gestures/editing'
import type { ViewerProps } from '../types'
import { toView } from '../view/transform'
import type { Interaction } from './interaction'
import type { ViewModel } from './viewModel'

export interface KeyInput {
  readonly key: string
  readonly shift: boolean
  readonly alt: boolean
  /** Control or Command: always left to the action registry. */
  readonly command: boolean
}

/** The crosshair stays this far inside the stage, CSS pixels. */
const crosshairMargin = 40

/**
 * A key on the focused stage. What has no meaning here returns false and belongs to the action
 * registry: panning, tools, deleting the region, Enter to confirm.
 */
export function stageKey(
  input: KeyInput,
  props: ViewerProps,
  interaction: Interaction,
  model: ViewModel,
): boolean {
  if (input.command || !model.image()) return false
  const { draft, crosshair } = interaction.state()
  const direction = arrowDirection(input.key)
  if (direction) {
    if (props.tool !== 'select') return moveDrawing(input, interaction, model)
    return nudgeChosen(input, interaction, model)
  }
  switch (input.key) {
    case 'Escape':
      return interaction.cancel()
    case 'Enter':
      if (crosshair && props.tool === 'tile') {
        props.onPickTile(crosshair)
        return true
      }
      if (crosshair) {
        interaction.draw({ kind: 'place', point: crosshair })
        return true
      }
      return draft !== null && interaction.draw({ kind: 'finish' })
    case 'Backspace':
      return draft !== null && interaction.draw({ kind: 'removeLast' })
    case 'Delete':
      return interaction.removeVertex()
    case '[':
    case ']':
      return chooseGrip(input.key === ']' ? 1 : -1, props, interaction, model)
    default:
      return false
  }
}

function moveDrawing(input: KeyInput, interaction: Interaction, model: ViewModel): boolean {
  const image = model.image()
  const direction = arrowDirection(input.key)
  if (!image || !direction) return false
  const { visible, scale } = model.view()
  const from = interaction.state().crosshair
  const to = from
    ? moveCrosshair(from, direction, input, scale, image)
    : crosshairStart(visible, image)
  interaction.set({ crosshair: to })
  interaction.draw({ kind: 'move', point: to, shift: false })
  const at = toView(model.view(), to)
  const { width, height } = model.stage()
  const outside = (value: number, room: number) =>
    Math.min(0, value - crosshairMargin) + Math.max(0, value - room + crosshairMargin)
  const dx = outside(at.x, width)
  const dy = outside(at.y, height)
  if (dx !== 0 || dy !== 0) model.panBy(-dx, -dy)
  return true
}

/** Walks through the selected region's handles or vertices; the arrow keys then move the one chosen. */
function chooseGrip(
  step: 1 | -1,
  props: ViewerProps,
  interaction: Interaction,
  model: ViewModel,
): boolean {
  const region = interaction.selected()
  if (!region || props.tool !== 'select') return false
  const grips = gripsOf(region.geometry, model.view().scale).filter(
    (grip) => grip.kind !== 'middle',
  )
  if (grips.length === 0) return false
  const now = interaction.state().grip
  const index = now ? grips.findIndex((grip) => sameGrip(grip, now)) : -1
  const start = index < 0 && step < 0 ? 0 : index
  interaction.set({ grip: grips[(start + step + grips.length) % grips.length] ?? null })
  return true
}

function nudgeChosen(input: KeyInput, interaction: Interaction, model: ViewModel): boolean {
  const region = interaction.selected()
  const image = model.image()
  const direction = arrowDirection(input.key)
  const { grip } = interaction.state()
  if (!region || !image || !direction || !grip || input.alt) return false
  const step = input.shift ? 10 : 1
  const now = gripsOf(region.geometry, model.view().scale).find((found) => sameGrip(found, grip))
  if (!now) return false
  const [dx, dy] = [direction.x * step, direction.y * step]
  interaction.reshape(region, nudgeGrip(region.geometry, now, dx, dy, image))
  interaction.set({ grip: now })
  return true
}
