import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', ...extra },
})

const manyProcesses = { pool: 'forks', maxWorkers: 2, sequence: { groupOrder: 1 } }

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
      // Both start many processes: after everything else, and two files at a time however many cores there are.
      project('faults', { testTimeout: 120_000, hookTimeout: 60_000, ...manyProcesses }),
      project('e2e', { testTimeout: 60_000, hookTimeout: 60_000, ...manyProcesses }),
    ],
  },
})
