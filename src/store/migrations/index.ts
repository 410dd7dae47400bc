import { initial } from './0001Initial'
import type { Migration } from './migration'

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [initial]
