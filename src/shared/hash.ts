import { z } from 'zod'

/** Lower-case hexadecimal sha256 of a file's bytes. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a sha256 has 64 digits, 0–9 and a–f')
  .brand<'Sha256'>()
export type Sha256 = z.infer<typeof sha256Schema>

/** The first eight digits: enough to tell two files apart on a screen. */
export function shortHash(hash: Sha256): string {
  return hash.slice(0, 8)
}
