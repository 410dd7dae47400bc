import styles from './Progress.module.css'

export interface ProgressProps {
  readonly label: string
  readonly done: number
  /** 0 when the amount is not known. */
  readonly total: number
}

export function Progress({ label, done, total }: ProgressProps) {
  const known = total > 0
  const share = known ? Math.min(1, Math.max(0, done / total)) : 0
  return (
    <div
      className={styles['track']}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known ? { 'aria-valuenow': Math.round(share * 100) } : {})}
    >
      <div
        className={`${styles['bar'] ?? ''} ${known ? '' : styles['unknown']}`}
        style={known ? { width: `${share * 100}%` } : {}}
      />
    </div>
  )
}
