import styles from './ReportPages.module.css'

/** Names and values; what has no value is left out. */
export function Rows({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles['facts']}>
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <Row key={name} name={name} value={value} />
        ))}
    </dl>
  )
}

function Row({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={name.includes('sha256') ? styles['hash'] : undefined}>{value}</dd>
    </>
  )
}
