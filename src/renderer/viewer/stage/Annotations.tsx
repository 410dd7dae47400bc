import type Konva from 'konva'
import { useCallback, useMemo, useRef, type RefObject } from 'react'
import { Layer, Shape, Stage } from 'react-konva'
import type { Size } from '../../../shared/geometry/shapes'
import {
  drawAimedTile,
  drawCrosshair,
  drawDraft,
  drawGeometry,
  drawGrips,
  drawTile,
} from '../paint/editing'
import { buildRegionPaths, drawRegions, type RegionPaths } from '../paint/regions'
import { gripsOf } from '../gestures/editing'
import type { StageRuntime } from './runtime'

export interface AnnotationLayers {
  readonly committed: RefObject<Konva.Layer | null>
  readonly editing: RefObject<Konva.Layer | null>
}

interface AnnotationsProps {
  readonly size: Size
  readonly pixelRatio: number
  readonly runtime: StageRuntime
  readonly layers: AnnotationLayers
}

/**
 * Regions above the image: one Konva shape for all that are committed, one for what is in hand.
 * Both draw in CSS pixels with the view of the moment, so the nodes never change while panning.
 */
export function Annotations(props: AnnotationsProps) {
  const { size, pixelRatio, runtime, layers } = props
  const { model, interaction, latest, moving } = runtime
  const cached = useRef<{ readonly key: readonly unknown[]; readonly paths: RegionPaths } | null>(
    null,
  )

  const paths = useCallback((): RegionPaths => {
    const { regions, selectedId } = latest()
    const { edit, pending } = interaction.state()
    const without = edit?.id ?? pending?.id ?? null
    const key = [regions, selectedId, without]
    const kept = cached.current
    if (kept && kept.key.every((part, index) => part === key[index])) return kept.paths
    const built = buildRegionPaths(regions, selectedId, without)
    cached.current = { key, paths: built }
    return built
  }, [latest, interaction])

  const drawCommitted = useCallback(
    (wrapped: Konva.Context) => {
      if (!model.image()) return
      const { tile, regionsVisible } = latest()
      const context = wrapped._context
      if (tile) drawTile(context, tile, model.view(), 'explained tile')
      if (regionsVisible) drawRegions(context, paths(), model.view(), moving())
    },
    [model, latest, paths, moving],
  )

  const drawInHand = useCallback(
    (wrapped: Konva.Context) => {
      if (!model.image()) return
      const now = latest()
      const context = wrapped._context
      const view = model.view()
      const { draft, edit, pending, crosshair, grip } = interaction.state()
      const colourOf = (id: string | null) =>
        now.regions.find((region) => region.id === id)?.colour ?? now.newRegionColour
      if (pending && !edit) drawGeometry(context, pending.geometry, colourOf(pending.id), view)
      if (edit) drawGeometry(context, edit.edit.geometry, colourOf(edit.id), view)
      if (draft) drawDraft(context, draft, now.newRegionColour, view)
      const selected = now.tool === 'select' ? interaction.selected() : null
      if (selected) {
        const shown = edit?.id === selected.id ? edit.edit.geometry : selected.geometry
        drawGrips(context, gripsOf(shown, view.scale), view, grip)
      }
      const aim = interaction.aim()
      if (aim && now.tileAt) drawAimedTile(context, now.tileAt(aim), view)
      if (crosshair) drawCrosshair(context, crosshair, view)
    },
    [model, latest, interaction],
  )

  return useMemo(
    () =>
      size.width > 0 && size.height > 0 ? (
        // Konva reads the pixel ratio when a layer is made: another screen, another stage.
        <Stage key={pixelRatio} width={size.width} height={size.height} listening={false}>
          <Layer ref={layers.committed} listening={false}>
            <Shape sceneFunc={drawCommitted} listening={false} perfectDrawEnabled={false} />
          </Layer>
          <Layer ref={layers.editing} listening={false}>
            <Shape sceneFunc={drawInHand} listening={false} perfectDrawEnabled={false} />
          </Layer>
        </Stage>
      ) : null,
    [size, pixelRatio, layers, drawCommitted, drawInHand],
  )
}
