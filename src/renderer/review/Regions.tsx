import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { formatShare } from '../../shared/format/numbers'
import type { Region, RegionId } from '../../shared/review/region'
import { bounds } from '../../shared/geometry/bounds'
import { labelFieldId } from '../actions/reviewActions'
import { ActionButton } from '../components/ActionButton'
import { useApp, useCurrentImage, useReviewState } from '../components/AppContext'
import { Icon } from '../components/Icon'
import { PanelSection } from '../components/Panel'
import { evidenceOf, evidenceText, isOutside } from './evidence'
import { RegionFields } from './RegionFields'
import { regionName } from './regionWords'
import styles from './Regions.module.css'

/** What an empty list offers, in the toolbar's order. */
const offered = [
  { id: 'tool.rectangle', icon: 'rectangle' },
  { id: 'tool.ellipse', icon: 'ellipse' },
  { id: 'tool.polygon', icon: 'polygon' },
  { id: 'tool.freehand', icon: 'freehand' },
  { id: 'tool.point', icon: 'point' },
] as const

export function Regions() {
  const app = useApp()
  const current = useCurrentImage()
  const review = useReviewState(current?.image.id ?? null)
  const selectedId = useStore(app.stage.store, (stage) => stage.selectedId)
  const explanation = useStore(app.analysis.store, (state) => state.explanation)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const row = selectedId === null ? null : document.getElementById(`region-${selectedId}`)
    row?.scrollIntoView({ block: 'nearest' })
  }, [selectedId])
  if (!current) return null
  const { image } = current
  const regions = review?.review.regions ?? []
  const index = regions.findIndex(({ id }) => id === selectedId)
  const selected = regions[index]

  function select(id: RegionId): void {
    app.stage.store.setState({ selectedId: id })
  }

  function choose(row: number): void {
    const region = regions[Math.min(regions.length - 1, Math.max(0, row))]
    if (!region) return
    select(region.id)
    app.stage.controller.current?.centreOn(bounds(region.geometry))
  }

  function remove(region: Region): void {
    const next = regions[index + 1] ?? regions[index - 1]
    app.stage.store.setState({ selectedId: next?.id ?? null })
    app.review.apply(image.id, { kind: 'remove-region', id: region.id })
    list.current?.focus()
  }

  return (
    <PanelSection title="Regions" aside={regions.length > 0 ? regions.length : undefined}>
      {regions.length === 0 ? (
        <div className={styles['empty']} data-testid="region-list">
          <p>None yet. Mark what matters on the image:</p>
          <div className={styles['offers']} role="group" aria-label="Mark a region">
            {offered.map(({ id, icon }) => (
              <ActionButton key={id} id={id} className={styles['offer'] ?? ''}>
                <Icon name={icon} />
              </ActionButton>
            ))}
          </div>
        </div>
      ) : (
        <ul
          ref={list}
          className={styles['list']}
          role="listbox"
          aria-label="Regions"
          data-testid="region-list"
          tabIndex={0}
          aria-activedescendant={selected ? `region-${selected.id}` : undefined}
          onKeyDown={(event) => {
            if (event.altKey || event.ctrlKey || event.metaKey) return
            const steps: Readonly<Record<string, number>> = {
              ArrowDown: index + 1,
              ArrowUp: index < 0 ? 0 : index - 1,
              Home: 0,
              End: regions.length - 1,
            }
            const row = steps[event.key]
            if (row !== undefined) choose(row)
            else if (selected && (event.key === 'Enter' || event.key === 'F2')) {
              document.getElementById(labelFieldId)?.focus()
            } else if (selected && (event.key === 'Delete' || event.key === 'Backspace')) {
              remove(selected)
            } else return
            event.preventDefault()
          }}
        >
          {regions.map((region, place) => {
            const evidence = explanation ? evidenceOf(explanation, region.geometry, image) : null
            const darkChip = region.colour === '#1b1f23'
            return (
              <li
                key={region.id}
                id={`region-${region.id}`}
                role="option"
                aria-selected={region.id === selectedId}
                className={styles['region']}
                title={region.note === '' ? undefined : region.note}
                onClick={() => {
                  select(region.id)
                }}
                onDoubleClick={() => {
                  choose(place)
                }}
              >
                <span
                  className={`${styles['chip'] ?? ''} ${darkChip ? styles['dark'] : ''}`}
                  style={{ backgroundColor: region.colour }}
                >
                  {place + 1}
                </span>
                <span
                  className={`${styles['label'] ?? ''} ${region.label === '' ? styles['unnamed'] : ''}`}
                >
                  {regionName(region)}
                </span>
                <span className={styles['share']} title="Share of the image’s area">
                  {evidence && region.geometry.kind !== 'point'
                    ? formatShare(evidence.areaShare)
                    : ''}
                </span>
                <span className={styles['holds']}>
                  {explanation && evidence
                    ? isOutside(explanation, region.geometry)
                      ? 'outside the explained tile'
                      : evidenceText(evidence)
                    : 'evidence not known yet'}
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {selected ? (
        <RegionFields
          key={selected.id}
          imageId={image.id}
          region={selected}
          onRemove={() => {
            remove(selected)
          }}
        />
      ) : null}
    </PanelSection>
  )
}
