import { clampPoint } from '../../../shared/geometry/bounds'
import { deleteVertex, toHundredths, translateWithin } from '../../../shared/geometry/transform'
import type { Geometry, Point, Region, RegionId } from '../../../shared/review/region'
import { isDrawingTool, stepDrawing, type DrawInput } from '../gestures/drawing'
import { beginMove, beginReshape, dragEdit, finishEdit } from '../gestures/editing'
import {
  classifyPress,
  clickDistance,
  cursorFor,
  regionsUnder,
  type Press,
  type PressInput,
} from '../gestures/pressing'
import type { ViewerProps } from '../types'
import { toImage } from '../view/transform'
import { nothingInFlight, type InFlight, type PointerInput } from './inFlight'
import type { ViewModel } from './viewModel'

interface Gesture {
  readonly press: Press
  readonly start: Point
  readonly last: Point
  readonly dragged: boolean
}

/** How long a finished gesture waits for its region to come back in the props, milliseconds. */
const pendingTime = 2000

export interface Interaction {
  readonly state: () => InFlight
  readonly set: (patch: Partial<InFlight>) => void
  readonly press: (input: PointerInput) => boolean
  readonly move: (input: PointerInput) => void
  readonly release: (input: PointerInput) => void
  /** The pointer is over the stage no more. */
  readonly leave: () => void
  /** The view moved under a resting pointer: tells what lies there now. */
  readonly hoverAgain: () => void
  readonly holdSpace: (held: boolean) => void
  readonly draw: (input: DrawInput) => boolean
  readonly reshape: (region: Region, geometry: Geometry | null) => boolean
  readonly nudge: (dx: number, dy: number) => boolean
  readonly removeVertex: () => boolean
  readonly cancel: () => boolean
  readonly cursor: () => string
  /** Where the tile tool would pick a tile: the keyboard's crosshair, else the pointer. */
  readonly aim: () => Point | null
  readonly regionAt: (at: Point) => RegionId | null
  /** The selected region as the stage shows it. */
  readonly selected: () => Region | null
}

