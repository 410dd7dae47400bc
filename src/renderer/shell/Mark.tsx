import styles from './Mark.module.css'

export function Mark() {
  return (
    <span className={styles['mark']} role="img" aria-label="Pixelwise">
      P<b>i</b>xel<i>w</i>ise
    </span>
  )
}
