import { useId } from 'react'
import { colourMaps } from '../../../shared/colour/maps'
import type { LayerControlsProps } from '../types'
import { Gradient } from './Gradient'

const normalisations = [
  { value: 'percentile', text: '99.5th percentile', note: 'A few extremes do not decide' },
  { value: 'max', text: 'Largest relevance', note: 'Nothing is clipped' },
] as const

const samplings = [
  { value: 'smooth', text: 'Smooth', note: 'Interpolated between pixels' },
  { value: 'pixelated', text: 'Pixelated', note: 'Each pixel as it is' },
] as const

/** Colour map, what the legend’s ends are, and how pixels are enlarged. */
export function ColourOptions({ value, onChange }: Omit<LayerControlsProps, 'enabled'>) {
  const group = useId()
  return (
    <>
      <fieldset>
        <legend>Colour map</legend>
        {colourMaps.map((map) => (
          <label key={map.id} className="viewer-option">
            <input
              type="radio"
              name={`${group}-map`}
              checked={map.id === value.colourMap}
              onChange={() => onChange({ colourMap: map.id })}
            />
            <Gradient colourMap={map.id} threshold={0} sign="both" />
            <span>
              {map.name}
              <small className={map.perceptual ? undefined : 'viewer-warning'}>
                {map.perceptual ? map.note : `⚠ ${map.note}`}
              </small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Ends of the legend</legend>
        {normalisations.map((option) => (
          <label key={option.value} className="viewer-option">
            <input
              type="radio"
              name={`${group}-normalisation`}
              checked={option.value === value.normalisation}
              onChange={() => onChange({ normalisation: option.value })}
            />
            <span>
              {option.text}
              <small>{option.note}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Sampling</legend>
        {samplings.map((option) => (
          <label key={option.value} className="viewer-option">
            <input
              type="radio"
              name={`${group}-sampling`}
              checked={option.value === value.sampling}
              onChange={() => onChange({ sampling: option.value })}
            />
            <span>
              {option.text}
              <small>{option.note}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  )
}
