import { useEffect, useState } from 'react'
import { Button } from './Button'
import { useApp } from './AppContext'

const saidForMs = 1500

export interface CopyButtonProps {
  readonly text: () => string
  readonly label: string
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const app = useApp()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => {
      setCopied(false)
    }, saidForMs)
    return () => {
      clearTimeout(timer)
    }
  }, [copied])
  return (
    <Button
      onClick={() => {
        navigator.clipboard.writeText(text()).then(() => {
          setCopied(true)
        }, app.notices.fail)
      }}
    >
      <span aria-live="polite">{copied ? '✓ Copied' : label}</span>
    </Button>
  )
}
