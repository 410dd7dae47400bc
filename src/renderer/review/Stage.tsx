import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { legendRange } from '../../shared/colour/heatmap'
import type { ExplanationResult } from '../../shared/explanation/result'
import { standInText } from '../../shared/explanation/standIns'
import { regionIdSchema, type Geometry } from '../../shared/review/region'
import { ActionButton } from '../components/ActionButton'
import { useApp, useCurrentImage, useReviewState } from '../components/AppContext'
import { ErrorBox } from '../components/ErrorBox'
import { tileAt } from '../state/tiles'
import { pickTile } from '../state/workflow'
import { LayerControls } from '../viewer/LayerControls'
import { Legend } from '../viewer/Legend'
import type { ViewerHeatmap, ViewerImage } from '../viewer/types'
import { Viewer } from '../viewer/Viewer'
import { ContextMenu, type MenuPlace } from './ContextMenu'
import { methodWords } from './methodWords'
import { nextColour } from './regionWords'
import styles from './ReviewScreen.module.css'

const noTile = { width: 1, height: 1 }
/** Until the explanation that was asked for is there the one before shows at this share. */
const staleOpacity = 0.4

/** What the map was not computed by, and whether it is the one that was asked for. */
function marksOf({ ledger, spec }: ExplanationResult, isAsked: boolean): string[] {
  const standIn = standInText(ledger)
  return [
    ...(standIn === '' ? [] : [`With ${standIn}`]),
    ...(isAsked ? [] : [`The map before: ${methodWords[spec.method].label}`]),
  ]
}

export function Stage() {
  const app = useApp()
  const current = useCurrentImage()
  const imageId = current?.image.id ?? null
  const review = useReviewState(imageId)
  const view = useStore(app.view.store)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const stage = useStore(app.stage.store)
  const explanation = useStore(app.analysis.store, (state) => state.explanation)
  const isAsked = useStore(
    app.analysis.store,
    ({ job, error: failed, cancelled }) => job === null && failed === null && !cancelled,
  )
  const busy = useStore(app.analysis.store, (state) => state.job !== null)
  const bitmap = useStore(app.images.store, (state) =>
    imageId === null ? undefined : state.bitmaps.get(imageId),
  )
  const error = useStore(app.images.store, (state) =>
    imageId === null ? undefined : state.errors.get(imageId),
  )

  const name = current?.image.name ?? ''
  const image = useMemo<ViewerImage | null>(
    () =>
      bitmap && imageId !== null
        ? { id: imageId, name, bitmap, width: bitmap.width, height: bitmap.height }
        : null,
    [bitmap, imageId, name],
  )
  const heatmap = useMemo<ViewerHeatmap | null>(
    () =>
      explanation && explanation.imageId === imageId
        ? {
            values: explanation.map.values,
            width: explanation.map.width,
            height: explanation.map.height,
            region: explanation.result.region,
            className: explanation.result.explained.label,
          }
        : null,
    [explanation, imageId],
  )
  const legend = useMemo(
    () => (heatmap ? legendRange(heatmap.values, view.normalisation) : null),
    [heatmap, view.normalisation],
  )

  const regions = review?.review.regions ?? []
  const card = current?.session.model.card
  const tile =
    card && stage.scope.kind === 'tile'
      ? { x: stage.scope.x, y: stage.scope.y, width: card.input.width, height: card.input.height }
      : null

  function addRegion(geometry: Geometry): void {
    if (imageId === null) return
    const region = {
      id: regionIdSchema.parse(crypto.randomUUID()),
      geometry,
      label: '',
      colour: nextColour(regions),
      note: '',
      createdAt: new Date().toISOString(),
    }
    app.review.apply(imageId, { kind: 'add-region', region })
    // Points come in series; a shape is looked at once it is drawn.
    const tool = geometry.kind === 'point' ? stage.tool : 'select'
    app.stage.store.setState({ selectedId: region.id, tool })
  }

  return (
    <main className={styles['stage']} aria-label="Image" data-testid="viewer-stage">
      <Viewer
        image={image}
        heatmap={heatmap}
        heatmapStyle={{
          visible: view.heatmapVisible && !stage.peeking,
          opacity: view.opacity * (isAsked ? 1 : staleOpacity),
          colourMap: view.colourMap,
          threshold: view.threshold,
          sign: view.sign,
          range: legend?.range ?? 1,
          sampling: view.sampling,
        }}
        regions={regions}
        regionsVisible={view.regionsVisible}
        selectedId={stage.selectedId}
        tool={stage.tool}
        tile={tile}
        tileAt={(point) => {
          const size = card?.input ?? noTile
          return { ...tileAt(point, size, image ?? noTile), width: size.width, height: size.height }
        }}
        newRegionColour={nextColour(regions)}
        initialView={imageId === null ? null : (app.stage.views.get(imageId) ?? null)}
        onSelect={(selectedId) => {
          app.stage.store.setState({ selectedId })
        }}
        onAddRegion={addRegion}
        onReshapeRegion={(id, geometry) => {
          if (imageId !== null) app.review.apply(imageId, { kind: 'reshape-region', id, geometry })
        }}
        onPickTile={(point) => {
          pickTile(app, point)
        }}
        onHover={(point) => {
          app.stage.hover.setState({ point })
        }}
        onViewChange={(next) => {
          if (imageId !== null) app.stage.views.set(imageId, next)
        }}
        onContextMenu={(at, id) => {
          if (id !== null) app.stage.store.setState({ selectedId: id })
          if (imageId !== null) setMenu({ ...at, onRegion: id !== null })
        }}
        micronsPerPixel={card?.micronsPerPixel ?? null}
        controller={app.stage.controller}
      >
        <LayerControls
          value={{ ...view, visible: view.heatmapVisible }}
          enabled={heatmap !== null}
          onChange={({ visible, ...patch }) => {
            app.view.set(visible === undefined ? patch : { ...patch, heatmapVisible: visible })
          }}
        />
        {heatmap && legend && explanation ? (
          <Legend
            colourMap={view.colourMap}
            range={legend.range}
            threshold={view.threshold}
            sign={view.sign}
            normalisation={view.normalisation}
            clipped={legend.clipped}
            allZero={legend.allZero}
            className={heatmap.className}
            againstName={explanation.result.against?.label ?? null}
            marks={marksOf(explanation.result, isAsked || busy)}
          />
        ) : null}
      </Viewer>
      {menu ? (
        <ContextMenu
          place={menu}
          onClose={() => {
            setMenu(null)
          }}
        />
      ) : null}
      {error ? (
        <div className={styles['centre']}>
          <ErrorBox error={error} />
        </div>
      ) : null}
      {current === null ? (
        <div className={styles['centre']}>
          <div className={styles['message']}>
            <h2>No images yet</h2>
            <p>Add the images that are to be judged, or drop them on this window.</p>
            <ActionButton id="session.addImages" kind="primary" />
          </div>
        </div>
      ) : null}
    </main>
  )
}
