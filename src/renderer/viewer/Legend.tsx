import { formatRelevance, formatShare } from '../../shared/format/numbers'
import { Gradient } from './chips/Gradient'
import type { LegendProps } from './types'

/** What the colours mean, in numbers and in words. */
export function Legend(props: LegendProps) {
  const {
    colourMap,
    range,
    threshold,
    sign,
    className,
    againstName,
    allZero = false,
    marks = [],
  } = props
  const end = formatRelevance(range, { digits: 2, signed: true })
  return (
    <div className="viewer-chip viewer-legend" role="group" aria-label="Legend of the heatmap">
      <Gradient colourMap={colourMap} threshold={threshold} sign={sign} />
      <div className="viewer-legend-row viewer-legend-numbers">
        <span>{formatRelevance(-range, { digits: 2 })}</span>
        <span>0</span>
        <span>{end}</span>
      </div>
      {againstName ? (
        <div className="viewer-legend-row viewer-legend-contrast">
          <strong title={againstName}>{againstName}</strong>
          <span>← for →</span>
          <strong title={className}>{className}</strong>
        </div>
      ) : (
        <div className="viewer-legend-row">
          <span>against</span>
          <strong title={className}>{className}</strong>
          <span>for</span>
        </div>
      )}
      {marks.map((mark) => (
        <div key={mark} className="viewer-legend-mark">
          <b aria-hidden="true">!</b> {mark}
        </div>
      ))}
      <div className="viewer-legend-note">
        {allZero ? 'All relevance is 0' : normalisationText(props)}
        {threshold > 0 && !allZero && ` · hidden below ${formatShare(threshold)} of it`}
      </div>
    </div>
  )
}

/** How the ends of the legend were found, and what it costs. */
export function normalisationText({
  normalisation,
  clipped,
}: Pick<LegendProps, 'normalisation' | 'clipped'>): string {
  if (normalisation === 'max') return 'Ends: largest relevance, nothing clipped'
  return clipped > 0
    ? `Ends: 99.5th percentile, ${formatShare(clipped)} clipped`
    : 'Ends: 99.5th percentile, nothing clipped'
}
