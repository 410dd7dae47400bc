/** The sub-command that the memory benchmark's child processes run. */
export const memoryProbe = 'bench-memory-probe'
