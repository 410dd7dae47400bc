import type Konva from 'konva'
import type { RefObject } from 'react'
import { drawBase, type BaseLayer } from '../paint/base'
import { createHeatmapCache, type HeatmapCache } from '../paint/heatmapCache'
import type { ViewerProps, ViewerView } from '../types'
import { createFrameLoop, type FrameLoop } from './frameLoop'
import { createInteraction, type Interaction } from './interaction'
import { createViewModel, type ViewModel } from './viewModel'

/** How long view and colours rest before the image is drawn in full quality again, milliseconds. */
const restTime = 120

/** What the runtime reads and draws into; React keeps it up to date. */
export interface StageRefs {
  readonly props: RefObject<ViewerProps>
  readonly pixelRatio: RefObject<number>
  readonly element: RefObject<HTMLDivElement | null>
  readonly canvas: RefObject<HTMLCanvasElement | null>
  readonly committed: RefObject<Konva.Layer | null>
  readonly editing: RefObject<Konva.Layer | null>
}

/** Everything that lives as long as the stage, outside React's rendering. */
export interface StageRuntime {
  readonly model: ViewModel
  readonly interaction: Interaction
  readonly heatmaps: HeatmapCache
  readonly latest: () => ViewerProps
  /** Draws in the next frame. */
  readonly request: () => void
  readonly moving: () => boolean
  /** Starts the frame loop; returns the function that stops it and lets go of the caches. */
  readonly start: () => () => void
}

export function createStageRuntime(
  refs: StageRefs,
  announceView: (view: ViewerView) => void,
): StageRuntime {
  let loop: FrameLoop | null = null
  let announced: ViewerView | null = null
  let rest: ReturnType<typeof setTimeout> | null = null
  let moving = false
  const request = () => loop?.request()
  const latest = () => refs.props.current
  const model = createViewModel(request)
  const heatmaps = createHeatmapCache(stir)
  const interaction = createInteraction(model, latest, request)

  /** Something changes and will go on changing: until it rests, speed counts. */
  function stir(): void {
    moving = true
    if (rest) clearTimeout(rest)
    rest = setTimeout(() => {
      moving = false
      request()
    }, restTime)
    request()
  }

  function paintBase(): void {
    const context = refs.canvas.current?.getContext('2d')
    if (!context) return
    const stage = model.stage()
    const pixelRatio = refs.pixelRatio.current
    const width = Math.round(stage.width * pixelRatio)
    const height = Math.round(stage.height * pixelRatio)
    if (context.canvas.width !== width || context.canvas.height !== height) {
      context.canvas.width = width
      context.canvas.height = height
    }
    const smooth = latest().heatmapStyle.sampling === 'smooth'
    drawBase(context, baseLayers(), { view: model.view(), stage, pixelRatio, smooth, moving })
  }

  function baseLayers(): BaseLayer[] {
    const { image, heatmapStyle, heatmap } = latest()
    if (!image) return []
    const { bitmap, width, height } = image
    const layers: BaseLayer[] = [
      {
        source: bitmap,
        size: { width: bitmap.width, height: bitmap.height },
        region: { x: 0, y: 0, width, height },
        alpha: 1,
        // The network is given transparent images over white: so they are shown.
        ground: '#ffffff',
      },
    ]
    const painted = heatmaps.painted()
    if (heatmap && painted && heatmapStyle.visible) {
      layers.push({
        source: painted.canvas,
        size: painted.heatmap,
        region: painted.heatmap.region,
        alpha: heatmapStyle.opacity,
      })
    }
    return layers
  }

  function announce(view: ViewerView): void {
    if (view === announced) return
    announced = view
    stir()
    announceView(view)
    latest().onViewChange(view)
    interaction.hoverAgain()
  }

  function frame(elapsed: number): boolean {
    const goesOn = model.step(elapsed)
    if (model.image() && model.stage().width > 0) announce(model.view())
    paintBase()
    // Drawn in this frame, not in Konva's own next one, or outlines would lag behind the image.
    refs.committed.current?.drawScene()
    refs.editing.current?.drawScene()
    if (refs.element.current) refs.element.current.style.cursor = interaction.cursor()
    return goesOn
  }

  return {
    model,
    interaction,
    heatmaps,
    latest,
    request,
    moving: () => moving,
    start() {
      loop = createFrameLoop(frame)
      loop.request()
      return () => {
        loop?.stop()
        loop = null
        if (rest) clearTimeout(rest)
        heatmaps.dispose()
      }
    },
  }
}
