import {
  useId,
  useRef,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
} from 'react'
import styles from './Field.module.css'

export const inputClass = styles['input'] ?? ''

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> {
  readonly onValue: (value: string) => void
}

/** Chosen with the mouse it gives the keyboard back, so that letters are shortcuts again. */
export function Select({ onValue, className = '', ...rest }: SelectProps) {
  const byPointer = useRef(false)
  return (
    <span className={`${styles['picker'] ?? ''} ${className}`}>
      <select
        className={styles['select']}
        onPointerDown={() => {
          byPointer.current = true
        }}
        onKeyDown={() => {
          byPointer.current = false
        }}
        onChange={(event) => {
          onValue(event.target.value)
          if (byPointer.current) event.target.blur()
        }}
        {...rest}
      />
    </span>
  )
}

export interface FieldProps {
  readonly name: string
  readonly problem?: string | null
  readonly children: (attributes: {
    readonly id: string
    readonly 'aria-describedby': string | undefined
    readonly 'aria-invalid': boolean
  }) => ReactNode
}

/** A label above a control, and below it what is wrong with its value. */
export function Field({ name, problem = null, children }: FieldProps) {
  const id = useId()
  const wrong = problem !== null
  return (
    <div className={styles['field']}>
      <label className={styles['name']} htmlFor={id}>
        {name}
      </label>
      {children({
        id,
        'aria-describedby': wrong ? `${id}-problem` : undefined,
        'aria-invalid': wrong,
      })}
      {wrong ? (
        <span id={`${id}-problem`} className={styles['problem']}>
          {problem}
        </span>
      ) : null}
    </div>
  )
}

export interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly onValue: (value: string) => void
}

export function TextInput({ onValue, className = '', ...rest }: TextInputProps) {
  return (
    <input
      type="text"
      className={`${inputClass} ${rest['aria-invalid'] === true ? styles['invalid'] : ''} ${className}`}
      onChange={(event) => {
        onValue(event.target.value)
      }}
      {...rest}
    />
  )
}
