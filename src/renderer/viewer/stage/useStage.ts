import type Konva from 'konva'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { drawBase, type BaseLayer } from '../paint/base'
import { createHeatmapCache } from '../paint/heatmapCache'
import type { ViewerProps, ViewerView } from '../types'
import { createController } from './controller'
import { listenToStage } from './domInput'
import { createFrameLoop, type FrameLoop } from './frameLoop'
import { createInteraction, nothingInFlight } from './interaction'
import { stageKey } from './keys'
import { createViewModel } from './viewModel'

/** How long the view rests before the image is drawn in full quality again, milliseconds. */
const restTime = 120
const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** All that lives as long as the stage: view, gestures, caches and the one frame loop. */
export function useStage(props: ViewerProps, pixelRatio: number) {
  const element = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const committed = useRef<Konva.Layer>(null)
  const editing = useRef<Konva.Layer>(null)
  const current = useRef(props)
  const ratio = useRef(pixelRatio)
  /** For the overview, the scale bar and the live region: changes at most once a frame. */
  const [view, setView] = useState<ViewerView | null>(null)

  const stage = useMemo(() => {
    let loop: FrameLoop | null = null
    let announced: ViewerView | null = null
    let rest: ReturnType<typeof setTimeout> | null = null
    let moving = false
    const request = () => loop?.request()
    const latest = () => current.current
    const model = createViewModel(request)
    const heatmaps = createHeatmapCache(request)
    const interaction = createInteraction(model, latest, request)

    function paint(): void {
      const context = canvas.current?.getContext('2d')
      if (!context) return
      const room = model.stage()
      const width = Math.round(room.width * ratio.current)
      const height = Math.round(room.height * ratio.current)
      if (context.canvas.width !== width || context.canvas.height !== height) {
        context.canvas.width = width
        context.canvas.height = height
      }
      drawBase(context, baseLayers(), {
        view: model.view(),
        stage: room,
        pixelRatio: ratio.current,
        smooth: latest().heatmapStyle.sampling === 'smooth',
        moving,
      })
    }

    function baseLayers(): BaseLayer[] {
      const { image, heatmapStyle, heatmap } = latest()
      if (!image) return []
      const layers: BaseLayer[] = [
        {
          source: image.bitmap,
          size: { width: image.bitmap.width, height: image.bitmap.height },
          region: { x: 0, y: 0, width: image.width, height: image.height },
          alpha: 1,
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

    function announce(now: ViewerView): void {
      if (now === announced) return
      announced = now
      moving = true
      if (rest) clearTimeout(rest)
      rest = setTimeout(() => {
        moving = false
        request()
      }, restTime)
      setView(now)
      latest().onViewChange(now)
    }

    function frame(elapsed: number): boolean {
      const goesOn = model.step(elapsed)
      if (model.image() && model.stage().width > 0) announce(model.view())
      paint()
      committed.current?.drawScene()
      editing.current?.drawScene()
      if (element.current) element.current.style.cursor = interaction.cursor()
      return goesOn
    }

    return {
      model,
      heatmaps,
      interaction,
      latest,
      request,
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
  }, [])

  const { image, heatmap, heatmapStyle, regions, tool, controller } = props
  const { model, interaction, heatmaps } = stage

  useLayoutEffect(() => {
    current.current = props
    ratio.current = pixelRatio
    stage.request()
  })

  useEffect(() => stage.start(), [stage])

  const imageId = image?.id ?? null
  useEffect(() => {
    const { image: now, initialView } = stage.latest()
    interaction.set(nothingInFlight)
    model.setImage(now && { width: now.width, height: now.height }, initialView ?? null)
  }, [imageId, stage, model, interaction])

  const { colourMap, range, threshold, sign } = heatmapStyle
  useEffect(() => {
    heatmaps.update(heatmap, { colourMap, range, threshold, sign })
  }, [heatmaps, heatmap, colourMap, range, threshold, sign])

  useEffect(() => {
    interaction.set({ draft: null, crosshair: null, grip: null })
  }, [interaction, tool])

  useEffect(() => {
    interaction.set({ pending: null })
  }, [interaction, regions])

  useEffect(() => {
    interaction.set({ grip: null })
  }, [interaction, props.selectedId])

  useEffect(() => {
    const { current: target } = element
    if (!target) return
    return listenToStage({
      element: target,
      model,
      interaction,
      reducedMotion,
      onKey: (input) => stageKey(input, stage.latest(), interaction, model),
      onLeave: () => stage.latest().onHover(null),
      onContextMenu: (at, event) =>
        stage
          .latest()
          .onContextMenu?.({ x: event.clientX, y: event.clientY }, interaction.regionAt(at)),
    })
  }, [stage, model, interaction])

  useEffect(() => {
    const focus = () => element.current?.focus({ preventScroll: true })
    controller.current = createController(model, interaction, focus, reducedMotion)
    return () => {
      controller.current = null
    }
  }, [controller, model, interaction])

  const layers = useMemo(() => ({ committed, editing }), [])
  return { element, canvas, layers, view, ...stage }
}
