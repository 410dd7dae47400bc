import type Konva from 'konva'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ViewerProps, ViewerView } from '../types'
import { createController } from './controller'
import { listenToStage } from './domInput'
import { nothingInFlight } from './inFlight'
import { stageKey } from './keys'
import { createStageRuntime } from './runtime'

const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** Ties the stage's runtime to React: props go in, the view comes out at most once a frame. */
export function useStage(props: ViewerProps, pixelRatio: number) {
  const element = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const committed = useRef<Konva.Layer>(null)
  const editing = useRef<Konva.Layer>(null)
  const current = useRef(props)
  const ratio = useRef(pixelRatio)
  const [view, setView] = useState<ViewerView | null>(null)
  const [runtime] = useState(() =>
    createStageRuntime(
      { props: current, pixelRatio: ratio, element, canvas, committed, editing },
      setView,
    ),
  )
  const [layers] = useState({ committed, editing })
  const { model, interaction, heatmaps } = runtime
  const { image, heatmap, heatmapStyle, regions, selectedId, tool, controller } = props

  useLayoutEffect(() => {
    current.current = props
    ratio.current = pixelRatio
    runtime.request()
  })

  useEffect(() => runtime.start(), [runtime])

  const imageId = image?.id ?? null
  useEffect(() => {
    const { image: now, initialView } = runtime.latest()
    interaction.set(nothingInFlight)
    model.setImage(now && { width: now.width, height: now.height }, initialView ?? null)
  }, [imageId, runtime, model, interaction])

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
  }, [interaction, selectedId])

  useEffect(() => {
    const { current: target } = element
    if (!target) return
    return listenToStage({
      element: target,
      model,
      interaction,
      reducedMotion,
      onKey: (input) => stageKey(input, runtime.latest(), interaction, model),
      onLeave: interaction.leave,
      onContextMenu: (at, client) =>
        runtime.latest().onContextMenu?.(client, interaction.regionAt(at)),
    })
  }, [runtime, model, interaction])

  useEffect(() => {
    const focus = () => element.current?.focus({ preventScroll: true })
    controller.current = createController(model, interaction, focus, reducedMotion)
    return () => {
      controller.current = null
    }
  }, [controller, model, interaction])

  return { element, canvas, layers, view, runtime }
}
