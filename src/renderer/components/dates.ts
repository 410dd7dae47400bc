/** `14 Jul`, with the year where it is not this one, in the reviewer's own time zone. */
export function shortDate(iso: string, today = new Date()): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return '–'
  const thisYear = date.getFullYear() === today.getFullYear()
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(thisYear ? {} : { year: 'numeric' }),
  })
}

/** `10:42:07`, in the reviewer's own time zone. */
export function clockTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return '–'
  return date.toLocaleTimeString('en-GB')
}
