import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** The content of a system file; null where there is none. */
type ReadText = (path: string) => string | null

const cpus = '/sys/devices/system/cpu'

/**
 * Threads for one operator: a physical core each. More would only wait for one another (a third thread on
 * two cores doubles the time), so siblings of one core, cores that this process may not use and a
 * container's share of time do not count. Elsewhere than on Linux the system does not tell which cores
 * are siblings, and every core it offers gets a thread.
 */
export function coresToUse(available = availableParallelism(), read: ReadText = readText): number {
  const limits = [available, physicalCores(read), timeShare(read)]
  return Math.max(1, Math.min(...limits.filter((limit) => limit !== null)))
}

/**
 * How long a thread turns in a circle before it sleeps when there is nothing to do, as entries of a session's
 * configuration. Idle threads would spin on and take the cores from the next session, and from the window.
 * More threads than cores, as another machine's report may ask for, only take them from one another: 256 on
 * two cores need 19 s for what takes 0.6 s asleep. What is computed is the same.
 */
export function spinning(threads: number, available = availableParallelism()) {
  return {
    force_spinning_stop: '1',
    ...(threads > available ? { intra_op: { allow_spinning: '0' } } : {}),
  }
}

/** Cores that are not another one's sibling; null where that is not known. */
function physicalCores(read: ReadText): number | null {
  const siblings = new Set<string>()
  for (const cpu of numbersIn(read(`${cpus}/online`) ?? '')) {
    const list = read(`${cpus}/cpu${cpu}/topology/thread_siblings_list`)
    if (list !== null) siblings.add(list.trim())
  }
  return siblings.size > 0 ? siblings.size : null
}

/** `0-2,5` → 0, 1, 2, 5. */
function numbersIn(ranges: string): number[] {
  return ranges.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number.parseFloat)
    return Number.isFinite(last - first)
      ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
      : []
  })
}

/** Whole cores' worth of time that a container may use (cgroup v2: quota and period in microseconds). */
function timeShare(read: ReadText): number | null {
  const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').trim().split(' ').map(Number)
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null
  return Math.max(1, Math.floor(quota / period))
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
