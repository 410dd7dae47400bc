import type { ReactNode } from 'react'
import { ariaKeys } from '../actions/keys'
import { perform } from '../actions/keyboard'
import { useAction, useApp } from './AppContext'
import { Button, keepFocus, type ButtonKind } from './Button'
import { Kbd, keyHint } from './Kbd'

export interface ActionButtonProps {
  readonly id: string
  readonly kind?: ButtonKind
  readonly className?: string
  /** Print the key on the button. */
  readonly showKey?: boolean
  /** What stands on the button; the action's label where absent. */
  readonly children?: ReactNode
  readonly onAccent?: boolean
}

/** A button that performs an action of the registry, with its key in the tooltip. */
export function ActionButton({
  id,
  kind = 'plain',
  className,
  showKey = true,
  children,
  onAccent = false,
}: ActionButtonProps) {
  const app = useApp()
  const { action, enabled, active, label } = useAction(id)
  const keys = action.keys[0]
  return (
    <Button
      kind={kind}
      className={className ?? ''}
      disabled={!enabled}
      title={`${label}${keyHint(keys)}`}
      {...(keys === undefined ? {} : { 'aria-keyshortcuts': ariaKeys(keys) })}
      {...(action.active ? { 'aria-pressed': active } : {})}
      {...(children === undefined ? {} : { 'aria-label': label })}
      data-active={active || undefined}
      onMouseDown={keepFocus}
      onClick={() => {
        perform(app, action)
      }}
    >
      {children ?? <span>{action.label}</span>}
      {showKey && keys !== undefined ? <Kbd keys={keys} plain={onAccent} /> : null}
    </Button>
  )
}