/** Turns input into gestures, and finished gestures into calls of the props. No DOM, no React. */
export function createInteraction(
  model: ViewModel,
  props: () => ViewerProps,
  changed: () => void,
): Interaction {
  let state = nothingInFlight
  let gesture: Gesture | null = null
  let space = false
  let pointer: PointerInput | null = null

  function set(patch: Partial<InFlight>): void {
    state = { ...state, ...patch }
    changed()
  }

  /** Hands a geometry to the parent, and shows it until it comes back in the props. */
  function show(id: RegionId | null, geometry: Geometry, patch: Partial<InFlight> = {}): void {
    const pending = { id, geometry }
    set({ ...patch, pending })
    setTimeout(() => {
      if (state.pending === pending) set({ pending: null })
    }, pendingTime)
  }

  function selected(): Region | null {
    const { regions, selectedId, regionsVisible } = props()
    const region = regionsVisible && regions.find((candidate) => candidate.id === selectedId)
    if (!region) return null
    return state.pending?.id === region.id
      ? { ...region, geometry: state.pending.geometry }
      : region
  }

  function pressInput(input: PointerInput): PressInput {
    const { tool, regions, regionsVisible, selectedId } = props()
    const view = model.view()
    const now = selected()
    return {
      tool,
      button: input.button,
      space,
      alt: input.alt,
      point: toImage(view, input.at),
      scale: view.scale,
      regions: regionsVisible
        ? regions.map((region) => (region.id === now?.id ? now : region))
        : [],
      selectedId,
    }
  }

  function imagePoint(at: Point): Point | null {
    const image = model.image()
    return image && clampPoint(toHundredths(toImage(model.view(), at)), image)
  }

  function draw(input: DrawInput): boolean {
    const { tool, onAddRegion } = props()
    const image = model.image()
    if (!image || !isDrawingTool(tool)) return false
    const before = state.draft
    const { draft, done } = stepDrawing(tool, before, input, {
      image,
      scale: model.view().scale,
    })
    if (done) {
      show(null, done, { draft })
      onAddRegion(done)
    } else if (draft !== before) set({ draft })
    return done !== null || draft !== before
  }

  function reshape(region: Region, geometry: Geometry | null): boolean {
    if (!geometry) return false
    show(region.id, geometry)
    props().onReshapeRegion(region.id, geometry)
    return true
  }

  function press(input: PointerInput): boolean {
    pointer = input
    if (gesture || !model.image()) return false
    const found = classifyPress(pressInput(input))
    if (!found) return false
    gesture = { press: found, start: input.at, last: input.at, dragged: false }
    const point = imagePoint(input.at)
    if (!point) return true
    set({ crosshair: null, grip: null })
    switch (found.kind) {
      case 'draw':
        draw({ kind: 'press', point, shift: input.shift, double: input.double })
        break
      case 'reshape': {
        const edit = beginReshape(found.region.geometry, found.grip, point)
        set({ edit: { id: found.region.id, edit }, grip: found.grip })
        break
      }
      case 'move':
        if (found.region.id !== props().selectedId) props().onSelect(found.region.id)
        set({ edit: { id: found.region.id, edit: beginMove(found.region.geometry, point) } })
        break
      case 'removeVertex': {
        const fewer = deleteVertex(found.region.geometry, found.index)
        reshape(found.region, fewer === found.region.geometry ? null : fewer)
        break
      }
      case 'pan':
      case 'panOrSelect':
      case 'pickTile':
        break
    }
    return true
  }

  function move(input: PointerInput): void {
    pointer = input
    hover(input.at)
    const point = imagePoint(input.at)
    if (!point) return
    if (state.crosshair) set({ crosshair: null })
    if (!gesture) {
      if (state.draft) draw({ kind: 'move', point, shift: input.shift })
      else if (props().tool === 'tile') changed()
      return
    }
    const away = Math.hypot(input.at.x - gesture.start.x, input.at.y - gesture.start.y)
    const dragged = gesture.dragged || away >= clickDistance
    // A drag begins where the press was, so nothing jumps by the five pixels of a click.
    const before = gesture.last
    gesture = { ...gesture, dragged, last: dragged ? input.at : before }
    const { kind } = gesture.press
    if (kind === 'draw') draw({ kind: 'move', point, shift: input.shift })
    else if (!dragged) return
    else if (kind === 'pan' || kind === 'panOrSelect') {
      model.panBy(input.at.x - before.x, input.at.y - before.y)
    } else if (state.edit) {
      const image = model.image()
      const { id, edit } = state.edit
      if (image) set({ edit: { id, edit: dragEdit(edit, point, input.shift, image) } })
    }
  }

  function release(input: PointerInput): void {
    pointer = input
    const ended = gesture
    gesture = null
    const point = imagePoint(input.at)
    if (!ended || !point) return
    const { dragged } = ended
    switch (ended.press.kind) {
      case 'draw':
        draw({ kind: 'release', point, shift: input.shift, dragged })
        break
      case 'pickTile':
        if (!dragged && insideImage(input.at)) props().onPickTile(point)
        break
      case 'panOrSelect':
        if (!dragged && ended.press.id !== props().selectedId) props().onSelect(ended.press.id)
        break
      case 'reshape':
      case 'move':
        endEdit(ended.press.region, dragged)
        break
      case 'pan':
      case 'removeVertex':
        break
    }
    changed()
  }

  function endEdit(region: Region, dragged: boolean): void {
    const geometry = dragged && state.edit ? finishEdit(state.edit.edit) : null
    set({ edit: null, grip: dragged ? null : state.grip })
    reshape(region, geometry)
  }

  function insideImage(at: Point): boolean {
    const image = model.image()
    const { x, y } = toImage(model.view(), at)
    return image !== null && x >= 0 && y >= 0 && x < image.width && y < image.height
  }

  function hover(at: Point): void {
    props().onHover(insideImage(at) ? toImage(model.view(), at) : null)
  }

  return {
    state: () => state,
    set,
    press,
    move,
    release,
    draw,
    reshape,
    selected,
    leave() {
      pointer = null
      props().onHover(null)
      changed()
    },
    hoverAgain() {
      if (pointer) hover(pointer.at)
    },
    holdSpace(held) {
      space = held
      changed()
    },
    nudge(dx, dy) {
      const region = selected()
      const image = model.image()
      if (!region || !image) return false
      const moved = translateWithin(region.geometry, dx, dy, image)
      reshape(region, JSON.stringify(moved) === JSON.stringify(region.geometry) ? null : moved)
      return true
    },
    removeVertex() {
      const region = selected()
      if (!region || state.grip?.kind !== 'vertex') return false
      const fewer = deleteVertex(region.geometry, state.grip.index)
      set({ grip: null })
      // A triangle keeps its vertices, but the key was meant for the vertex, not for the region.
      reshape(region, fewer === region.geometry ? null : fewer)
      return true
    },
    cancel() {
      const { draft, edit, crosshair, grip } = state
      const busy = Boolean(draft ?? edit ?? crosshair ?? grip)
      gesture = null
      if (busy) set({ draft: null, edit: null, crosshair: null, grip: null })
      return busy
    },
    aim() {
      if (props().tool !== 'tile') return null
      if (state.crosshair) return state.crosshair
      return pointer && insideImage(pointer.at) ? imagePoint(pointer.at) : null
    },
    cursor() {
      if (gesture?.press.kind === 'pan') return 'grabbing'
      if (gesture?.press.kind === 'panOrSelect' && gesture.dragged) return 'grabbing'
      if (!model.image()) return 'default'
      if (gesture) return cursorFor(gesture.press)
      return pointer ? cursorFor(classifyPress(pressInput({ ...pointer, button: 0 }))) : 'default'
    },
    regionAt(at) {
      const { regions, regionsVisible } = props()
      const view = model.view()
      if (!regionsVisible) return null
      return regionsUnder(regions, toImage(view, at), view.scale)[0]?.item.id ?? null
    },
  }
}
