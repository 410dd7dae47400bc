import type { ButtonHTMLAttributes, MouseEvent } from 'react'
import styles from './Button.module.css'

export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'danger' | 'icon' | 'link'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind
}

const classes: Record<ButtonKind, string | undefined> = {
  plain: '',
  primary: styles['primary'],
  quiet: styles['quiet'],
  danger: styles['danger'],
  icon: `${styles['quiet'] ?? ''} ${styles['icon'] ?? ''}`,
  link: styles['link'],
}

export function Button({ kind = 'plain', className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`${styles['button'] ?? ''} ${classes[kind] ?? ''} ${className}`}
      {...rest}
    />
  )
}

/**
 * For buttons beside the stage: a click with the mouse leaves the keyboard where it was,
 * so that Enter goes on to mean "Confirm and next". Tab and Enter reach the button as ever.
 */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault()
  const { activeElement } = document
  if (activeElement instanceof HTMLTextAreaElement || activeElement instanceof HTMLInputElement) {
    activeElement.blur()
  }
}
