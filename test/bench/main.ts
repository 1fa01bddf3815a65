import { measureColdStorm } from './cold-storm.ts'
import { measureThroughput } from './throughput.ts'

console.log(`Node ${process.version}; ratios travel, absolute figures do not`)
await measureThroughput()
await measureColdStorm()
process.exit(0)
