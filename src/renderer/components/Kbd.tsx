import { showKeys } from '../actions/keys'
import styles from './Kbd.module.css'

const mac = (): boolean => navigator.platform.startsWith('Mac')

/** A key as it is printed on a button. The button's own description tells it to screen readers. */
export function Kbd({ keys, plain = false }: { readonly keys: string; readonly plain?: boolean }) {
  return (
    <kbd className={`${styles['kbd'] ?? ''} ${plain ? styles['plain'] : ''}`} aria-hidden="true">
      {showKeys(keys, mac())}
    </kbd>
  )
}

export function keyHint(keys: string | undefined): string {
  return keys === undefined ? '' : ` (${showKeys(keys, mac())})`
}
