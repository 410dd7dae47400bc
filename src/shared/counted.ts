const plurals = { class: 'classes', label: 'labels' } as const

/** `1 class`, `2 classes`. */
export function counted(count: number, noun: keyof typeof plurals): string {
  return `${count} ${count === 1 ? noun : plurals[noun]}`
}
