import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', ...extra },
})

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('integration', { testTimeout: 20_000 }),
      project('package', { testTimeout: 60_000 }),
      project('types', {
        typecheck: {
          enabled: true,
          only: true,
          checker: './node_modules/typescript/bin/tsc',
          include: ['test/types/**/*.test-d.ts'],
          tsconfig: './tsconfig.json',
        },
      }),
      // They start processes, measure the machine and move its clocks: one file after another.
      project('faults', {
        testTimeout: 120_000,
        hookTimeout: 60_000,
        maxWorkers: 1,
        pool: 'forks',
        sequence: { groupOrder: 1 },
      }),
      project('e2e', { testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 1 }),
    ],
  },
})
