import type { Point } from '../../../shared/review/region'
import { isNotch, wheelFactor } from '../view/wheel'
import type { PointerInput } from './inFlight'
import type { Interaction } from './interaction'
import type { KeyInput } from './keys'
import type { ViewModel } from './viewModel'

/** Two presses within this time and place are a double click. */
const doubleTime = 300
const doubleDistance = 5

interface DomInput {
  readonly element: HTMLElement
  readonly model: ViewModel
  readonly interaction: Interaction
  readonly onKey: (input: KeyInput) => boolean
  readonly onLeave: () => void
  /** @param at CSS pixels of the stage @param client of the window */
  readonly onContextMenu: (at: Point, client: Point) => void
  readonly reducedMotion: () => boolean
}

/** Listens on the stage; returns the function that stops. The only place where DOM events are read. */
export function listenToStage(dom: DomInput): () => void {
  const { element, model, interaction } = dom
  const stop = new AbortController()
  const options = { signal: stop.signal }
  let lastPress = { time: Number.NEGATIVE_INFINITY, x: 0, y: 0 }

  const at = (event: MouseEvent) => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const read = (event: PointerEvent, double = false): PointerInput => ({
    at: at(event),
    button: event.button,
    shift: event.shiftKey,
    alt: event.altKey,
    double,
  })

  element.addEventListener(
    'pointerdown',
    (event) => {
      element.focus({ preventScroll: true })
      // A ring around the image at every click would be noise; the keyboard brings it back.
      element.dataset['byPointer'] = ''
      const { x, y } = at(event)
      const double =
        event.button === 0 &&
        event.timeStamp - lastPress.time < doubleTime &&
        Math.hypot(x - lastPress.x, y - lastPress.y) < doubleDistance
      lastPress = { time: double ? Number.NEGATIVE_INFINITY : event.timeStamp, x, y }
      if (!interaction.press(read(event, double))) return
      // Also keeps the middle button from scrolling by itself.
      event.preventDefault()
      element.setPointerCapture(event.pointerId)
    },
    options,
  )
  element.addEventListener('pointermove', (event) => interaction.move(read(event)), options)
  element.addEventListener('pointerup', (event) => interaction.release(read(event)), options)
  element.addEventListener('pointercancel', () => interaction.cancel(), options)
  element.addEventListener('pointerleave', dom.onLeave, options)
  element.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault()
      dom.onContextMenu(at(event), { x: event.clientX, y: event.clientY })
    },
    options,
  )
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const smoothly = isNotch(event) && !dom.reducedMotion()
      model.zoomAt(at(event), wheelFactor(event), smoothly)
    },
    { ...options, passive: false },
  )
  element.addEventListener(
    'keydown',
    (event) => {
      const handled = dom.onKey({
        key: event.key,
        shift: event.shiftKey,
        alt: event.altKey,
        command: event.ctrlKey || event.metaKey,
      })
      if (!handled) return
      delete element.dataset['byPointer']
      event.preventDefault()
      event.stopPropagation()
    },
    options,
  )
  element.addEventListener('blur', () => delete element.dataset['byPointer'], options)
  listenForSpace(interaction, stop.signal)
  return () => stop.abort()
}

/** Space pans while held, wherever the focus is, except where Space has a meaning of its own. */
function listenForSpace(interaction: Interaction, signal: AbortSignal): void {
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== 'Space' || event.repeat) return
      if (event.target instanceof Element && event.target.closest(spaceTakers)) return
      event.preventDefault()
      interaction.holdSpace(true)
    },
    { signal },
  )
  window.addEventListener(
    'keyup',
    (event) => {
      if (event.code === 'Space') interaction.holdSpace(false)
    },
    { signal },
  )
  window.addEventListener('blur', () => interaction.holdSpace(false), { signal })
}

const spaceTakers =
  'input, textarea, select, button, a, summary, [contenteditable], [role="option"]'
