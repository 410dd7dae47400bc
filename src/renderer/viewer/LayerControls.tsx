import { useEffect, useId, useRef, useState } from 'react'
import type { HeatmapSign } from '../../shared/colour/heatmap'
import { colourMapById } from '../../shared/colour/maps'
import { formatShare } from '../../shared/format/numbers'
import { ColourOptions } from './chips/ColourOptions'
import { Gradient } from './chips/Gradient'
import type { LayerControlsProps } from './types'
import './chips/layerControls.css'

declare module 'react' {
  interface CSSProperties {
    /** How much of a slider's track is filled; a custom property of viewer.css. */
    '--filled'?: string
  }
}

const signs: readonly { readonly value: HeatmapSign; readonly text: string }[] = [
  { value: 'both', text: 'for + against' },
  { value: 'positive', text: 'for only' },
  { value: 'negative', text: 'against only' },
]

/** How the heatmap is shown. Nothing here recomputes relevance. */
export function LayerControls({ value, enabled, onChange }: LayerControlsProps) {
  return (
    <div className="viewer-chip viewer-layers" role="group" aria-label="Heatmap layer">
      <button
        type="button"
        className="viewer-toggle"
        aria-pressed={value.visible}
        aria-keyshortcuts="Shift+H"
        disabled={!enabled}
        title="Show or hide the heatmap — Shift+H. Hold H to hide it for a moment."
        onClick={() => onChange({ visible: !value.visible })}
      >
        <span className="viewer-toggle-light" aria-hidden="true" />
        Heatmap <kbd>H</kbd>
      </button>
      <Slider
        label="Opacity"
        title="How much the heatmap covers the image"
        value={value.opacity}
        enabled={enabled && value.visible}
        onChange={(opacity) => onChange({ opacity })}
      />
      <Slider
        label="Hide below"
        title="Hides relevance weaker than this share of the legend’s range"
        value={value.threshold}
        enabled={enabled && value.visible}
        onChange={(threshold) => onChange({ threshold })}
      />
      <span className="viewer-picker">
        <select
          className="viewer-select"
          aria-label="Which evidence to show"
          title="Evidence for the class, against it, or both"
          value={value.sign}
          disabled={!enabled}
          onChange={(event) => {
            const chosen = signs.find((sign) => sign.value === event.target.value)
            if (chosen) onChange({ sign: chosen.value })
          }}
        >
          {signs.map((sign) => (
            <option key={sign.value} value={sign.value}>
              {sign.text}
            </option>
          ))}
        </select>
      </span>
      <ColourDisclosure value={value} enabled={enabled} onChange={onChange} />
    </div>
  )
}

interface SliderProps {
  readonly label: string
  readonly title: string
  /** 0…1 */
  readonly value: number
  readonly enabled: boolean
  readonly onChange: (value: number) => void
}

function Slider({ label, title, value, enabled, onChange }: SliderProps) {
  const id = useId()
  const percent = Math.round(value * 100)
  return (
    <span className="viewer-slider" title={title}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={1}
        value={percent}
        disabled={!enabled}
        aria-valuetext={formatShare(value)}
        style={{ '--filled': `${percent}%` }}
        onChange={(event) => onChange(event.target.valueAsNumber / 100)}
      />
      <output htmlFor={id}>{percent} %</output>
    </span>
  )
}

function ColourDisclosure({ value, enabled, onChange }: LayerControlsProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panelId = useId()

  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    window.addEventListener('pointerdown', outside)
    return () => window.removeEventListener('pointerdown', outside)
  }, [open])

  return (
    <div
      ref={box}
      className="viewer-disclosure"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        setOpen(false)
        button.current?.focus()
      }}
    >
      <button
        ref={button}
        type="button"
        className="viewer-select viewer-colour-button"
        aria-expanded={open}
        aria-controls={panelId}
        disabled={!enabled}
        aria-label={`Colours: ${colourMapById(value.colourMap).name}`}
        title="Colour map, ends of the legend, sampling"
        onClick={() => setOpen(!open)}
      >
        <Gradient colourMap={value.colourMap} threshold={0} sign="both" />
      </button>
      <div id={panelId} className="viewer-popover" hidden={!open}>
        {open && <ColourOptions value={value} onChange={onChange} />}
      </div>
    </div>
  )
}
